"""Networks a notebook has made: found, walked through, and asked; runs within the notebook.

Nothing here may import anything of the grader's: its source is all that travels.
"""

import contextlib
import copy
import io
import json
import sys
from typing import Any

import numpy as np

MOST_NETWORKS = 8
MOST_DEPTH = 4
MOST_NUMBERS = 12  # single numbers told of one answer
LONGEST = 200  # characters of an error
FEW = 500  # examples for what is only averaged
GRID = np.linspace(-3.0, 3.0, 60)
FORMS: list[tuple[int, ...]] = [(-1,), (1, -1), (1, 28, 28)]  # of one example, for a module


def find_networks(names: dict[str, Any], wanted: str, forward: str) -> dict[str, Any]:
    """Find the networks a notebook's names stand for; one object is found once.

    The one wanted comes before all others, which come in the order in which they were named.
    """
    found: dict[str, Any] = {}
    for name in sorted(names, key=lambda one: one != wanted):
        value = names[name]
        known = name[:1] == "_" or any(value is one for one in found.values())
        if not known and len(found) < MOST_NETWORKS and is_network(value, forward):
            found[name] = value
    return found


def first(names: dict[str, Any], wanted: str, sizes: list[int], forward: str) -> Any:
    """Find the network of a name; or of a class, and then the one with these sizes if any has.

    Raises:
        LookupError: there is none.
    """
    found = find_networks(names, wanted, forward)
    if wanted in found:
        return found[wanted]
    kind = names.get(wanted)
    there = [one for one in found.values() if type(one) is kind or kind is None]
    x = np.zeros((1, 1, sizes[0])) if sizes else np.zeros((1, 1, 1))
    for one in there:
        with contextlib.suppress(Exception):
            if sizes_of(one, x, forward)[0] == sizes:
                return one
    if not there:
        raise LookupError(f"there is no {wanted}")
    return there[0]


def is_network(value: Any, forward: str) -> bool:
    """Tell an object that predicts and has weights from all else; one without layers is none."""
    if isinstance(value, type):
        return False
    if is_module(value):
        return any(np.ndim(one) == 2 for one in weights_of(value, forward))
    predicts = callable(getattr(type(value), "predict", None))
    return (predicts or bool(layers_of(value, forward))) and bool(weights_of(value, forward))


def vars_of(value: Any) -> dict[str, Any]:
    """Give an object's attributes; none where it has none."""
    return dict(getattr(value, "__dict__", {}))


def is_module(value: Any) -> bool:
    """Say whether something is a module of torch's."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, torch.nn.Module)


def weights_of(network: Any, forward: str) -> list[Any]:
    """List the arrays a network holds: a module's parameters, or all in its own layers."""
    if is_module(network):
        return [one.detach().numpy() for one in network.parameters()]
    return arrays_in(layers_of(network, forward) or network, MOST_DEPTH, set())


def arrays_in(value: Any, depth: int, seen: set[int]) -> list[Any]:
    """List the arrays of real numbers below an object."""
    if id(value) in seen or depth < 0 or isinstance(value, type):
        return []
    seen.add(id(value))
    if isinstance(value, np.ndarray):
        return [value] if value.dtype.kind == "f" and value.size else []
    items = value if isinstance(value, list | tuple) else list(vars_of(value).values())
    items = list(value.values()) if isinstance(value, dict) else items
    return [one for item in items[:100] for one in arrays_in(item, depth - 1, seen)]


def parameters_of(network: Any, x: Any, forward: str) -> list[Any]:
    """List a network's weights: arrays that stay what they are while it answers."""
    if is_module(network):
        return weights_of(network, forward)
    with contextlib.suppress(Exception):
        answer(network, x[:1], forward)
    before = [(one, one.copy()) for one in weights_of(network, forward)]
    with contextlib.suppress(Exception):
        answer(network, np.asarray(x)[:2] * 0.5 + 0.1, forward)
    after = {id(one) for one in weights_of(network, forward)}
    return [one for one, old in before if id(one) in after and np.array_equal(one, old)]


def layers_of(network: Any, forward: str) -> list[Any]:
    """List the layers a network of the student's own keeps: objects that go forward."""
    for value in vars_of(network).values():
        items = list(value.values()) if isinstance(value, dict) else value
        if (
            isinstance(items, list | tuple)
            and items
            and all(hasattr(one, forward) for one in items)
        ):
            return list(items)
    return []


def composed(layers: list[Any], x: Any, forward: str) -> Any:
    """Send examples through layers one by one; shape (N, outputs)."""
    found = []
    for example in x:
        value = example.reshape(1, -1)
        for layer in layers:
            value = getattr(layer, forward)(value)
        found.append(np.asarray(value, dtype=float).reshape(-1))
    return np.array(found)


