"""A line through two points."""

import numpy as np

GIVEN = {"x": np.array([1.0, 3.5]), "y": np.array([2.25, 9.5])}


def slope(given):
    """Rise over run."""
    x, y = given["x"], given["y"]
    return {"slope": (y[1] - y[0]) / (x[1] - x[0])}


def offset(given):
    """Where it meets the axis."""
    return {"offset": given["y"][0] - slope(given)["slope"] * given["x"][0]}
