"""Central differences of fourth order: a slope by four values, and how far rounding takes it."""

from collections.abc import Mapping

import numpy as np

_NOISE = 20.0  # roundings in a difference of four values, with room


def slope(values: Mapping[str, np.ndarray], step: np.ndarray) -> np.ndarray:
    """Differentiate by the values at the places "down2", "down1", "up1" and "up2"."""
    near, far = values["up1"] - values["down1"], values["up2"] - values["down2"]
    with np.errstate(all="ignore"):
        return np.asarray((8.0 * near - far) / (12.0 * step))


def rounding(
    largest: np.ndarray | float, step: np.ndarray | float, *, single: bool
) -> np.ndarray | float:
    """Return how far a slope may lie off for the rounding of values alone.

    Args:
        largest: of the values, without their signs.
        step: between the places.
        single: whether the values are of single precision.

    """
    precision = float(np.finfo(np.float32 if single else np.float64).eps)
    return _NOISE * precision * largest / step
