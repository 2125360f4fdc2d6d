"""Training one example at a time: against PyTorch's SGD, and that it learns."""

from typing import get_args

import numpy as np
import pytest
import torch

from reference import ps1, ps1_torch
from reference.ps1_settings import Activation
from tests.reference import sgd

SIZES = [6, 5, 4, 3]


def draw(examples=12):
    rng = np.random.default_rng(0)
    return rng.normal(size=(examples, 1, 6)), np.eye(3)[rng.integers(3, size=examples)]


@pytest.mark.parametrize("activation", get_args(Activation))
def test_two_epochs_end_where_pytorch_ends(activation):
    x, y = draw()
    start = sgd.initial(SIZES, np.random.default_rng(1))

    trained = sgd.train(x, y, SIZES, activation, 2, 0.3, 0, start=start)

    layers = [(torch.tensor(layer.weights), torch.tensor(layer.bias)) for layer in start]
    model = ps1_torch.network(layers, activation)
    in_torch = torch.tensor(x), torch.tensor(y)[:, None]
    ps1_torch.train(*in_torch, model, epochs=2, learning_rate=0.3)
    for layer, linear in zip(trained, model[::2], strict=True):
        np.testing.assert_allclose(layer.weights, linear.weight.detach().T, rtol=1e-10)
        np.testing.assert_allclose(layer.bias, linear.bias.detach(), rtol=1e-10)


def test_outputs_are_those_of_the_family():
    x, _ = draw()
    network = sgd.initial(SIZES, np.random.default_rng(1))
    inputs = {"x": x[:, 0]}
    for number, layer in enumerate(network, start=1):
        inputs |= {f"weights_{number}": layer.weights, f"bias_{number}": layer.bias}

    expected = ps1.network_outputs(inputs, activation="sigmoid")["outputs"]

    np.testing.assert_allclose(sgd.outputs(network, x, "sigmoid"), expected)


def test_it_learns_what_it_is_shown():
    rng = np.random.default_rng(2)
    labels = rng.integers(3, size=120)
    x = np.eye(6)[labels] + 0.1 * rng.normal(size=(120, 6))
    y = np.eye(3)[labels]

    few, many = (sgd.train(x, y, SIZES, "tanh", epochs, 0.1, 0) for epochs in (1, 20))

    assert sgd.mean_loss(many, x, y) < sgd.mean_loss(few, x, y)
    assert sgd.accuracy(many, x, labels) == 1.0


def test_a_seed_says_where_it_starts_and_the_start_is_left_alone():
    x, y = draw()
    start = sgd.initial(SIZES, np.random.default_rng(1))
    before = [layer.weights.copy() for layer in start]

    first, again, other = (
        sgd.train(x, y, SIZES, "tanh", 1, 0.1, seed)[0].weights for seed in (1, 1, 2)
    )
    sgd.train(x, y, SIZES, "tanh", 1, 0.1, 0, start=start)

    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert all(np.array_equal(a, b.weights) for a, b in zip(before, start, strict=True))


def test_weights_start_within_one_over_the_root_of_their_inputs():
    first, *_ = sgd.initial([400, 100, 10], np.random.default_rng(0))

    assert 0.049 < np.abs(first.weights).max() <= 0.05
