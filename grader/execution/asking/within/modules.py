"""A module of torch's, followed as it answers: its affine maps and what happens in between.

Runs within the notebook: of the grader's, only what travels along is there.
"""

import contextlib
import inspect
import io
import itertools
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from grader.execution.asking.within.answers import FORMS, held_by, told
from grader.execution.asking.within.learning import idle, output_of

AFFINE = ("linear", "matmul", "__matmul__", "__rmatmul__", "mm", "addmm")
ADDED = ("add", "__add__", "__radd__", "add_", "__iadd__")
READ = "__get__"  # of an attribute
MOST_CALLS = 200
MOST_AFFINE = 20
LONGEST = 200  # characters of an error


def made(names: dict[str, Any], wanted: str, sizes: list[int]) -> tuple[Any, str]:
    """Make the module of a name, or take the one there is; and say what was found.

    Raises:
        LookupError: there is nothing of that kind.
    """
    torch = sys.modules.get("torch")
    if torch is None:
        raise LookupError("torch was never imported")
    value, module = names.get(wanted), torch.nn.Module
    if isinstance(value, module):
        return value, "object"
    there = [one for one in held_by(names) if isinstance(one, module) and has_parameters(one)]
    others = {id(one): one for one in there if type(one) is not value}
    if isinstance(value, type) and issubclass(value, module):
        one = made_of(value, [one for one in there if type(one) is value], sizes)
        # What was handed out may have been left empty, and another class written.
        fitting = [] if has_parameters(one) else [o for o in others.values() if fits(o, sizes)]
        return (fitting[0], "other") if len(fitting) == 1 else (one, "class")
    if callable(value) and not isinstance(value, type):
        built = value()
        if isinstance(built, module):
            return built, "function"
    if value is None and len(others) == 1:
        return next(iter(others.values())), "other"
    if isinstance(value, type):
        raise LookupError(f"{wanted} is no nn.Module")
    raise LookupError(f"there is no {wanted}")


def made_of(kind: Any, there: list[Any], sizes: list[int]) -> Any:
    """Make one of a class; where it takes arguments, the one there is, or one of these sizes."""
    try:
        plain = kind()
    except Exception:
        plain = None
    if plain is not None and has_parameters(plain):
        return plain
    ways: list[Callable[[], Any]] = [
        lambda: there[-1],
        lambda: kind(*sizes),
        lambda: kind(sizes),
    ]
    for way in ways:
        with contextlib.suppress(Exception):
            if has_parameters(one := way()):
                return one
    return kind() if plain is None else plain


def fits(module: Any, sizes: list[int]) -> bool:
    """Say whether a module holds layers of these sizes."""
    pairs = [list(pair) for pair in itertools.pairwise(sizes)]
    return walked(sys.modules["torch"], module) == pairs


def has_parameters(module: Any) -> bool:
    """Say whether a module learns anything."""
    return any(True for _ in module.parameters())


def trace(module: Any, x: Any) -> Any:
    """Tell how a module answers for x (N, 1, D); for one example where it takes no more at once.

    Raises:
        ValueError: it takes the examples in no form.
    """
    module.eval()
    said: list[str] = []
    many = followed(module, x, said)
    one = None if many is not None and is_by_rows(*many) else followed(module, x[:1], [])
    if one is not None and is_by_rows(*one):
        facts, arrays = one
        return {"told": told(facts | {"alone": many is None}), **arrays}
    if many is None:
        raise ValueError(said[0])
    return {"told": told(many[0]), **many[1]}


def followed(module: Any, x: Any, said: list[str]) -> Any:
    """Follow a module in the first form of examples it takes; None where it takes none."""
    for form in FORMS:
        try:
            return follow(module, x, form)
        except Exception as error:
            said.append(f"{type(error).__name__}: {error}"[:LONGEST])
    return None


def is_by_rows(facts: dict[str, Any], arrays: dict[str, Any]) -> bool:
    """Say whether each affine map was given one row for each example, and all at once."""
    count = len(arrays["entered"])
    return all(
        arrays[f"before{n}"].shape == (count, arrays[f"weight{n}"].shape[1])
        for n in range(facts["affine"])
    )


