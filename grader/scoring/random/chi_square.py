"""The chi-square distribution."""

from math import erfc, lgamma

import numpy as np


def chi_square_tail(distances: np.ndarray, degrees: int) -> np.ndarray:
    """Return the chance that a sum of squared standard normals is larger.

    Args:
        distances: of any shape, >= 0.
        degrees: how many normals are summed, >= 0; of none, the sum is 0.

    Source: Abramowitz and Stegun, 26.4.4 and 26.4.5.
    """
    half = np.asarray(distances, dtype=np.float64) / 2
    if degrees == 0:
        return np.where(half <= 0, 1.0, 0.0)
    if degrees % 2:
        roots = np.sqrt(half)
        tail = np.array([erfc(root) for root in roots.ravel()]).reshape(half.shape)
    else:
        tail = np.exp(-half)
    # Q(a + 1, x) = Q(a, x) + x^a e^-x / Gamma(a + 1), from a = 1/2 or 1 up to degrees / 2.
    with np.errstate(divide="ignore", invalid="ignore"):
        logarithm = np.log(half)
        for order in np.arange(1 if degrees % 2 == 0 else 0.5, degrees / 2):
            tail = tail + np.exp(order * logarithm - half - lgamma(order + 1))
    return np.where(np.isposinf(half), 0.0, np.minimum(tail, 1.0))
