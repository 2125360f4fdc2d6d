"""The constants HW-1 hands out, and how they are read."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from reference.two_layer import Network

Parts = dict[str, np.ndarray]
CLASSES = 2
_NETWORK = ("w1", "w2", "b1", "b2")

GIVEN: dict[str, np.ndarray | float | int] = {
    "x1": np.array([1.0, 2.0, 3.0]),
    "x2": np.array([4.0, 5.0, 6.0]),
    "y1": np.array([0.0, 1.0]),
    "y2": np.array([1.0, 0.0]),
    "w1": np.array([[0.1, 0.2, 0.3, 0.4], [0.5, 0.6, 0.7, 0.8], [0.9, 1.0, 1.1, 1.2]]),
    "w2": np.array([[0.2, 0.3], [0.4, 0.5], [0.6, 0.7], [0.8, 0.9]]),
    "b1": np.zeros(4),
    "b2": np.zeros(2),
    "rate": 0.4,
    "learning_rate": 0.01,
    "epochs": 100,
}

# Numbers of the same kind (whole inputs, weights of one decimal), for code that rounds to it.
PERTURBED: dict[str, np.ndarray] = {
    "x1": np.array([2.0, 1.0, 3.0]),
    "x2": np.array([3.0, 5.0, 4.0]),
    "w1": np.array([[0.3, 0.5, 0.4, 0.6], [0.4, 0.6, 0.3, 0.5], [0.7, 0.3, 0.6, 0.4]]),
    "w2": np.array([[0.3, 0.4], [0.6, 0.5], [0.2, 0.4], [0.7, 0.8]]),
}


def pair(given: Mapping[str, Any], name: str) -> np.ndarray:
    """Stack the values of both examples, shape (2, ...)."""
    return np.array([given[f"{name}1"], given[f"{name}2"]], dtype=np.float64)


def network_of(given: Mapping[str, Any]) -> Network:
    """Return the network with the weights and biases that are given."""
    return Network(*(np.asarray(given[part], dtype=np.float64) for part in _NETWORK))


def networks_of(givens: Sequence[Mapping[str, Any]]) -> Network:
    """Return the networks of several sets of constants, along a last axis."""
    parts = ([np.asarray(one[name], dtype=np.float64) for one in givens] for name in _NETWORK)
    return Network(*(np.stack(part, axis=-1) for part in parts))
