"""The values of calls that make and arrange arrays: those whose meaning is known beforehand."""

import ast
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from grader.intake.perturbation.evaluation import Expressions, Kind, Value, with_numbers

_LONGEST = 10_000  # entries
_LIBRARIES: dict[str, Kind] = {"numpy": "numpy", "torch": "torch"}
_ARRAYS = frozenset({"array", "asarray", "asanyarray", "tensor", "as_tensor", "matrix", "asmatrix"})
_FLOATS = frozenset({"Tensor", "FloatTensor", "DoubleTensor"})
_UNCHANGED = frozenset(
    {"astype", "copy", "clone", "float", "double", "type", "to", "contiguous", "cpu", "detach"}
)
_PASSED_OVER = frozenset({"dtype", "device", "copy"})  # keywords that leave the numbers as they are
Arrange = Callable[[np.ndarray], np.ndarray]


def value_of_call(
    expressions: Expressions, node: ast.Call, names: Mapping[str, float]
) -> Value | None:
    """Return what a call is worth; None where that cannot be known."""
    keywords = {word.arg: word.value for word in node.keywords if word.arg not in _PASSED_OVER}
    called = _function(expressions, node.func)
    if called is None:
        return _method(expressions, node, keywords, names)
    library, name = called
    given = [expressions.value_of(argument, names) for argument in node.args]
    values = [value for value in given if value is not None]
    if not values or len(values) < len(given):
        return None
    if library == "python":
        return None if keywords else _builtin(name, values)
    return _library_call(expressions, _LIBRARIES[library], name, values, keywords, node)


def _function(expressions: Expressions, called: ast.expr) -> tuple[str, str] | None:
    """Return the library and the name of a function that is called; None for a method."""
    match called:
        case ast.Name(id="list" | "tuple" | "range" as name):
            return "python", name
        case ast.Name(id=name):
            library, _, own = expressions.imports.get(name, "").rpartition(".")
            return (library, own) if library in _LIBRARIES else None
        case ast.Attribute(value=ast.Name(id=name), attr=own):
            library = expressions.imports.get(name, "")
            return (library, own) if library in _LIBRARIES else None
    return None


def _builtin(name: str, values: Sequence[Value]) -> Value | None:
    if name == "range":
        return _range("range", values)
    [value] = values
    return Value(value.numbers, "list", value.whole, value.leaves) if value.numbers.ndim else None


def _library_call(
    expressions: Expressions,
    kind: Kind,
    name: str,
    values: Sequence[Value],
    keywords: Mapping[str | None, ast.expr],
    node: ast.Call,
) -> Value | None:
    if name in ("arange", "linspace"):
        return _spaced(expressions, kind, name, values, keywords, node)
    if keywords:
        return None
    first, rest = values[0], values[1:]
    if name in _ARRAYS | _FLOATS and not rest and first.numbers.ndim:
        typed = name in _FLOATS or any(word.arg == "dtype" for word in node.keywords)
        return Value(first.numbers, kind, first.whole and not typed, first.leaves)
    if first.kind != kind and not (kind == "numpy" and first.kind == "list"):
        return None
    return _arranged(Value(first.numbers, kind, first.whole, first.leaves), name, rest)


def _method(
    expressions: Expressions,
    node: ast.Call,
    keywords: Mapping[str | None, ast.expr],
    names: Mapping[str, float],
) -> Value | None:
    if not isinstance(node.func, ast.Attribute):
        return None
    value = expressions.value_of(node.func.value, names)
    if value is None or not value.is_array:
        return None
    if node.func.attr in _UNCHANGED:
        # The type may be any afterwards; what is not known to be whole is not kept whole.
        return Value(value.numbers, value.kind, False, value.leaves)
    given = [expressions.value_of(argument, names) for argument in node.args]
    rest = [argument for argument in given if argument is not None]
    if keywords or len(rest) < len(given):
        return None
    return _arranged(value, node.func.attr, rest)


def _arranged(value: Value, name: str, rest: Sequence[Value]) -> Value | None:
    """Return a value with its entries in another arrangement."""
    arrange = _arrangement(value.kind, name, [part for one in rest for part in _whole_numbers(one)])
    if name in ("round", "around"):
        decimals = int(rest[0].numbers) if rest else 0
        return Value(np.round(value.numbers, decimals), value.kind, value.whole)
    if arrange is None:
        return None
    leaves = None if value.leaves is None else arrange(value.leaves)
    return with_numbers(value, arrange(value.numbers), leaves)


def _arrangement(kind: Kind, name: str, numbers: Sequence[int]) -> Arrange | None:
    if name in ("reshape", "view") and numbers:
        return lambda array: array.reshape(numbers)
    if name in ("transpose", "t", "permute") and sorted(numbers) in ([], [0, 1]):
        # transpose(0, 1) leaves a matrix of NumPy as it is, and turns one of PyTorch.
        turned = list(numbers) != [0, 1] or (name == "transpose" and kind == "torch")
        return (lambda array: array.T) if turned else (lambda array: array)
    if name in ("flatten", "ravel", "squeeze") and not numbers:
        return lambda array: array.squeeze() if name == "squeeze" else array.ravel()
    if name in ("unsqueeze", "expand_dims") and len(numbers) == 1:
        return lambda array: np.expand_dims(array, numbers[0])
    return None


def _spaced(
    expressions: Expressions,
    kind: Kind,
    name: str,
    values: Sequence[Value],
    keywords: Mapping[str | None, ast.expr],
    node: ast.Call,
) -> Value | None:
    named = {word: expressions.value_of(given) for word, given in keywords.items()}
    if any(value is None or value.numbers.ndim for value in named.values()):
        return None
    known = [*values, *(value for value in named.values() if value is not None)]
    if len(known) > 3 or (name == "arange" and not set(named) <= {"step"}):
        return None
    if name == "arange":
        floating = any(word.arg == "dtype" for word in node.keywords)
        return _range(kind, known, floating)
    if len(known) != 3 or not set(named) <= {"num", "steps"}:
        return None
    count = int(known[2].numbers)
    if not 0 < count <= _LONGEST:
        return None
    return Value(np.linspace(float(known[0].numbers), float(known[1].numbers), count), kind, False)


def _range(kind: Kind, values: Sequence[Value], floating: bool = False) -> Value | None:
    if any(value.numbers.ndim for value in values) or not 1 <= len(values) <= 3:
        return None
    numbers = [float(value.numbers) for value in values]
    start, stop, step = [0.0, numbers[0], 1.0] if len(numbers) == 1 else [*numbers, 1.0][:3]
    if not step or not abs((stop - start) / step) <= _LONGEST:
        return None
    whole = all(value.whole for value in values) and not floating
    return Value(np.arange(start, stop, step), kind, whole)


def _whole_numbers(value: Value) -> list[int]:
    if not value.whole:
        raise ValueError("a shape is of whole numbers")
    return [int(number) for number in np.ravel(value.numbers)]
