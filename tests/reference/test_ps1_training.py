import numpy as np
import pytest

from reference.affine import Layer
from reference.ps1_calibrate import calibrated
from reference.ps1_training import SIZES, STARTS, Way, outputs, started, train, training_inputs
from tests.reference import sgd

RNG = np.random.default_rng(0)
X, Y = RNG.uniform(size=(12, 6)), np.eye(4)[RNG.integers(4, size=12)]


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid"])
def test_training_is_that_of_plain_gradient_descent(activation: sgd.Activation) -> None:
    sizes = (6, 5, 4)
    start = sgd.initial(sizes, np.random.default_rng(3))
    copy = [Layer(layer.weights.copy(), layer.bias.copy()) for layer in start]

    found = train(copy, X, Y, Way(activation, activation, 2 / 4), epochs=3)

    expected = sgd.train(X, Y, sizes, activation, 3, 0.1, 0, start=start)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one.weights, other.weights, rtol=1e-12)
        np.testing.assert_allclose(one.bias, other.bias, rtol=1e-12)
    way = Way(activation, activation, 0.5)
    np.testing.assert_allclose(outputs(found, X, way), sgd.outputs(tuple(expected), X, activation))


def test_the_ways_to_begin_have_their_variances() -> None:
    variances = [np.var(started((400, 300), seed)[0].weights) for seed in range(len(STARTS))]

    assert variances == pytest.approx([1 / 1200, 2 / 700, 2 / 400, 1 / 400], rel=0.02)


def test_a_calibration_is_the_same_each_time() -> None:
    ways = [Way("relu", "tanh", 0.2)]

    first, second = (calibrated(digits(), ways, (1, 30), seeds=2) for _ in range(2))

    assert first == second
    assert len(first["relu tanh 0.2"]) == 2


def test_training_inputs_hold_moved_digits_and_plain_ones() -> None:
    cases = training_inputs(4, {"mnist": digits()})

    assert {name: set(case) for name, case in cases.items()} == {
        "unseen digits": {"x", "labels"},
        "test digits": {"x", "labels"},
        "training digits": {"x", "labels"},
    }
    plain = cases["test digits"]
    np.testing.assert_allclose(plain["x"][3, 0] * 255, digits()["x_test"][3].reshape(-1), atol=1e-4)


def digits() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(1)
    images = rng.integers(0, 256, size=(70, 28, 28)).astype(np.uint8)
    labels = rng.integers(SIZES[-1], size=70).astype(np.uint8)
    parts = {"train": slice(0, 50), "test": slice(50, 70)}
    return {
        f"{name}_{part}": array[rows]
        for name, array in (("x", images), ("y", labels))
        for part, rows in parts.items()
    }
