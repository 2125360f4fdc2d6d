"""How precise a recorded value is: whether its entries were rounded to a few decimals."""

import numpy as np

_DECIMALS = np.arange(8)  # more hardly differ from full precision
_SMALL = 512  # entries; larger arrays are seldom rounded, and dear to look at in vain
_SLACK = 0.02  # of the last digit kept, for values rounded and then held in float32


def rounding_resolution(values: np.ndarray) -> float:
    """Return half a unit of the last decimal all entries were rounded to; 0 for unrounded ones."""
    if values.dtype.kind not in "fc" or values.size == 0 or not np.isfinite(values).all():
        return 0.0
    numbers = np.concatenate([values.real.ravel(), values.imag.ravel()]).astype(np.float64)
    eps = float(np.finfo(values.dtype).eps)
    if not _may_be_rounded(numbers, eps):
        return 0.0
    for decimals in _at_once(numbers.size):
        scaled = numbers * 10.0 ** decimals[:, None]
        slack = np.maximum(eps * np.abs(scaled), 1e-9)
        near = np.abs(scaled - np.round(scaled)) <= slack
        rounded = near.all(axis=1) & (slack.max(axis=1) < _SLACK)
        if rounded.any():
            return 0.5 * 10.0 ** -int(decimals[np.argmax(rounded)])
    return 0.0


def _may_be_rounded(numbers: np.ndarray, eps: float) -> bool:
    """Look at the finest decimals first: what is rounded more coarsely is rounded there too."""
    with np.errstate(over="ignore"):
        scaled = numbers * 10.0 ** _DECIMALS[-1]
    if not np.isfinite(scaled).all():
        return False
    allowed = 2 * np.maximum(eps * np.abs(scaled), 1e-9 * 10.0 ** _DECIMALS[-1])
    return bool((np.abs(scaled - np.round(scaled)) <= allowed).all())


def _at_once(size: int) -> list[np.ndarray]:
    """Return the decimals to look at together: all for a small array, one by one for a large."""
    return [_DECIMALS] if size <= _SMALL else [_DECIMALS[n : n + 1] for n in range(_DECIMALS.size)]
