"""How far an observed value may lie from an expected one, and how far it does."""

import numpy as np

from grader.rubric.model import Tolerance

_SATURATED = 1e-3
_WHOLE = 1e-9  # what is closer to a whole number is one, up to rounding
_SINGLE_PRECISION_STEPS = 16  # roundings of a short float32 computation, in units of its epsilon


def slacks(
    values: np.ndarray, resolution: np.ndarray, single: np.ndarray, tolerance: Tolerance
) -> np.ndarray:
    """Return the error each entry of observed values carries by its own precision.

    It is the rounding of the digits that were kept (digits too coarse to decide anything get
    no such credit: they count only where the value is met exactly), plus the rounding of
    single precision where the value was computed in it: there the largest entry sets the
    scale, since small entries come out of sums with large ones.

    Args:
        values: one value in each row, shape (V, entries).
        resolution: the rounding error of each entry, of the same shape.
        single: which values may have been computed in single precision, shape (V,).
        tolerance: says which digits are too coarse.

    """
    sizes = np.abs(values)
    scale = np.max(np.where(np.isfinite(sizes), sizes, 0.0), axis=1, keepdims=True, initial=0.0)
    eps = np.where(single, float(np.finfo(np.float32).eps), 0.0)[:, None]
    kept = np.where(resolution > tolerance.coarsest, 0.0, resolution)
    return np.asarray(kept + _SINGLE_PRECISION_STEPS * eps * scale)


def allowance(expected: np.ndarray, tolerance: Tolerance) -> np.ndarray:
    """Return how far an exact value may lie from an expected one, entry by entry.

    The absolute tolerance is never more than a hundredth of the largest entry: where all
    entries are tiny, any other tiny value would agree with them.
    """
    return np.asarray(allowances(expected[None], tolerance)[0])


def allowances(expected: np.ndarray, tolerance: Tolerance) -> np.ndarray:
    """Return the `allowance` of each of several expected values, along axis 0.

    What tells saturated probabilities from each other is how far they are from 0 and 1: that
    sets the scale of theirs.
    """
    sizes = np.abs(expected)
    axes = tuple(range(1, expected.ndim))
    scale = np.max(sizes, axis=axes, keepdims=True, initial=0.0)
    absolute = np.where(scale > 0, np.minimum(tolerance.atol, scale / 100), tolerance.atol)
    allowed = absolute + tolerance.rtol * sizes
    if sizes[:1].size < 2:
        return np.asarray(allowed)
    apart = np.minimum(sizes, np.abs(1 - expected)).max(axis=axes, keepdims=True)
    saturated = (apart > _WHOLE) & (apart < _SATURATED)
    return np.asarray(np.where(saturated, np.minimum(allowed, apart / 100), allowed))


def max_abs_error(actual: np.ndarray, expected: np.ndarray) -> float:
    """Return the largest absolute difference; infinity where an entry is not finite."""
    if not np.isfinite(actual).all():
        return float("inf")
    return float(np.max(np.abs(np.asarray(actual) - expected), initial=0.0))
