"""The squared error of predictions and its gradient, under every way of averaging it.

Axes: N examples, C outputs. Labels and predictions have one shape: (C,), which is one
example, (N, C), or (N, 1, C).
"""

from typing import Literal

import numpy as np

Reduction = Literal["mean", "examples", "outputs", "length", "sum"]
Factor = Literal["one", "half"]
FACTORS: dict[Factor, float] = {"one": 1.0, "half": 0.5}


def divisor(shape: tuple[int, ...], reduction: Reduction) -> int:
    """Return what the sum of all squares is divided by.

    "mean" takes the mean over all entries, "examples" over the N examples (and the sum over
    the outputs), "outputs" over the C outputs (and the sum over the examples), "sum" neither.
    "length" divides by len(y_true): N, but C for a single example of shape (C,).
    """
    N, C = int(np.prod(shape[:-1])), shape[-1]
    counts: dict[Reduction, int] = {
        "mean": N * C,
        "examples": N,
        "outputs": C,
        "length": shape[0],
        "sum": 1,
    }
    return counts[reduction]


def squared_error(
    y_true: np.ndarray,
    y_pred: np.ndarray,
    *,
    reduction: Reduction = "mean",
    factor: Factor = "one",
) -> np.ndarray:
    """Return factor * sum (y_pred - y_true)^2 / divisor, shape ()."""
    total = np.sum((y_pred - y_true) ** 2)
    return np.asarray(FACTORS[factor] * total / divisor(np.shape(y_true), reduction))


def squared_error_gradient(
    y_true: np.ndarray,
    y_pred: np.ndarray,
    *,
    reduction: Reduction = "mean",
    factor: Factor = "one",
) -> np.ndarray:
    """Differentiate the squared error with respect to y_pred, in the shape of y_pred."""
    gradient: np.ndarray = 2 * FACTORS[factor] * (y_pred - y_true)
    return gradient / divisor(np.shape(y_true), reduction)
