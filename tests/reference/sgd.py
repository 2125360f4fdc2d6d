"""Networks of affine layers trained by plain gradient descent, one example at a time.

Axes: N examples, D inputs, C classes. A network has the same activation after every layer.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from reference import activations
from reference.affine import Layer
from reference.ps1_settings import Activation

Parameters = tuple[Layer, ...]


def initial(sizes: Sequence[int], rng: np.random.Generator) -> Parameters:
    """Draw weights and biases uniformly within 1 / sqrt(inputs), the common way."""
    layers = []
    for fan_in, fan_out in pairwise(sizes):
        bound = 1 / np.sqrt(fan_in)
        weights = rng.uniform(-bound, bound, size=(fan_in, fan_out))
        layers.append(Layer(weights, rng.uniform(-bound, bound, size=fan_out)))
    return tuple(layers)


def train(
    x: np.ndarray,
    y: np.ndarray,
    sizes: Sequence[int],
    activation: Activation,
    epochs: int,
    learning_rate: float,
    seed: int,
    *,
    start: Parameters | None = None,
) -> Parameters:
    """Return the parameters after gradient descent on the squared error, mean over outputs.

    Examples are taken in the order given, one step each, as the assignment's `fit` does.

    Args:
        x: inputs, shape (N, D) or (N, 1, D).
        y: one-hot labels, shape (N, C).
        sizes: units from the inputs to the outputs, (D, ..., C).
        activation: what follows each layer.
        epochs: how often all examples are gone through.
        learning_rate: size of the steps.
        seed: of the weights and biases at the start.
        start: parameters to start from instead; they are left as they were.
    """
    layers = initial(sizes, np.random.default_rng(seed)) if start is None else start
    layers = tuple(Layer(layer.weights.copy(), layer.bias.copy()) for layer in layers)
    rows = np.asarray(x, dtype=np.float64).reshape(len(x), -1)
    for _ in range(epochs):
        for row, label in zip(rows, y, strict=True):
            _step(layers, row, label, activation, learning_rate)
    return layers


def outputs(parameters: Parameters, x: np.ndarray, activation: Activation = "tanh") -> np.ndarray:
    """Return the network's outputs, shape (N, C), for x of shape (N, D) or (N, 1, D)."""
    values = np.asarray(x, dtype=np.float64).reshape(len(x), -1)
    for layer in parameters:
        values = _curve(values @ layer.weights + layer.bias, activation)
    return values


def accuracy(
    parameters: Parameters, x: np.ndarray, labels: np.ndarray, activation: Activation = "tanh"
) -> float:
    """Return the share of examples whose largest output is that of the label, (N,) of 0 to C-1."""
    return float(np.mean(outputs(parameters, x, activation).argmax(axis=1) == labels))


def mean_loss(
    parameters: Parameters, x: np.ndarray, y: np.ndarray, activation: Activation = "tanh"
) -> float:
    """Return the squared error, mean over examples and outputs, for one-hot labels (N, C)."""
    return float(np.mean((outputs(parameters, x, activation) - y) ** 2))


def _step(
    layers: Parameters, row: np.ndarray, label: np.ndarray, activation: Activation, rate: float
) -> None:
    """Take one step, in place: copies of 100,000 weights would take most of the time."""
    values = [row]
    for layer in layers:
        values.append(_curve(values[-1] @ layer.weights + layer.bias, activation))
    gradient = 2 * (values[-1] - label) / label.size
    for layer, entered, left in zip(reversed(layers), values[-2::-1], values[:0:-1], strict=True):
        delta = gradient * _slope_at_output(left, activation)
        gradient = layer.weights @ delta
        layer.weights[...] -= np.multiply.outer(entered, rate * delta)
        layer.bias[...] -= rate * delta


def _curve(z: np.ndarray, activation: Activation) -> np.ndarray:
    if activation == "tanh":
        return activations.tanh(z)
    return activations.relu(z) if activation == "relu" else activations.sigmoid(z)


def _slope_at_output(y: np.ndarray, activation: Activation) -> np.ndarray:
    if activation == "tanh":
        return 1 - y**2
    return (y > 0).astype(np.float64) if activation == "relu" else y * (1 - y)
