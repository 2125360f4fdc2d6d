"""The Python that holds a value to its limit, whatever it is, and needs no name to do so."""

import ast

from grader.intake.budget.model import Scalar

_CLASSES = "{c.__name__ for c in v.__class__.__mro__}"
_NUMBERS = "{'int', 'float', 'integer', 'floating'}"
_ARRAYS = "{'ndarray', 'Tensor', 'ArrayImpl', 'csr_matrix', 'csr_array'}"
_ROUNDS = "__import__('itertools').islice("
_THROUGH = frozenset({"enumerate", "tqdm", "tqdm_notebook", "track", "progress_bar"})
_NO_NUMBERS = (ast.Lambda, ast.JoinedStr, ast.Dict, ast.Set, ast.List, ast.Tuple)
_NO_ARRAYS = (ast.Constant, ast.Lambda, ast.JoinedStr, ast.Dict, ast.Set)
_COMPREHENSIONS = (ast.DictComp, ast.ListComp, ast.SetComp, ast.GeneratorExp)

Bound = tuple[str, str]  # what stands before the value, and after it


def number_bound(limit: Scalar) -> Bound:
    """Hold a number to a limit: smaller ones stay, as do values that are no numbers.

    A truth value becomes the one that is wanted.
    """
    if isinstance(limit, bool):
        return f"(lambda v: {limit} if v.__class__ is True.__class__ else v)((", "))"
    is_more = f"{_NUMBERS} & {_CLASSES} and v > {limit!r}"
    return f"(lambda v: {limit!r} if {is_more} else v)((", "))"


def entries_bound(count: int, *, with_torch: bool) -> Bound:
    """Hold what can be sliced to its first entries; with torch its sets of data as well."""
    listed = f"v.__class__.__name__ in {{'list', 'tuple', 'range'}} and v.__len__() > {count}"
    arrays = f"{_ARRAYS} & k and v.shape[:1] > ({count},)"
    frames = f"{{'DataFrame', 'Series'}} & k and v.shape[0] > {count}"
    cases = f"v[:{count}] if ({arrays}) or ({listed}) else v.iloc[:{count}] if {frames} else "
    if with_torch:
        is_set = "{1 for c in v.__class__.__mro__ if c.__name__ == 'Dataset'"
        is_set += " and c.__module__[:6] == 'torch.'}"
        sized = "{1 for c in v.__class__.__mro__ if '__len__' in c.__dict__}"
        subset = f"__import__('torch').utils.data.Subset(v, range({count}))"
        cases += f"{subset} if {is_set} and {sized} and v.__len__() > {count} else "
    return f"(lambda v: (lambda k: {cases}v)({_CLASSES}))((", "))"


def literal_number(node: ast.expr) -> Scalar | None:
    """Read a number or truth value that is typed in; None where it is none."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = literal_number(node.operand)
        return None if inner is None else -inner
    known = isinstance(node, ast.Constant) and isinstance(node.value, bool | int | float)
    return node.value if known else None  # type: ignore[attr-defined]


def is_no_number(node: ast.expr) -> bool:
    """Say whether an expression cannot be a number."""
    text = isinstance(node, ast.Constant) and literal_number(node) is None
    return text or isinstance(node, (*_NO_NUMBERS, *_COMPREHENSIONS))


def is_no_array(node: ast.expr) -> bool:
    """Say whether an expression cannot be sliced."""
    return isinstance(node, _NO_ARRAYS)


def counted(node: ast.expr) -> ast.expr:
    """Look for what a loop goes through behind what shows its progress or counts its rounds."""
    if isinstance(node, ast.NamedExpr):
        return counted(node.value)
    if isinstance(node, ast.Call) and called(node) in _THROUGH and node.args:
        return node.args[0] if isinstance(node.args[0], ast.Starred) else counted(node.args[0])
    return node


def called(node: ast.expr) -> str:
    """Name what is called, without where it comes from."""
    function = node.func if isinstance(node, ast.Call) else node
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def is_range(node: ast.expr) -> bool:
    """Say whether a call gives a range."""
    return isinstance(node, ast.Call) and called(node.func) == "range"


def known_rounds(node: ast.expr) -> int | None:
    """Count the rounds of a range of typed numbers; None where they are not known."""
    if not (isinstance(node, ast.Call) and called(node) in ("range", "trange")):
        return None
    numbers = [literal_number(one) for one in node.args]
    whole = [number for number in numbers if isinstance(number, int)]
    if len(whole) < len(node.args) or not 1 <= len(whole) <= 3 or whole[2:] == [0]:
        return None
    return len(range(*whole))


def rounds_bound(node: ast.expr, count: int, *, plain_range: bool) -> Bound:
    """Hold a loop to its first rounds; a range stays one."""
    if plain_range and is_range(node):
        return "", f"[:{count}]"
    return f"{_ROUNDS}(", f"), {count})"
