"""The mean of four numbers: the reference of an assignment with a written answer."""

from collections.abc import Mapping
from typing import Any

import numpy as np

GIVEN = {"u": np.array([1.137, 2.941, 5.218, 7.083])}


def mean(given: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Return the mean."""
    return {"mean": np.mean(given["u"])}
