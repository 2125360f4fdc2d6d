"""Central differences of a function of one array, where it is smooth and always says the same."""

import time
from collections.abc import Callable

import numpy as np

SECONDS = 0.3  # of CPU time, for all differences of a function
STEPS = (1e-5, 3e-3)  # the second for what is computed in single precision
AGREEMENT = 5e-4  # of what the differences promise, for moving all entries at once

Function = Callable[[np.ndarray], float | None]


def differentiate(call: Function, at: np.ndarray) -> tuple[np.ndarray, float] | None:
    """Return central differences and the value; None where there is no slope to speak of."""
    begun = time.process_time()
    value = call(at.copy())
    again = call(at.copy()) if value is not None else None
    if value is None or value != again:
        return None
    seconds = (time.process_time() - begun) / 2
    if seconds * 2 * at.size > SECONDS:
        return None
    for step in STEPS:
        slope = _differences(call, at, step)
        if slope is None or not slope.any():
            return None
        if _is_smooth(call, at, slope, step):
            same = call(at.copy()) == value  # what it changes elsewhere has no effect on it
            return (slope, value) if same else None
    return None


def _differences(call: Function, at: np.ndarray, step: float) -> np.ndarray | None:
    """Return the central differences of one step, in every entry."""
    slope = np.empty(at.shape)
    for index in np.ndindex(at.shape):
        moved = np.zeros(at.shape)
        moved[index] = step * max(1.0, abs(float(at[index])))
        difference = _difference(call, at, moved)
        if difference is None:
            return None
        slope[index] = difference / (2 * moved[index])
    return slope


def _is_smooth(call: Function, at: np.ndarray, slope: np.ndarray, step: float) -> bool:
    """Say whether moving all entries at once does what moving one after the other promises.

    It does not where a function has a kink, is rounded, or has too few digits for the step.
    """
    places = np.arange(1.0, at.size + 1).reshape(at.shape)
    for direction in (np.cos(places), np.sin(places)):
        moved = 2 * step * direction
        difference = _difference(call, at, moved)
        promised = 2 * float((slope * moved).sum())
        allowed = AGREEMENT * 2 * float(np.abs(slope * moved).sum())
        if difference is None or abs(difference - promised) > allowed:
            return False
    return True


def _difference(call: Function, at: np.ndarray, moved: np.ndarray) -> float | None:
    """Return how much a function grows from one side to the other."""
    ends = call(at + moved), call(at - moved)
    return None if ends[0] is None or ends[1] is None else ends[0] - ends[1]
