"""Linear regression by one least-squares fit: the reference of an assignment for the tests."""

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

GIVEN = {
    "t": np.array([0.0, 1.0, 2.0, 3.0]),
    "u": np.array([1.137, 2.941, 5.218, 7.083]),
    "rate": 0.5,
}
PERTURBED = {
    "t": np.array([0.0, 1.0, 3.0, 4.0]),
    "u": np.array([2.416, 1.873, 4.559, 8.127]),
}


def line(
    given: Mapping[str, Any],
    *,
    order: Literal["slope_first", "intercept_first"] = "slope_first",
    through_origin: Literal["no", "yes"] = "no",
) -> dict[str, np.ndarray]:
    """Fit u = slope t + intercept; the two numbers, in either order."""
    t, u = given["t"], given["u"]
    columns = np.stack([t, np.ones_like(t) if through_origin == "no" else np.zeros_like(t)], 1)
    fitted = np.linalg.lstsq(columns, u, rcond=None)[0]
    return {"line": fitted if order == "slope_first" else fitted[::-1].copy()}


def residuals(
    given: Mapping[str, Any],
    *,
    sign: Literal["observed_minus_fitted", "reversed"] = ("observed_minus_fitted"),
) -> dict[str, np.ndarray]:
    """Return what the line leaves over, for the first and for the second half of the data."""
    slope, intercept = line(given)["line"]
    left = given["u"] - (slope * given["t"] + intercept)
    left = left if sign == "observed_minus_fitted" else -left
    return {"early": left[:2], "late": left[2:]}


def jackknife(
    given: Mapping[str, Any],
    *,
    masks: np.ndarray | None = None,
    kept: np.ndarray | None = None,
    weighted: Literal["no", "by_kept"] = "no",
) -> dict[str, np.ndarray] | None:
    """Return the mean of u over the points a random mask keeps, shape (S, 1)."""
    if masks is None or kept is None:
        return None
    total = (masks * given["u"]).sum(axis=1, keepdims=True)
    share = masks.sum(axis=1, keepdims=True) if weighted == "no" else 4 * kept[:, None]
    with np.errstate(all="ignore"):
        return {"mean": total / share}


def jackknife_draws(given: Mapping[str, Any], **settings: Any) -> int:
    """Count the flags: one for each point."""
    return len(given["u"])
