"""What the functions and classes of PS1 are called with: seeded cases, edge cases among them.

Each function returns cases by name, each a dict of arrays in the order of the arguments.
"""

from collections.abc import Mapping

import numpy as np

from reference import digits

Cases = dict[str, dict[str, np.ndarray]]

SMALLEST, LARGEST = 0.1, 3.0  # of ordinary values: away from the kink of relu at 0
HUGE = (-1000.0, -720.0, -40.0, 40.0, 720.0, 1000.0)  # past 709.78, where exp overflows
INPUTS, OUTPUTS, EXAMPLES = 5, 3, 4
CLASSES = 10


def activation_inputs(seed: int) -> Cases:
    """Return values of x for activations and their derivatives."""
    rng = np.random.default_rng(seed)
    whole = rng.permutation([-3, -2, -1, 1, 2, 3])
    return {
        "one value": {"x": ordinary(rng, ())},
        "a vector": {"x": ordinary(rng, (6,))},
        "one example": {"x": ordinary(rng, (1, 7))},
        "a batch": {"x": ordinary(rng, (4, 5))},
        "whole numbers": {"x": whole},
        "zero": {"x": np.zeros((1, 2))},
        "large values": {"x": rng.permutation(HUGE)[None, :] * (1 + 0.01 * rng.random())},
    }


def derivative_inputs(seed: int) -> Cases:
    """Return values of x where a derivative can be held against differences of its function.

    Without those of `activation_inputs` at which relu has none, or every difference is 0.
    """
    cases = activation_inputs(seed)
    return {name: cases[name] for name in ("one value", "a vector", "one example", "a batch")}


def loss_inputs(seed: int) -> Cases:
    """Return labels and predictions of every shape a loss is called with."""
    rng = np.random.default_rng(seed)
    shapes = {
        "one example": (1, CLASSES),
        "a vector": (CLASSES,),
        "a batch": (EXAMPLES, CLASSES),
        "a batch of single rows": (EXAMPLES, 1, CLASSES),
    }
    cases = {name: _labelled(rng, shape) for name, shape in shapes.items()}
    exact = _labelled(rng, (1, CLASSES))["y_true"]
    return {**cases, "a perfect prediction": {"y_true": exact, "y_pred": exact.copy()}}


def affine_inputs(seed: int) -> Cases:
    """Return inputs, gradients of the output and learning rates for a layer of 5 by 3.

    Every case has a layer of its own, whose weights are read off it before it is called.
    """
    rng = np.random.default_rng(seed)
    return {
        "one example": _pass(rng, 1),
        "a batch": _pass(rng, EXAMPLES),
    }


def network_inputs(seed: int) -> Cases:
    """Return labelled examples for a small network: x (N, 1, 5), one-hot y (N, 3)."""
    rng = np.random.default_rng(seed)
    many = 40  # so many that two ways of counting hits hardly ever agree
    labels = np.eye(OUTPUTS)[rng.integers(OUTPUTS, size=many)]
    return {
        "many examples": {"x": ordinary(rng, (many, 1, INPUTS)), "y": labels},
        "one example": {"x": ordinary(rng, (1, 1, INPUTS)), "y": labels[:1]},
    }


def unseen_digits(seed: int, data: Mapping[str, Mapping[str, np.ndarray]]) -> Cases:
    """Return digits no notebook has seen, x (N, 1, 784) and labels (N,), from the file "mnist"."""
    return {"unseen digits": digits.unseen_digits(seed, data["mnist"])}


def ordinary(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Draw values of both signs, none near 0 and none large."""
    sizes = rng.uniform(SMALLEST, LARGEST, size=shape)
    return np.asarray(sizes * rng.choice([-1.0, 1.0], size=shape))


def _labelled(rng: np.random.Generator, shape: tuple[int, ...]) -> dict[str, np.ndarray]:
    labels = rng.integers(CLASSES, size=shape[:-1])
    return {"y_true": np.eye(CLASSES)[labels], "y_pred": rng.uniform(-0.4, 1.2, size=shape)}


def _pass(rng: np.random.Generator, examples: int) -> dict[str, np.ndarray]:
    return {
        "x": ordinary(rng, (examples, INPUTS)),
        "output_grad": ordinary(rng, (examples, OUTPUTS)),
        "learning_rate": np.array(rng.uniform(0.05, 0.2)),
    }
