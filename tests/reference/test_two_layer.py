"""The two-layer network's passes: both libraries against each other and finite differences."""

from dataclasses import replace
from itertools import product
from typing import get_args

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reference import two_layer, two_layer_torch
from reference.settings import (
    LogitGradient,
    LossSettings,
    ReluDerivative,
    SoftmaxAxis,
    SoftmaxPasses,
    Target,
)

SIZES = st.tuples(*(st.integers(1, 6) for _ in range(4)))
SEEDS = st.integers(0, 2**32 - 1)
CHOICES = (SoftmaxAxis, SoftmaxPasses, LogitGradient, ReluDerivative, Target)
NAMES = ("softmax_axis", "softmax_passes", "logit_gradient", "relu_derivative", "target")
ALL_LOSSES = [
    LossSettings(**dict(zip(NAMES, chosen, strict=True)))
    for chosen in product(*(get_args(choice) for choice in CHOICES))
]
TRUE_LOSSES = [
    loss for loss in ALL_LOSSES if (loss.logit_gradient, loss.relu_derivative) == ("exact", "step")
]


def textbook_loss(x, y, network, loss):
    """Sum the cross-entropy of all examples, written out entry by entry."""
    if loss.target != "label":
        y = np.eye(y.shape[1])[[0 if loss.target == "first" else -1] * len(y)]
    z = np.array([[row @ network.w1[:, h] for h in range(len(network.b1))] for row in x])
    z = z + network.b1
    p = np.where(z > 0, z, 0) @ network.w2 + network.b2
    for _ in range(loss.softmax_passes):
        if loss.softmax_axis == "row":
            p = np.array([np.exp(row) / np.exp(row).sum() for row in p])
        elif loss.softmax_axis == "column":
            p = np.array([np.exp(column) / np.exp(column).sum() for column in p.T]).T
        else:
            p = np.exp(p) / np.exp(p).sum()
    return -(y * np.log(p)).sum()


def central_differences(loss_of, start, step=1e-5):
    slope = np.zeros_like(start)
    for index in np.ndindex(start.shape):
        ahead, behind = start.copy(), start.copy()
        ahead[index] += step
        behind[index] -= step
        slope[index] = (loss_of(ahead) - loss_of(behind)) / (2 * step)
    return slope


@pytest.mark.parametrize("loss", ALL_LOSSES, ids=str)
def test_libraries_agree_on_gradients_under_every_setting(draw_problem, loss):
    problem = draw_problem(3, (3, 4, 5, 3))

    found = two_layer.gradients(problem.x, problem.y, problem.network, loss)
    expected = two_layer_torch.gradients(*problem.in_torch, loss)

    assert found.keys() == expected.keys()
    for name, array in found.items():
        np.testing.assert_allclose(array, expected[name], rtol=1e-12, atol=1e-12, err_msg=name)


@settings(deadline=None, max_examples=100)
@given(seed=SEEDS, sizes=SIZES, loss=st.sampled_from(ALL_LOSSES))
def test_libraries_agree_on_data_of_any_shape(draw_problem, seed, sizes, loss):
    problem = draw_problem(seed, sizes)
    x, y, network = problem.in_torch

    logits = two_layer.forward(problem.x, problem.network).logits
    logits_torch = two_layer_torch.forward(x, network)
    found = two_layer.gradients(problem.x, problem.y, problem.network, loss)
    expected = two_layer_torch.gradients(x, y, network, loss)

    pairs = {name: (found[name], expected[name]) for name in found}
    pairs["probabilities"] = (
        two_layer.probabilities(logits, loss)[-1],
        two_layer_torch.probabilities(logits_torch, loss),
    )
    pairs["losses"] = (
        two_layer.cross_entropy(logits, problem.y, loss),
        two_layer_torch.cross_entropy(logits_torch, y, loss),
    )
    for name, (array, other) in pairs.items():
        np.testing.assert_allclose(array, other, rtol=1e-12, atol=1e-12, err_msg=name)


@settings(deadline=None, max_examples=40)
@given(seed=SEEDS, sizes=SIZES, loss=st.sampled_from(TRUE_LOSSES))
def test_gradients_are_the_slopes_of_the_textbook_loss(draw_problem, seed, sizes, loss):
    problem = draw_problem(seed, sizes)
    z = two_layer.forward(problem.x, problem.network).preactivation
    assume(np.abs(z).min() > 1e-3)  # relu has no slope at 0

    found = two_layer.gradients(problem.x, problem.y, problem.network, loss)
    in_torch = two_layer_torch.gradients(*problem.in_torch, loss)

    for name, start in problem.parts.items():
        slope = central_differences(
            lambda part, name=name: textbook_loss(
                problem.x, problem.y, replace(problem.network, **{name: part}), loss
            ),
            start,
        )
        np.testing.assert_allclose(found[name].sum(axis=0), slope, rtol=1e-6, atol=1e-7)
        np.testing.assert_allclose(in_torch[name].sum(0), slope, rtol=1e-6, atol=1e-7)


@settings(deadline=None, max_examples=20)
@given(seed=SEEDS, sizes=SIZES)
def test_gradient_of_the_inputs_is_a_slope_too(draw_problem, seed, sizes):
    problem = draw_problem(seed, sizes)
    z = two_layer.forward(problem.x, problem.network).preactivation
    assume(np.abs(z).min() > 1e-3)
    loss = LossSettings()

    found = two_layer.gradients(problem.x, problem.y, problem.network, loss)["input"]

    slope = central_differences(
        lambda x: textbook_loss(x, problem.y, problem.network, loss), problem.x
    )
    np.testing.assert_allclose(found, slope, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("axis", get_args(SoftmaxAxis))
def test_softmax_survives_large_logits(axis):
    logits = np.array([[1000.0, 0.0], [-1000.0, 999.0]])

    found = two_layer.softmax(logits, softmax_axis=axis)

    assert np.isfinite(found).all()
    assert found.sum() == pytest.approx(1 if axis == "batch" else 2)


@pytest.mark.parametrize(
    "mistake",
    [
        LossSettings(softmax_passes=2),
        LossSettings(softmax_axis="batch"),
        LossSettings(softmax_axis="column"),
        LossSettings(softmax_passes=2, logit_gradient="shortcut"),
        LossSettings(relu_derivative="missing"),
        LossSettings(relu_derivative="activation"),
        LossSettings(target="first"),
        LossSettings(target="last"),
    ],
    ids=str,
)
def test_a_mistake_changes_the_gradient_of_w1(draw_problem, mistake):
    problem = draw_problem(0, (4, 3, 5, 3))

    right = two_layer.gradients(problem.x, problem.y, problem.network, LossSettings())["w1"]
    wrong = two_layer.gradients(problem.x, problem.y, problem.network, mistake)["w1"]

    assert np.abs(right - wrong).max() > 1e-2


def test_a_hard_coded_target_ignores_the_labels(draw_problem):
    problem = draw_problem(1, (4, 3, 5, 3))
    others = problem.y[:, ::-1]
    first = LossSettings(target="first")

    found = two_layer.gradients(problem.x, problem.y, problem.network, first)["w1"]
    relabelled = two_layer.gradients(problem.x, others, problem.network, first)["w1"]
    meant = two_layer.gradients(problem.x, np.eye(3)[[0] * 4], problem.network, LossSettings())[
        "w1"
    ]

    np.testing.assert_array_equal(found, relabelled)
    np.testing.assert_array_equal(found, meant)
