"""The activations tanh, relu and sigmoid and their slopes, exact in float64 for any size of x."""

from typing import Literal

import numpy as np

AtZero = Literal["zero", "one", "half"]
SLOPES_AT_ZERO: dict[AtZero, float] = {"zero": 0.0, "one": 1.0, "half": 0.5}


def tanh(x: np.ndarray) -> np.ndarray:
    """Return the hyperbolic tangent, in (-1, 1)."""
    y: np.ndarray = np.tanh(x)
    return y


def tanh_slope(x: np.ndarray) -> np.ndarray:
    """Return 1 / cosh(x)^2, in (0, 1].

    Written with exp(-2 |x|), which cannot overflow, and keeps its digits where tanh(x) is
    rounded to 1.
    """
    decay = np.exp(-2 * np.abs(x))
    slope: np.ndarray = 4 * decay / (1 + decay) ** 2
    return slope


def relu(x: np.ndarray) -> np.ndarray:
    """Return max(x, 0)."""
    y: np.ndarray = np.maximum(x, 0.0)
    return y


def relu_slope(x: np.ndarray, at_zero: AtZero = "zero") -> np.ndarray:
    """Return 1 where x > 0 and 0 where x < 0.

    At 0 every number from 0 to 1 is a subgradient: 0 as PyTorch has it, 1 as `x >= 0` gives
    it, or the mean of both.
    """
    slope: np.ndarray = np.heaviside(x, SLOPES_AT_ZERO[at_zero])
    return slope


def sigmoid(x: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + exp(-x)), in (0, 1).

    Written with exp(-|x|), which cannot overflow.
    """
    decay = np.exp(-np.abs(x))
    y: np.ndarray = np.where(np.asarray(x) >= 0, 1.0, decay) / (1 + decay)
    return y


def sigmoid_slope(x: np.ndarray) -> np.ndarray:
    """Return sigmoid(x) (1 - sigmoid(x)), in (0, 1/4]; exp(-|x|) keeps its digits."""
    decay = np.exp(-np.abs(x))
    slope: np.ndarray = decay / (1 + decay) ** 2
    return slope
