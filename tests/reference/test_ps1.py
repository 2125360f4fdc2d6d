"""PS1's families: NumPy against PyTorch's autograd and against central differences."""

import inspect
from itertools import pairwise, product
from typing import get_args

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from reference import ps1, ps1_torch
from reference.ps1_settings import Activation
from reference.squared_error import Factor, Reduction

SEEDS = st.integers(0, 2**32 - 1)
ACTIVATIONS = get_args(Activation)
CONVENTIONS = list(product(get_args(Reduction), get_args(Factor)))
ANY_SIZE = arrays.arrays(
    np.float64, arrays.array_shapes(max_dims=2, max_side=4), elements=st.floats(-1e6, 1e6)
)
SHAPES = [(10,), (1, 10), (4, 10), (4, 1, 10)]


def call(name, **inputs):
    return getattr(ps1, name)(inputs)["result"]


def central_differences(loss_of, start, step=1e-6):
    slope = np.zeros_like(start)
    for index in np.ndindex(start.shape):
        ahead, behind = start.copy(), start.copy()
        ahead[index] += step
        behind[index] -= step
        slope[index] = (loss_of(ahead) - loss_of(behind)) / (2 * step)
    return slope


@pytest.mark.parametrize("name", ACTIVATIONS)
@settings(deadline=None)  # the first call of torch takes its time
@given(x=ANY_SIZE)
def test_activations_and_their_slopes_are_those_of_pytorch_at_any_size(name, x):
    in_torch = torch.tensor(x)

    value, slope = call(name, x=x), call(f"{name}_grad", x=x)

    np.testing.assert_allclose(value, ps1_torch.CURVES[name](in_torch), rtol=1e-14, atol=1e-16)
    assert np.abs(slope - ps1_torch.slope(name, in_torch).numpy()).max() < 1e-15
    assert np.isfinite(value).all()
    assert np.isfinite(slope).all()


@pytest.mark.parametrize("name", ACTIVATIONS)
@given(seed=SEEDS)
def test_a_slope_is_that_of_its_activation(name, seed):
    for case in ps1.derivative_inputs(seed).values():
        x = case["x"]

        slope = (call(name, x=x + 1e-6) - call(name, x=x - 1e-6)) / 2e-6

        np.testing.assert_allclose(call(f"{name}_grad", x=x), slope, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("name", ["tanh", "sigmoid"])
def test_a_slope_keeps_its_digits_far_from_zero(name):
    rate = {"tanh": 2, "sigmoid": 1}[name]
    factor = {"tanh": 4, "sigmoid": 1}[name]

    slope = call(f"{name}_grad", x=np.array([-50.0, 50.0, 300.0]))

    np.testing.assert_allclose(slope, factor * np.exp(-rate * np.array([50.0, 50, 300])))


@pytest.mark.parametrize(("at_zero", "expected"), [("zero", 0), ("one", 1), ("half", 0.5)])
def test_relus_slope_at_zero_is_a_convention(at_zero, expected):
    slope = ps1.relu_grad({"x": np.array([-1.0, 0.0, 1.0])}, at_zero=at_zero)["result"]

    assert slope.tolist() == [0, expected, 1]


@pytest.mark.parametrize("name", ["tanh", "sigmoid"])
def test_a_slope_of_the_output_is_that_of_the_input_it_came_from(name):
    x = np.linspace(-3, 3, 7)

    of_output = getattr(ps1, f"{name}_grad")({"x": call(name, x=x)}, of="output")["result"]

    np.testing.assert_allclose(of_output, call(f"{name}_grad", x=x))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("reduction", "factor"), CONVENTIONS)
def test_a_loss_and_its_gradient_fit_each_other_and_pytorch(reduction, factor, shape):
    rng = np.random.default_rng(len(shape))
    y_true, y_pred = rng.normal(size=shape), rng.normal(size=shape)
    chosen = {"reduction": reduction, "factor": factor}

    def loss_of(y):
        return ps1.mse({"y_true": y_true, "y_pred": y}, **chosen)["result"]

    gradient = ps1.mse_grad({"y_true": y_true, "y_pred": y_pred}, **chosen)["result"]

    in_torch = torch.tensor(y_true), torch.tensor(y_pred)
    np.testing.assert_allclose(loss_of(y_pred), ps1_torch.squared_error(*in_torch, **chosen))
    np.testing.assert_allclose(
        gradient, ps1_torch.squared_error_gradient(*in_torch, **chosen), rtol=1e-13
    )
    np.testing.assert_allclose(gradient, central_differences(loss_of, y_pred), rtol=1e-6)


def test_ways_of_averaging_differ_as_they_are_told():
    y_true, y_pred = np.zeros((4, 1, 10)), np.ones((4, 1, 10))

    losses = {
        way: float(ps1.mse({"y_true": y_true, "y_pred": y_pred}, reduction=way)["result"])
        for way in get_args(Reduction)
    }

    assert losses == {"mean": 1, "examples": 10, "outputs": 4, "length": 10, "sum": 40}


def test_the_length_of_a_single_example_is_that_of_its_outputs():
    case = {"y_true": np.zeros(10), "y_pred": np.ones(10)}

    assert ps1.mse(case, reduction="length")["result"] == 1
    assert ps1.mse(case, reduction="examples")["result"] == 10


def test_a_gradient_of_the_other_order_has_the_other_sign():
    case = ps1.loss_inputs(1)["a batch"]

    swapped = ps1.mse_grad(case, order="label_minus_prediction")["result"]

    np.testing.assert_array_equal(swapped, -ps1.mse_grad(case)["result"])


@settings(max_examples=30, deadline=None)
@given(seed=SEEDS, sizes=st.lists(st.integers(2, 5), min_size=2, max_size=4))
def test_a_networks_outputs_are_those_of_pytorch(seed, sizes):
    rng = np.random.default_rng(seed)
    pairs = list(pairwise(sizes))
    weights = [(rng.normal(size=(D, H)), rng.normal(size=H)) for D, H in pairs]
    x = rng.normal(size=(3, 1, sizes[0]))
    inputs = {"x": x}
    for number, (matrix, bias) in enumerate(weights, start=1):
        inputs |= {f"weights_{number}": matrix, f"bias_{number}": bias[:, None]}

    for name in ACTIVATIONS:
        outputs = ps1.network_outputs(inputs, activation=name)["outputs"]

        model = ps1_torch.network([(torch.tensor(w), torch.tensor(b)) for w, b in weights], name)
        np.testing.assert_allclose(outputs, model(torch.tensor(x)).detach(), rtol=1e-12, atol=1e-14)


def test_scores_are_the_mean_loss_and_the_share_of_right_predictions():
    y = np.eye(3)[[0, 1, 2, 0]]
    outputs = np.array([[0.9, 0, 0], [0.1, 0.4, 0.2], [0.8, 0, 0.6], [0.1, 0.9, 0.2]])

    scores = ps1.network_scores({"outputs": outputs[:, None], "y": y})

    assert scores["accuracy"] == 0.5
    np.testing.assert_allclose(scores["loss"], ((outputs - y) ** 2).mean())


@pytest.mark.parametrize("name", ["network_scores", "mse", "mse_grad", "affine_backward"])
def test_every_default_is_what_was_asked(name):
    defaults = [
        parameter.default
        for parameter in inspect.signature(getattr(ps1, name)).parameters.values()
        if parameter.kind is parameter.KEYWORD_ONLY
    ]

    assert all(default is not inspect.Parameter.empty for default in defaults)
