"""What accuracy a right network reaches when it is trained as PS1 asks: by its activations."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from reference import activations
from reference.affine import Layer
from reference.digits import unseen_digits
from reference.ps1_settings import Activation

SIZES = (784, 128, 64, 10)
LEARNING_RATE = 0.1
AS_THEY_ARE = 1000  # of the test part
CURVES: dict[Activation, Callable[[np.ndarray], np.ndarray]] = {
    "tanh": activations.tanh,
    "relu": activations.relu,
    "sigmoid": activations.sigmoid,
}
SLOPES: dict[Activation, Callable[[np.ndarray], np.ndarray]] = {  # by what the curve gave
    "tanh": lambda y: 1 - y**2,
    "relu": lambda y: (y > 0).astype(np.float64),
    "sigmoid": lambda y: y * (1 - y),
}


@dataclass(frozen=True)
class Way:
    """How a network is trained: activations, and the factor c of the gradient c (output - label).

    The mean over 10 outputs has c = 0.2, the sum c = 2.
    """

    hidden: Activation
    last: Activation
    factor: float

    @property
    def name(self) -> str:
        """The way, as the table of calibrations names it."""
        return f"{self.hidden} {self.last} {self.factor:g}"


def _common_start(fan_in: int, fan_out: int, rng: np.random.Generator) -> Layer:
    bound = 1 / np.sqrt(fan_in)
    weights = rng.uniform(-bound, bound, size=(fan_in, fan_out))
    return Layer(weights, rng.uniform(-bound, bound, size=fan_out))


def _xavier_start(fan_in: int, fan_out: int, rng: np.random.Generator) -> Layer:
    bound = np.sqrt(6 / (fan_in + fan_out))
    return Layer(rng.uniform(-bound, bound, size=(fan_in, fan_out)), np.zeros(fan_out))


def _he_start(fan_in: int, fan_out: int, rng: np.random.Generator) -> Layer:
    weights = rng.normal(scale=np.sqrt(2 / fan_in), size=(fan_in, fan_out))
    return Layer(weights, np.zeros(fan_out))


def _lecun_start(fan_in: int, fan_out: int, rng: np.random.Generator) -> Layer:
    return Layer(rng.normal(scale=np.sqrt(1 / fan_in), size=(fan_in, fan_out)), np.zeros(fan_out))


STARTS = {
    "uniform 1/sqrt(n)": _common_start,
    "Xavier": _xavier_start,
    "He": _he_start,
    "LeCun": _lecun_start,
}
"""The common ways to begin, of which a student may choose any: seeds take them in turn."""


def started(sizes: Sequence[int], seed: int) -> list[Layer]:
    """Draw the weights of a network."""
    start = list(STARTS.values())[seed % len(STARTS)]
    rng = np.random.default_rng(seed)
    return [start(fan_in, fan_out, rng) for fan_in, fan_out in pairwise(sizes)]


def train(
    layers: Sequence[Layer], x: np.ndarray, y: np.ndarray, way: Way, epochs: int
) -> Sequence[Layer]:
    """Descend in place, one example at a time in the order given; return the same layers.

    Args:
        layers: of the network, as it begins.
        x: inputs, shape (N, D).
        y: one-hot labels, shape (N, C).
        way: activations, and the factor of the gradient.
        epochs: how often all examples are gone through.
    """
    curves = _activations(layers, way)
    for _ in range(epochs):
        for row, label in zip(x, y, strict=True):
            values = [row]
            for layer, curve in zip(layers, curves, strict=True):
                values.append(CURVES[curve](values[-1] @ layer.weights + layer.bias))
            gradient = way.factor * (values[-1] - label)
            for n in reversed(range(len(layers))):
                delta = gradient * SLOPES[curves[n]](values[n + 1])
                gradient = layers[n].weights @ delta
                layers[n].weights[...] -= np.multiply.outer(values[n], LEARNING_RATE * delta)
                layers[n].bias[...] -= LEARNING_RATE * delta
    return layers


def outputs(layers: Sequence[Layer], x: np.ndarray, way: Way) -> np.ndarray:
    """Return the network's outputs, shape (N, C), for x of shape (N, D)."""
    for layer, curve in zip(layers, _activations(layers, way), strict=True):
        x = CURVES[curve](x @ layer.weights + layer.bias)
    return x


def accuracy_after(
    arrays: Mapping[str, np.ndarray],
    tested: Mapping[str, np.ndarray],
    way: Way,
    extent: tuple[int, int | None],
    seed: int,
) -> float:
    """Train once, and say how many of some digits are recognised.

    Args:
        arrays: of MNIST's file.
        tested: x (N, 1, 784) in [0, 1] and labels (N,).
        way: how the network is trained.
        extent: epochs, and how many of the first examples; None for all.
        seed: of the weights at the start.
    """
    epochs, examples = extent
    x = arrays["x_train"][:examples].reshape(-1, SIZES[0]) / 255.0
    y = np.eye(SIZES[-1])[arrays["y_train"][:examples]]
    layers = train(started(SIZES, seed), x, y, way, epochs)
    found = outputs(layers, tested["x"].reshape(-1, SIZES[0]), way)
    return float(np.mean(found.argmax(axis=1) == tested["labels"]))


def _activations(layers: Sequence[Layer], way: Way) -> list[Activation]:
    return [way.hidden] * (len(layers) - 1) + [way.last]


def training_inputs(
    seed: int, data: Mapping[str, Mapping[str, np.ndarray]]
) -> dict[str, dict[str, np.ndarray]]:
    """Return digits no notebook has seen, and some of the test and training parts as they are.

    On the test digits, an accuracy that a notebook prints can be held against what is found;
    who recognises more of them than of the training digits was trained on them.
    """
    arrays = dict(data["mnist"])
    return {
        "unseen digits": unseen_digits(seed, arrays),
        "test digits": _as_they_are(arrays, "test"),
        "training digits": _as_they_are(arrays, "train"),
    }


def prediction_inputs(seed: int) -> dict[str, dict[str, np.ndarray]]:
    """Return labelled examples of the size of digits: x (N, 1, 784), one-hot y (N, 10).

    A `predict` that counts on these sizes is as right as any. They are so many that two ways
    of counting hits hardly ever agree, and so small that no layer is saturated.
    """
    rng = np.random.default_rng(seed)
    x = rng.uniform(-0.2, 0.2, size=(120, 1, SIZES[0]))
    y = np.eye(SIZES[-1])[rng.integers(SIZES[-1], size=len(x))]
    return {"many examples": {"x": x, "y": y}, "one example": {"x": x[:1], "y": y[:1]}}


def _as_they_are(arrays: Mapping[str, np.ndarray], part: str) -> dict[str, np.ndarray]:
    x = arrays[f"x_{part}"][:AS_THEY_ARE].reshape(-1, 1, SIZES[0]) / np.float32(255)
    labels = arrays[f"y_{part}"][:AS_THEY_ARE].astype(np.int64)
    return {"x": x.astype(np.float32), "labels": labels}
