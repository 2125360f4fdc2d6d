"""Networks a notebook has made: found, walked through, and told of.

Runs within the notebook: of the grader's, only what travels along is there.
"""

import contextlib
import copy
from typing import Any

import numpy as np

from grader.execution.asking.within.answers import (
    answer,
    composed,
    is_module,
    layers_of,
    named_values,
    told,
    vars_of,
)
from grader.execution.asking.within.origins import libraries_of
from grader.execution.asking.within.prepared import preparations

MOST_NETWORKS = 8
MOST_DEPTH = 4
LONGEST = 200  # characters of an error
FEW = 500  # examples for what is only averaged
GRID = np.linspace(-3.0, 3.0, 60)


def find_networks(names: dict[str, Any], wanted: str, forward: str) -> dict[str, Any]:
    """Find the networks a notebook's names stand for; one object is found once.

    The one wanted comes before all others, which come in the order in which they were named.
    """
    found: dict[str, Any] = {}
    values = named_values(names)
    for name in sorted(values, key=lambda one: one != wanted):
        value = values[name]
        known = any(value is one for one in found.values())
        with contextlib.suppress(Exception):  # whatever else the notebook has made
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
    if not (predicts or layers_of(value, forward)):
        return False
    return bool(weights_of(value, forward) or libraries_of(value))


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


def describe(
    name: str, network: Any, cases: list[Any], forward: str, ways: list[tuple[str, Any, Any]]
) -> dict[str, Any]:
    """Tell all that is judged of a trained network; what cannot be told is left out.

    `ways` are those in which the notebook prepares its inputs.
    """
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
        arrays |= prepared_answers(network, case, forward, ways, number)
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
    with contextlib.suppress(Exception):
        facts["libraries"] = libraries_of(network)
    facts["factor"] = factor_of(network)
    facts["prepared"] = [way[0] for way in ways]
    return {"told": told(facts), **arrays}


def prepared_answers(
    network: Any, case: Any, forward: str, ways: list[tuple[str, Any, Any]], number: int
) -> dict[str, Any]:
    """Ask a network for its outputs for examples prepared as the notebook prepares its own."""
    found = {}
    for way, (_, slope, offset) in enumerate(ways):
        prepared = np.asarray(slope * case.reshape(len(case), -1) + offset, dtype=case.dtype)
        with contextlib.suppress(Exception):
            found[f"prepared{way}_{number}"] = answer(
                network, prepared.reshape(case.shape), forward
            )
    return found


def described(
    names: dict[str, Any], wanted: str, cases: list[Any], forward: str, number: int
) -> Any:
    """Tell of the network that is the `number`th in the notebook; None where there are fewer."""
    found = list(find_networks(names, wanted, forward).items())
    if number >= len(found):
        return None
    return describe(*found[number], cases, forward, preparations(names, cases))
