"""Points around four corners of a cube: the smallest training whose accuracy can be judged."""

from collections.abc import Mapping
from typing import Any

import numpy as np

GIVEN: dict[str, Any] = {"rate": 0.5}
CORNERS = np.array([[1, 1, 0, 0, 0, 1], [0, 1, 1, 0, 1, 0], [1, 0, 0, 1, 1, 0], [0, 0, 1, 1, 0, 1]])
COUNT = 200


def points(seed: int, count: int = COUNT, noise: float = 0.35) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    labels = rng.integers(4, size=count)
    x = CORNERS[labels] + rng.normal(scale=noise, size=(count, 6))
    return {"x": x[:, None, :], "labels": labels}


def unseen_points(seed: int) -> dict[str, dict[str, np.ndarray]]:
    return {"unseen points": points(seed), "test points": points(1), "taught points": points(2)}


def right_trainings(given: Mapping[str, Any]) -> dict[str, np.ndarray] | None:
    if given["data"] != "points":
        return None
    return {
        "accuracies": np.linspace(0.8, 0.99, 20),
        "threshold": np.array(0.7),
        "whole": np.linspace(0.9, 0.95, 20),
    }
