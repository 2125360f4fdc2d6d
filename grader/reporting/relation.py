"""The simplest relation between a wrong value and the expected one."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from grader.observation.rounding import rounding_resolution
from grader.scoring.verdict import Evidence

_RTOL = 1e-6
_COARSEST = 1e-3  # of the largest entry; what has fewer digits may be exact, and is taken so
_LARGEST = 12  # numerator and denominator of a fraction
_TIMES = {2: "twice", 3: "three times", 4: "four times", 10: "ten times"}
_SHARES = {2: "half", 3: "a third of", 4: "a quarter of", 10: "a tenth of"}


def relation_of(evidence: Sequence[Evidence]) -> str:
    """Say which multiple of the expected value was found: "exactly half the expected value".

    Empty where the parts are no common multiple, or the multiple is no simple fraction. A
    single number is a multiple of any other, so of it only whole ones and their inverses count.
    """
    if any(piece.actual.shape != piece.expected.shape for piece in evidence):
        return ""
    actual = np.concatenate([piece.actual.ravel() for piece in evidence])
    expected = np.concatenate([piece.expected.ravel() for piece in evidence])
    rounding = max(rounding_resolution(piece.actual) for piece in evidence)
    factor = _common_factor(actual, expected, rounding)
    if factor is None or (np.unique(expected).size == 1 and 1 not in factor.as_integer_ratio()):
        return ""
    words = _factor_words(factor)
    return f"{words} the expected value" if words else ""


def _common_factor(actual: np.ndarray, expected: np.ndarray, rounding: float) -> Fraction | None:
    """Find the simple fraction that takes one array to the other, None where there is none."""
    if any(a.dtype.kind not in "fiu" or not np.isfinite(a).all() for a in (actual, expected)):
        return None
    actual, expected = actual.astype(np.float64), expected.astype(np.float64)
    square, scale = float(expected @ expected), float(np.abs(actual).max(initial=0.0))
    if square == 0 or scale == 0:
        return None
    factor = Fraction(float(expected @ actual) / square).limit_denominator(_LARGEST)
    if abs(factor.numerator) > _LARGEST:
        return None
    apart = np.abs(actual - float(factor) * expected)
    allowed = _RTOL * scale + (rounding if rounding <= _COARSEST * scale else 0.0)
    return factor if (apart <= allowed).all() else None


def _factor_words(factor: Fraction) -> str:
    """Write a factor: "exactly twice", "exactly 2/3 of"; "" for 1, which is no mistake."""
    size, sign = abs(factor), " (with the opposite sign)" if factor < 0 else ""
    if size == 1:
        return "the negative of" if sign else ""
    above, below = size.as_integer_ratio()
    if below == 1:
        words = _TIMES.get(above, f"{above} times")
    elif above == 1:
        words = _SHARES.get(below, f"1/{below} of")
    else:
        words = f"{above}/{below} of"
    return f"exactly {words}{sign}"
