"""One layer with four classes and its gradient: an assignment for the tests of sealed answers."""

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

GIVEN = {
    "x": np.array(
        [
            [0.1347, -1.2093, 0.7718],
            [1.4159, 0.2641, -0.5358],
            [-0.8932, 0.3846, 1.6264],
            [0.4338, -0.3279, -1.5028],
        ]
    ),
    "labels": np.array([2, 0, 3, 1]),
    "weights": np.array(
        [
            [0.7071, -0.4142, 0.1732, 0.5236],
            [-0.2646, 0.8541, 0.6931, -0.1459],
            [0.3010, 0.4771, -0.5772, 0.9159],
        ]
    ),
}


def chances(
    given: Mapping[str, Any],
    *,
    over: Literal["classes", "examples"] = "classes",
    passes: Literal[1, 2] = 1,
) -> dict[str, np.ndarray]:
    """Return the probability of every class for every example, shape (4, 4)."""
    found = given["x"] @ given["weights"]
    for _ in range(passes):
        found = np.exp(found)
        found = found / found.sum(axis=1 if over == "classes" else 0, keepdims=True)
    return {"chances": found}


def slope(
    given: Mapping[str, Any],
    *,
    reduction: Literal["sum", "mean"] = "sum",
    over: Literal["classes", "examples"] = "classes",
    sign: Literal["up", "down"] = "up",
) -> dict[str, np.ndarray]:
    """Return the gradient of the cross-entropy with respect to the weights, shape (3, 4)."""
    found = chances(given, over=over)["chances"] - np.eye(4)[given["labels"]]
    gradient = given["x"].T @ found / (4 if reduction == "mean" else 1)
    return {"slope": gradient if sign == "up" else -gradient}


def halves(given: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Return the largest probability of each example, in two parts."""
    found = chances(given)["chances"].max(axis=1)
    return {"early": found[:2], "late": found[2:]}


def loss(given: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Return the cross-entropy, one number."""
    found = chances(given)["chances"][np.arange(4), given["labels"]]
    return {"loss": np.array(-np.log(found).sum())}
