"""How precise a recorded value is: whether its entries were rounded to a few decimals."""

import numpy as np

_DECIMALS = range(8)  # more hardly differ from full precision
_SLACK = 0.02  # of the last digit kept, for values rounded and then held in float32


def rounding_resolution(values: np.ndarray) -> float:
    """Return half a unit of the last decimal all entries were rounded to; 0 for unrounded ones."""
    if values.dtype.kind not in "fc" or values.size == 0 or not np.isfinite(values).all():
        return 0.0
    numbers = np.concatenate([values.real.ravel(), values.imag.ravel()]).astype(np.float64)
    eps = float(np.finfo(values.dtype).eps)
    for decimals in _DECIMALS:
        scaled = numbers * 10.0**decimals
        slack = np.maximum(eps * np.abs(scaled), 1e-9)
        if slack.max() < _SLACK and (np.abs(scaled - np.round(scaled)) <= slack).all():
            return 0.5 * 10.0**-decimals
    return 0.0