def mended(layers: list[Any], x: Any, forward: str) -> int:
    """Put others in the place of layers that fail or give no numbers; 0 where none does.

    What `predict` makes of layers is then still seen, whatever is wrong with the student's own.
    """
    with contextlib.suppress(Exception):
        if layers and np.isfinite(composed(layers, x, forward)).all():
            return 0
    rng, width = np.random.default_rng(0), int(np.size(x[0]))
    for layer in layers:
        shapes = [np.shape(one) for one in vars_of(layer).values() if np.ndim(one) == 2]
        shape = next((one for one in shapes if width in one and min(one) > 1), None)
        if shape is not None:
            left = shape[1] if shape[0] == width else shape[0]
            weights, width = rng.normal(size=(width, left)), left
            setattr(layer, forward, lambda value, weights=weights: np.asarray(value) @ weights)
        else:
            setattr(layer, forward, np.tanh)
    return 1


def answer(network: Any, x: Any, forward: str) -> Any:
    """Ask a network for its outputs for x (N, 1, D); shape (N, outputs).

    Raises:
        ValueError: it gives none in any way it can be asked.
    """
    if is_module(network):
        return module_answer(network, x)[0]
    said = ""
    count = len(x)
    for way in own_ways(network, x, forward):
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                found = outputs_in(way(), count)
        except Exception as error:
            said = said or f"{type(error).__name__}: {error}"[:LONGEST]
            continue
        if found is not None and found.shape[1] > 1:
            return found
    raise ValueError(said or "it returns no outputs")


def own_ways(network: Any, x: Any, forward: str) -> Any:
    """Give the ways of asking a network of the student's own."""
    flat = x.reshape(len(x), -1)
    for name in ("predict", "forward", forward):
        method = getattr(network, name, None)
        if callable(method):
            yield lambda method=method: method(x)
            yield lambda method=method: method(flat)
    if callable(network):
        yield lambda: network(flat)


def outputs_in(value: Any, count: int) -> Any:
    """Find outputs of `count` examples in what came back; None where there are none."""
    choices = [value, *value.values()] if isinstance(value, dict) else [value]
    if isinstance(value, tuple):
        choices = [*value, value]
    for one in choices:
        with contextlib.suppress(Exception):
            array = plain(one)
            if array.dtype.kind in "iuf" and array.ndim > 1 and len(array) == count:
                return array.reshape(count, -1).astype(float)
    return None


def plain(value: Any) -> Any:
    """Give an array of what may be a tensor, or a list of either."""
    if hasattr(value, "detach"):
        return value.detach().cpu().numpy()
    if isinstance(value, list) and value and hasattr(value[0], "detach"):
        return np.array([one.detach().cpu().numpy() for one in value])
    return np.asarray(value)


def module_answer(network: Any, x: Any) -> tuple[Any, tuple[int, ...]]:
    """Ask a module of torch's for its outputs, in the first form of examples it takes."""
    torch = sys.modules["torch"]
    kinds = [one.dtype for one in network.parameters()] or [torch.float32]
    network.eval()
    said = ""
    for form in FORMS:
        try:
            with torch.no_grad(), contextlib.redirect_stdout(io.StringIO()):
                entered = torch.tensor(np.asarray(x), dtype=kinds[0]).reshape(len(x), *form)
                found = outputs_in(network(entered), len(x))
        except Exception as error:
            said = said or f"{type(error).__name__}: {error}"[:LONGEST]
            continue
        if found is not None:
            return found, tuple(entered.shape[1:])
    raise ValueError(said or "it returns no outputs")


def sizes_of(network: Any, x: Any, forward: str) -> tuple[list[int], list[Any]]:
    """Walk through a network: the units of its layers, and what its other layers do to GRID."""
    layers = layers_of(network, forward)
    sizes, curves = [int(np.size(x[0]))], []
    value = np.asarray(x[0], dtype=float).reshape(1, -1)
    for layer in layers:
        value = np.asarray(getattr(layer, forward)(value), dtype=float).reshape(1, -1)
        if has_weights(layer):
            sizes.append(int(value.size))
        else:
            curves.append(np.asarray(getattr(layer, forward)(GRID[None, :])).reshape(-1))
    return (sizes, curves) if layers else (sizes_by_shape(network, forward), [])


def has_weights(layer: Any) -> bool:
    """Tell a layer with weights; what one row of input leaves behind has one row itself."""
    return any(np.ndim(one) == 2 and min(np.shape(one)) > 1 for one in vars_of(layer).values())


def sizes_by_shape(network: Any, forward: str) -> list[int]:
    """Read the units off the shapes of weights that fit each other."""
    shapes = [
        np.shape(one)
        for one in weights_of(network, forward)
        if np.ndim(one) == 2 and min(np.shape(one)) > 1
    ]
    if not shapes:
        return []
    turned = is_module(network) or (len(shapes) > 1 and shapes[0][1] != shapes[1][0])
    pairs = [shape[::-1] if turned else shape for shape in shapes]
    return [int(pairs[0][0]), *(int(pair[1]) for pair in pairs)]


