"""How far an observed value may lie from an expected one, and how far it does."""

import numpy as np

from grader.rubric.model import Tolerance

_SINGLE_PRECISION_STEPS = 16  # roundings of a short float32 computation, in units of its epsilon


def slack(
    actual: np.ndarray, resolution: np.ndarray, dtype: str, tolerance: Tolerance
) -> np.ndarray:
    """Return the error each entry of an observed value may carry, apart from the relative one.

    It is the rubric's absolute tolerance, plus the rounding of the digits that were kept
    (digits too coarse to decide anything get no such credit: they count only where the value
    is met exactly), plus the rounding of single precision where the value was computed in
    it: there the largest entry sets the scale, since small entries come out of sums with
    large ones.
    """
    finite = np.abs(actual[np.isfinite(actual)])
    scale = float(np.max(finite, initial=0.0))
    eps = float(np.finfo(np.float32).eps) if dtype in ("float32", "text") else 0.0
    kept = np.where(resolution > tolerance.coarsest, 0.0, resolution)
    return np.asarray(kept + tolerance.atol + _SINGLE_PRECISION_STEPS * eps * scale)


def max_abs_error(actual: np.ndarray, expected: np.ndarray) -> float:
    """Return the largest absolute difference; infinity where an entry is not finite."""
    if not np.isfinite(actual).all():
        return float("inf")
    return float(np.max(np.abs(np.asarray(actual) - expected), initial=0.0))