def follow(module: Any, x: Any, form: tuple[int, ...]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Tell how a module answers for examples in one form: facts and arrays."""
    torch = sys.modules["torch"]
    kinds = [one.dtype for one in module.parameters()] or [torch.float32]
    entered = torch.tensor(np.asarray(x), dtype=kinds[0]).reshape(len(x), *form)
    calls: list[tuple[str, Any, Any]] = []
    with torch.no_grad(), contextlib.redirect_stdout(io.StringIO()), watch(torch, calls):
        output = output_of(module(entered), len(x))
    arrays = {"entered": rows(entered, len(x))}
    if isinstance(output, torch.Tensor):
        arrays["outputs"] = rows(output, len(x))
    affine, between = read_calls(torch, calls)
    for number, (weight, bias, before, after) in enumerate(affine[:MOST_AFFINE]):
        arrays[f"before{number}"], arrays[f"after{number}"] = (
            rows(before, len(x)),
            rows(after, len(x)),
        )
        arrays[f"weight{number}"] = weight.detach().numpy()
        if bias is not None:
            arrays[f"bias{number}"] = bias.detach().numpy()
    facts = {
        "affine": len(affine[:MOST_AFFINE]),
        "form": list(entered.shape[1:]),
        "returned": type(output).__name__,
        "between": between,
        "parameters": sum(one.numel() for one in module.parameters()),
        "idle": idle(module, entered, [weight for weight, *_ in affine[:MOST_AFFINE]]),
        "walked": walked(torch, module),
    }
    return facts, arrays


def watch(torch: Any, calls: list[tuple[str, Any, Any]]) -> Any:
    """Note every call of torch's functions while this is entered, by whatever way it is made."""

    class Watch(torch.overrides.TorchFunctionMode):  # type: ignore[misc]
        def __torch_function__(
            self, func: Any, types: Any, args: Any = (), kwargs: Any = None
        ) -> Any:
            result = func(*args, **(kwargs or {}))
            if isinstance(result, torch.Tensor) and len(calls) < MOST_CALLS:
                given = (*args, *(kwargs or {}).values())
                # An in-place call would change what was noted before it.
                calls.append((func.__name__, [kept(torch, one) for one in given], result.clone()))
            return result

    return Watch()


def kept(torch: Any, value: Any) -> Any:
    """Keep an argument as it is now; parameters stay themselves."""
    if isinstance(value, torch.Tensor) and not isinstance(value, torch.nn.Parameter):
        return value.clone()
    return value


def read_calls(torch: Any, calls: list[tuple[str, Any, Any]]) -> tuple[list[Any], list[list[str]]]:
    """Split calls into affine maps, and the names of what comes before, between and after them."""
    affine: list[Any] = []
    between: list[list[str]] = [[]]
    fresh = False
    for name, arguments, result in calls:
        tensors = [one for one in arguments if isinstance(one, torch.Tensor)]
        learnt = [one for one in tensors if one.requires_grad]
        if name in AFFINE and any(one.ndim == 2 for one in learnt):
            weight = next(one for one in learnt if one.ndim == 2)
            bias = next((one for one in learnt if one.ndim == 1), None)
            inner = next((one for one in tensors if not one.requires_grad), tensors[0])
            weight = weight if name == "linear" else weight.t()
            affine.append([weight, bias, inner, result])
            between.append([])
            fresh = bias is None
        elif fresh and name in ADDED and learnt:
            affine[-1][1], affine[-1][3] = learnt[0].reshape(-1), result
            fresh = False
        elif tensors and name != READ and not is_reshaping(tensors, result):
            between[-1].append(name.strip("_"))
            fresh = False
    return affine, between


def is_reshaping(tensors: list[Any], result: Any) -> bool:
    """Say whether a call gave back the numbers it got, in whatever shape."""
    if tensors[0].numel() != result.numel():
        return False
    first, last = (one.detach().double().reshape(-1).sort().values for one in (tensors[0], result))
    return bool((first == last).all())


def walked(torch: Any, module: Any) -> list[list[int]]:
    """List the sizes of the affine layers a module holds, in order."""
    linear = [one for one in module.modules() if isinstance(one, torch.nn.Linear)]
    return [[one.in_features, one.out_features] for one in linear]


def rows(value: Any, count: int) -> Any:
    """Give a tensor as an array with a row for each example."""
    array = value.detach().numpy()
    return array.reshape(count, -1) if array.size and array.size % count == 0 else array


def standing(module: Any) -> Any:
    """Tell what a module holds, where following it fails."""
    torch = sys.modules["torch"]
    code = ""
    with contextlib.suppress(Exception):
        code = inspect.getsource(type(module).forward)[:2000]
    parameters = sum(one.numel() for one in module.parameters())
    return {"told": told({"walked": walked(torch, module), "parameters": parameters, "code": code})}


def applied(layers: list[Any], values: list[Any], forward: str) -> Any:
    """Apply the layers without weights of another network, in order, each to its values."""
    found = {}
    plain = [
        one
        for one in layers
        if not any(np.ndim(v) == 2 and min(np.shape(v)) > 1 for v in vars(one).values())
    ]
    for number, (layer, value) in enumerate(zip(plain, values, strict=False)):
        with contextlib.suppress(Exception):
            found[f"own{number}"] = np.asarray(
                getattr(layer, forward)(np.asarray(value, dtype=float))
            )
    return {"told": told({"count": len(plain)}), **found}
