"""The affine layer's step: against PyTorch, against central differences, and what goes wrong."""

from itertools import product

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from reference import ps1, ps1_torch

SIZES = st.tuples(*(st.integers(1, 5) for _ in range(3)))
PARTS = ("input_grad", "weights", "bias")


def draw(seed, sizes):
    N, D, H = sizes
    rng = np.random.default_rng(seed)
    shapes = {"x": (N, D), "output_grad": (N, H), "weights": (D, H), "bias": (1, H)}
    arrays = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    return {**arrays, "learning_rate": np.array(0.1)}


@settings(deadline=None)  # the first call of torch takes its time
@given(seed=st.integers(0, 2**32 - 1), sizes=SIZES)
def test_a_step_is_that_of_pytorch(seed, sizes):
    case = draw(seed, sizes)

    parts = ps1.affine_backward(case)

    tensors = [torch.tensor(case[name]) for name in ("x", "weights", "bias", "output_grad")]
    step = ps1_torch.affine_step(*tensors, 0.1)
    for name in PARTS:
        got = parts[name].reshape(getattr(step, name).shape)
        np.testing.assert_allclose(got, getattr(step, name), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", ["x", "weights", "bias"])
def test_a_step_follows_the_slope_of_the_loss(name):
    case = draw(5, (3, 4, 2))

    def loss_at(index, change):
        moved = {**case, name: case[name].copy()}
        moved[name][index] += change
        return np.sum(ps1.affine_forward(moved)["output"] * case["output_grad"])

    slope = np.zeros_like(case[name])
    for index in np.ndindex(slope.shape):
        slope[index] = (loss_at(index, 1e-5) - loss_at(index, -1e-5)) / 2e-5

    parts = ps1.affine_backward(case)
    expected = slope if name == "x" else case[name] - 0.1 * slope
    np.testing.assert_allclose(parts["input_grad" if name == "x" else name], expected, rtol=1e-7)


def test_the_layout_of_the_bias_does_not_matter():
    case = draw(1, (2, 3, 4))

    column = ps1.affine_forward({**case, "bias": case["bias"].T})["output"]

    np.testing.assert_array_equal(column, ps1.affine_forward(case)["output"])


@pytest.mark.parametrize(
    ("setting", "parts"),
    [
        ({"input_gradient": "after_update"}, {"input_grad"}),
        ({"batch": "mean"}, {"weights", "bias"}),
        ({"batch": "first"}, {"weights", "bias"}),
        ({"batch": "last"}, {"weights", "bias"}),
        ({"bias_gradient": "mean"}, {"bias"}),
        ({"bias_gradient": "entries"}, {"bias"}),
        ({"bias_gradient": "rows"}, {"bias"}),
        ({"descent": False}, {"weights", "bias"}),
        ({"rate": "missing"}, {"weights", "bias"}),
        ({"rate": "twice"}, {"weights", "bias"}),
    ],
)
def test_a_mistake_changes_the_parts_it_is_made_in(setting, parts):
    case = draw(2, (3, 4, 2))
    right, wrong = ps1.affine_backward(case), ps1.affine_backward(case, **setting)

    changed = {
        name
        for name in PARTS
        if wrong[name].shape != right[name].shape or not np.allclose(wrong[name], right[name])
    }

    assert changed == parts


@pytest.mark.parametrize("batch", ["mean", "first", "last"])
def test_ways_to_pool_a_batch_agree_on_one_example(batch):
    case = draw(3, (1, 4, 2))

    pooled = ps1.affine_backward(case, batch=batch)

    for name, expected in ps1.affine_backward(case).items():
        np.testing.assert_array_equal(pooled[name], expected)


def test_a_bias_for_each_example_has_their_number_of_rows():
    case = draw(4, (3, 4, 2))

    bias = ps1.affine_backward(case, bias_gradient="rows")["bias"]

    np.testing.assert_allclose(bias, case["bias"] - 0.1 * case["output_grad"])


def test_settings_that_say_the_same_in_other_words_are_left_out():
    case = draw(6, (2, 2, 2))

    for way in ("sum", "mean", "first"):
        assert ps1.affine_backward(case, batch=way, bias_gradient=way) is None


def test_the_arrays_that_are_handed_in_stay_as_they_were():
    case = draw(7, (2, 3, 2))
    before = {name: array.copy() for name, array in case.items()}

    for input_gradient, batch in product(("before_update", "after_update"), ("sum", "first")):
        ps1.affine_backward(case, input_gradient=input_gradient, batch=batch)

    for name, array in before.items():
        np.testing.assert_array_equal(case[name], array)
