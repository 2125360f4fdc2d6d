"""The step after the first: what a layer carries over from one step to the next."""

from collections.abc import Sequence

import numpy as np

from grader.scoring.probed.findings import Finding
from grader.scoring.probed.passes import Pass

_WORTH = 0.75
_CLOSE = 1e-4


def judge_next(passes: Sequence[Pass]) -> list[Finding]:
    """Say what is wrong with the second step of a layer whose first one is right.

    The input has its sign reversed then, all else is the same: so the weights are to take
    their first step back, and the bias is to take its own again.
    """
    for one in passes:
        finding = _of(one)
        if finding is not None:
            return [finding]
    return []


def _of(one: Pass) -> Finding | None:
    step, method = one.step("backward_again"), one.view.part.backward
    if step is None:
        return None
    if step.error:
        says = f"`{method}` goes back once, and raises {step.error.rstrip('.')} the next time."
        return Finding("next-step", says, _WORTH)
    moved = [_moves(one, *values) for values in _parameters(one)]
    if any(carried is None for carried in moved):
        return Finding("next-step", f"The step of `{method}` is right once, but not again.", _WORTH)
    return _carried(one, [carried for carried in moved if carried is not None])


def _carried(one: Pass, moved: Sequence[float]) -> Finding | None:
    """Name what is carried over, by how much of the first step is in the second one as well."""
    method, size = one.view.part.backward, moved[0]
    if all(abs(carried) <= _CLOSE for carried in moved):
        return None if _goes_back(one) else _stale(method)
    if abs(size - 2) <= _CLOSE and all(abs(carried) <= _CLOSE for carried in moved[1:]):
        says = f"`{method}` still uses the input of the first time at its next step."
        return Finding("old-input", says, _WORTH)
    if any(abs(carried - size) > _CLOSE for carried in moved):
        return Finding("next-step", f"The step of `{method}` is right once, but not again.", _WORTH)
    if 0 < size < 1 - _CLOSE:
        return Finding("momentum", f"Its steps have momentum: {size:.3g} of the one before.", 1.0)
    if abs(size - 1) <= _CLOSE:
        says = f"`{method}` adds up the gradients of all its steps."
        return Finding("adds-up", says, _WORTH)
    return Finding("next-step", f"The step of `{method}` is right once, but not again.", _WORTH)


def _stale(method: str) -> Finding:
    says = f"`{method}` returns the gradient for the weights of an earlier step."
    return Finding("next-step", says, _WORTH)


def _goes_back(one: Pass) -> bool:
    """Say whether the gradient of the input is that of the weights after the first step."""
    weights = one.weights_after
    return weights is None or one.gave("backward_again", one.arguments[1] @ weights.T)


def _parameters(one: Pass) -> list[tuple[np.ndarray, ...]]:
    """List the weights, and the bias, as they were built, after a step and after another."""
    later = one.step("later")
    weights = one.layout.weights_in(later)
    found = [(one.weights, one.weights_after, weights, np.array(-1.0))]
    if one.layout.bias:
        bias = one.layout.bias_in(later)
        same = bias is not None and bias.size == one.bias.size
        row = bias.reshape(one.bias.shape) if bias is not None and same else None
        found.append((one.bias, one.bias_after, row, np.array(1.0)))
    return [values for values in found if all(value is not None for value in values)]  # type: ignore[misc]


def _moves(
    one: Pass, built: np.ndarray, after: np.ndarray, later: np.ndarray, sign: np.ndarray
) -> float | None:
    """Return how much of the first step is in the second, beyond what is to be; None if other."""
    first = after - built
    square = float(np.sum(first**2))
    beyond = later - after - sign * first
    size = float(np.sum(beyond * first)) / square if square else 0.0
    return size if one.same(later, after + (sign + size) * first) else None