def fresh_copy(network: Any, x: Any, forward: str) -> Any:
    """Copy a network, with weights as before any training: small and random, biases 0."""
    made = copy.deepcopy(network)
    rng = np.random.default_rng(0)
    for one in parameters_of(made, x, forward):
        matrix = one.ndim == 2 and min(one.shape) > 1
        bound = np.sqrt(6 / sum(one.shape)) if matrix else 0.0
        one[...] = rng.uniform(-bound, bound, size=one.shape) if matrix else 0.0
    return made


def factor_of(network: Any) -> float:
    """Find c in the gradient c (output - label) of the loss a network holds; nan for none."""
    rng = np.random.default_rng(0)
    label, output = np.eye(10)[[3]], rng.uniform(0, 1, size=(1, 10))
    for value in vars_of(network).values():
        if not callable(value) or isinstance(value, type):
            continue
        with contextlib.suppress(Exception):
            ratio = np.asarray(value(label, output), dtype=float) / (output - label)
            if ratio.size == 10 and np.ptp(ratio) < 1e-6 * abs(ratio.mean()):
                return abs(float(ratio.mean()))
    return float("nan")


def told(facts: Any) -> Any:
    """Give facts as the bytes of JSON, which travel as an array of numbers."""
    return np.frombuffer(json.dumps(facts).encode(), dtype=np.uint8)


def describe(name: str, network: Any, cases: list[Any], forward: str) -> dict[str, Any]:
    """Tell all that is judged of a trained network; what cannot be told is left out."""
    facts: dict[str, Any] = {
        "name": name,
        "class": type(network).__name__,
        "module": is_module(network),
    }
    arrays: dict[str, Any] = {}
    x = cases[0]
    layers = layers_of(network, forward)
    for number, case in enumerate(cases):
        try:
            arrays[f"outputs{number}"] = answer(network, case, forward)
        except Exception as error:
            facts["error"] = str(error)[:LONGEST]
        with contextlib.suppress(Exception):
            arrays |= {f"layered{number}": composed(layers, case, forward)} if layers else {}
    with contextlib.suppress(Exception):
        facts["parameters"] = int(sum(one.size for one in parameters_of(network, x, forward)))
    with contextlib.suppress(Exception):
        facts["sizes"], curves = sizes_of(network, x[:1], forward)
        arrays |= {f"curve{number}": curve for number, curve in enumerate(curves)}
    with contextlib.suppress(Exception):
        fresh = fresh_copy(network, x, forward)
        layers = layers_of(fresh, forward)
        few = x[:FEW]
        arrays["fresh"] = composed(layers, few, forward) if layers else answer(fresh, few, forward)
    facts["factor"] = factor_of(network)
    return {"told": told(facts), **arrays}


def described(
    names: dict[str, Any], wanted: str, cases: list[Any], forward: str, number: int
) -> Any:
    """Tell of the network that is the `number`th in the notebook; None where there are fewer."""
    found = list(find_networks(names, wanted, forward).items())
    return describe(*found[number], cases, forward) if number < len(found) else None


def asked(network: Any, arguments: list[Any]) -> Any:
    """Call `predict`, and tell outputs and single numbers of what it returned and printed."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        value = network.predict(*arguments)
    count = len(arguments[0])
    outputs = outputs_in(value, count)
    answered = {"nothing": value is None}
    arrays: dict[str, Any] = {"told": told({**answered, "printed": said.getvalue()[:2000]})}
    if outputs is not None:
        arrays["outputs"] = outputs
    arrays["numbers"] = np.array(singles(value)[:MOST_NUMBERS], dtype=float)
    return arrays


def singles(value: Any) -> list[float]:
    """List the single numbers in what came back."""
    if isinstance(value, dict):
        return [one for item in value.values() for one in singles(item)]
    if isinstance(value, tuple | list) and len(value) <= 8:
        return [one for item in value for one in singles(item)]
    with contextlib.suppress(Exception):
        array = plain(value)
        if array.size == 1 and array.dtype.kind in "biuf":
            return [float(array.reshape(-1)[0])]
    return []


def own_loss(network: Any, labels: Any, outputs: Any) -> list[float]:
    """Average what the network's own functions of a label and an output give, one by one."""
    found = []
    for value in vars_of(network).values():
        if not callable(value) or isinstance(value, type):
            continue
        with contextlib.suppress(Exception):
            each = [value(y[None], o[None]) for y, o in zip(labels, outputs, strict=True)]
            if all(np.size(one) == 1 for one in each):
                found.append(float(np.mean([np.asarray(one).reshape(()) for one in each])))
    return found
