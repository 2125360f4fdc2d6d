"""How far an observed value may lie from an expected one, and how far it does."""

import numpy as np

from grader.rubric.model import Tolerance

_SINGLE_PRECISION_STEPS = 16  # roundings of a short float32 computation, in units of its epsilon


def slack(
    actual: np.ndarray, resolution: np.ndarray, dtype: str, tolerance: Tolerance
) -> np.ndarray:
    """Return the error each entry of an observed value carries by its own precision.

    It is the rounding of the digits that were kept (digits too coarse to decide anything get
    no such credit: they count only where the value is met exactly), plus the rounding of
    single precision where the value was computed in it: there the largest entry sets the
    scale, since small entries come out of sums with large ones.
    """
    finite = np.abs(actual[np.isfinite(actual)])
    scale = float(np.max(finite, initial=0.0))
    eps = float(np.finfo(np.float32).eps) if dtype in ("float32", "text") else 0.0
    kept = np.where(resolution > tolerance.coarsest, 0.0, resolution)
    return np.asarray(kept + _SINGLE_PRECISION_STEPS * eps * scale)


def allowance(expected: np.ndarray, tolerance: Tolerance) -> np.ndarray:
    """Return how far an exact value may lie from an expected one, entry by entry.

    The absolute tolerance is never more than a hundredth of the largest entry: where all
    entries are tiny, any other tiny value would agree with them.
    """
    scale = float(np.max(np.abs(expected), initial=0.0))
    absolute = min(tolerance.atol, scale / 100) if scale > 0 else tolerance.atol
    return np.asarray(absolute + tolerance.rtol * np.abs(expected))


def max_abs_error(actual: np.ndarray, expected: np.ndarray) -> float:
    """Return the largest absolute difference; infinity where an entry is not finite."""
    if not np.isfinite(actual).all():
        return float("inf")
    return float(np.max(np.abs(np.asarray(actual) - expected), initial=0.0))
