"""The step of a layer's weights or bias: what it did instead of following the gradient."""

import numpy as np

from grader.scoring.predictions import Parts
from grader.scoring.probed.findings import Finding
from grader.scoring.probed.passes import Pass
from grader.scoring.probed.ratios import times

_WORTH = {
    "weights-not-updated": 0.6,
    "bias-not-updated": 0.8,
    "weights-update": 0.6,
    "bias-update": 0.8,
    "wrong-sign": 0.7,
    "learning-rate-ignored": 0.8,
    "learning-rate-twice": 0.8,
    "step-size": 0.8,
    "not-in-place": 0.7,
    "input-gradient": 0.6,
    "update-first": 0.75,
    "transposed": 0.75,
    "returns-more": 0.9,
    "batch": 0.75,
    "backward": 0.4,
}


def back_finding(found: str, says: str) -> Finding:
    """Make a finding about going back, at its usual worth."""
    return Finding(found, says, _WORTH[found])


def step_of(
    one: Pass,
    name: str,
    values: tuple[np.ndarray, np.ndarray | None],
    gradient: np.ndarray,
    parts: Parts,
) -> Finding | None:
    """Judge the step of a parameter."""
    before, after = values
    wanted = parts[name].reshape(-1, before.shape[-1])
    if after is not None and one.same(after, wanted):
        return None
    if after is None:
        return back_finding(
            f"{name}-update", f"The {_are(name, 'have')} another shape after the step."
        )
    if one.same(after, before):
        return _unmoved(one, name, wanted)
    rate = one.arguments[2]
    ways = {
        "wrong-sign": (rate, f"The step of the {name} goes along the gradient, not against it."),
        "learning-rate-ignored": (-1.0, f"The step of the {name} leaves out the learning rate."),
        "learning-rate-twice": (-(rate**2), f"The step of the {name} has the rate in it twice."),
    }
    for found, (factor, says) in ways.items():
        if one.same(after, before + factor * gradient):
            return back_finding(found, says)
    size = _size_of_step(one, (before, after), gradient)
    if size is not None:
        says = f"The step of the {name} is {times(size)} what the learning rate makes it."
        return back_finding("step-size", says)
    return back_finding(f"{name}-update", f"The {_are(name, 'are')} not right after the step.")


def _size_of_step(
    one: Pass, values: tuple[np.ndarray, np.ndarray], gradient: np.ndarray
) -> float | None:
    """Return the factor of a step that goes down the gradient, however far; None for others."""
    before, after = values
    square = float(np.sum(gradient**2))
    size = -float(np.sum((after - before) * gradient)) / square if square else 0.0
    if size <= 0 or not one.same(after, before - size * gradient):
        return None
    return size / one.arguments[2]


def _unmoved(one: Pass, name: str, wanted: np.ndarray) -> Finding:
    """Say of a parameter that stayed as it was whether its new value is elsewhere."""
    steps = [step for what in ("backward", "after") if (step := one.step(what)) is not None]
    arrays = [value.array for step in steps for value in step.values.values()]
    if any(one.same(array, new) for array in arrays for new in (wanted, wanted.T)):
        says = f"The {_are(name, 'are')} not changed in place: new values are made, but not kept."
        return back_finding("not-in-place", says)
    return back_finding(f"{name}-not-updated", f"The {_are(name, 'stay')} unchanged by the step.")


def _are(name: str, verb: str) -> str:
    """Join a parameter and its verb; weights are many."""
    one = {"are": "is", "have": "has", "stay": "stays"}
    return f"{name} {verb if name == 'weights' else one[verb]}"
