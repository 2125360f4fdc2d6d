"""Training with dropout: both libraries, a student's plain loop, and finite differences."""

from dataclasses import replace
from itertools import product
from typing import get_args

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import nn

from reference import dropout_training, dropout_training_torch, hw1, two_layer
from reference.keep_flags import Order
from reference.settings import (
    Bias,
    Decimals,
    Draws,
    Dropout,
    Keep,
    LogitGradient,
    MaskInBackward,
    MaskPer,
    Reduction,
    ReluDerivative,
    Scale,
    SoftmaxAxis,
    SoftmaxPasses,
    Steps,
    Target,
    TrainingSettings,
    training_settings,
)

LOSS_CHOICES = {
    "softmax_axis": SoftmaxAxis,
    "softmax_passes": SoftmaxPasses,
    "logit_gradient": LogitGradient,
    "relu_derivative": ReluDerivative,
    "target": Target,
}
TRAINING_CHOICES = {
    "batch": Steps,
    "reduction": Reduction,
    "scale": Scale,
    "mask_in_backward": MaskInBackward,
    "dropout": Dropout,
    "mask_per": MaskPer,
    "keep": Keep,
    "draws": Draws,
    "bias": Bias,
    "decimals": Decimals,
}
CHOICES = TRAINING_CHOICES | LOSS_CHOICES
SMALL = {"learning_rate": 0.05, "epochs": 3, "rate": 0.3}
SIZES = st.tuples(*(st.integers(1, 5) for _ in range(4)))
SEEDS = st.integers(0, 2**32 - 1)
# The settings that mean something, told apart here: hypothesis gives up where most are refused.
OPTIONS = [
    options
    for chosen in product(*map(get_args, TRAINING_CHOICES.values()))
    if not training_settings(
        SMALL, **(options := dict(zip(TRAINING_CHOICES, chosen, strict=True)))
    ).repeats_another
]
LOSS_OPTIONS = st.fixed_dictionaries(
    {name: st.sampled_from(get_args(choice)) for name, choice in LOSS_CHOICES.items()}
)
EACH_VALUE = [(name, value) for name, choice in CHOICES.items() for value in get_args(choice)]


def draw_streams(settings: TrainingSettings, sizes, streams=3, seed=0):
    """Draw keep flags of the length a setting needs, or None where it needs none."""
    N, D, H, _ = sizes
    order = Order(settings, N, D if settings.dropout == "input" else H)
    if order.length == 0:
        return None
    return dropout_training.draw_masks(seed, (streams, order.length), settings.rate)


def train_both(problem, settings, masks):
    found = dropout_training.train(problem.x, problem.y, problem.network, settings, masks)
    in_torch = dropout_training_torch.train(
        *problem.in_torch, settings, None if masks is None else torch.tensor(masks)
    )
    return found, in_torch


@pytest.mark.parametrize(("name", "value"), EACH_VALUE)
def test_libraries_agree_under_each_setting(draw_problem, name, value):
    sizes = (3, 4, 5, 3)
    settings = training_settings(SMALL, **{name: value})
    if settings.repeats_another:
        settings = training_settings(SMALL, softmax_passes=2, **{name: value})
    problem = draw_problem(5, sizes)

    found, in_torch = train_both(problem, settings, draw_streams(settings, sizes))

    for part, array in found.items():
        np.testing.assert_allclose(array, in_torch[part], rtol=1e-12, atol=1e-12, err_msg=part)


@settings(deadline=None, max_examples=60)
@given(seed=SEEDS, sizes=SIZES, options=st.sampled_from(OPTIONS), loss=LOSS_OPTIONS)
def test_libraries_agree_on_any_data_and_any_settings(draw_problem, seed, sizes, options, loss):
    settings = training_settings(SMALL, **options, **loss)
    assume(not settings.repeats_another)
    problem = draw_problem(seed, sizes)

    found, in_torch = train_both(problem, settings, draw_streams(settings, sizes, seed=seed))

    for part, array in found.items():
        np.testing.assert_allclose(array, in_torch[part], rtol=1e-12, atol=1e-12, err_msg=part)


def loss_with_dropout(problem, network, settings, mask):
    """Form the loss of a step from its mask, with nothing of the reference's backward pass."""
    factor = mask * settings.factor
    x = problem.x * (factor if settings.dropout == "input" else 1)
    hidden = np.maximum(x @ network.w1 + network.b1, 0)
    hidden = hidden * (factor if settings.dropout == "hidden" else 1)
    logits = hidden @ network.w2 + network.b2
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    losses = -np.log((p * problem.y).sum(axis=1))
    entries = {"sum": 1, "mean": len(losses), "entries": problem.y.size}
    return losses.sum() / entries[settings.reduction]


@settings(deadline=None, max_examples=40)
@given(
    seed=SEEDS,
    sizes=SIZES,
    options=st.fixed_dictionaries(
        {
            "reduction": st.sampled_from(get_args(Reduction)),
            "scale": st.sampled_from(get_args(Scale)),
            "dropout": st.sampled_from(("hidden", "input")),
            "mask_per": st.sampled_from(get_args(MaskPer)),
        }
    ),
)
def test_a_step_goes_down_the_slope_of_the_masked_loss(draw_problem, seed, sizes, options):
    constants = {"learning_rate": 1.0, "epochs": 1, "rate": 0.3}
    settings = training_settings(constants, bias="trained", **options)
    problem = draw_problem(seed, sizes)
    masks = draw_streams(settings, sizes, streams=1, seed=seed)
    mask = Order(settings, sizes[0], sizes[1 if settings.dropout == "input" else 2]).by_step(masks)
    dropped = problem.x * (mask[0, 0] if settings.dropout == "input" else 1)
    z = two_layer.forward(dropped, problem.network).preactivation
    assume(np.abs(z).min() > 1e-3)

    found, _ = train_both(problem, settings, masks)

    for name, start in problem.parts.items():
        for index in np.ndindex(start.shape):
            nudge = np.zeros_like(start)
            nudge[index] = 1e-5
            ahead, behind = (
                loss_with_dropout(
                    problem, replace(problem.network, **{name: part}), settings, mask[0, 0]
                )
                for part in (start + nudge, start - nudge)
            )
            slope = (ahead - behind) / 2e-5
            gradient = start[index] - found[name][0][index]
            assert gradient == pytest.approx(slope, rel=1e-6, abs=1e-7)


class StudentNet(nn.Module):
    """A network as a student writes it, remembering the masks its dropout drew."""

    def __init__(self, start, rate):
        super().__init__()
        self.first = nn.Linear(*start["w1"].shape, bias=False, dtype=torch.float64)
        self.second = nn.Linear(*start["w2"].shape, bias=False, dtype=torch.float64)
        self.first.weight.data = torch.tensor(start["w1"].T.copy())
        self.second.weight.data = torch.tensor(start["w2"].T.copy())
        self.dropout = nn.Dropout(rate)
        self.flags = []

    def forward(self, x):
        hidden = torch.relu(self.first(x))
        dropped = self.dropout(hidden)
        assert (hidden > 0).all()  # or a zero would not tell a mask
        self.flags.append((dropped != 0).double())
        return self.second(dropped)


def train_as_a_student(batch, reduction, rate, seed):
    """Train HW-1's network with nn.Dropout and SGD, the usual way."""
    given = hw1.GIVEN
    x = torch.tensor(np.array([given["x1"], given["x2"]]))
    labels = torch.tensor([1, 0])
    torch.manual_seed(seed)
    net = StudentNet(given, rate)
    torch.manual_seed(seed)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
    loss_of = nn.CrossEntropyLoss(reduction=reduction)
    singly = [slice(0, 1), slice(1, 2)]
    steps = {
        "together": [slice(0, 2)] * 100,
        "apart": singly * 100,
        "in_turn": [singly[0]] * 100 + [singly[1]] * 100,
    }
    for rows in steps[batch]:
        optimizer.zero_grad()
        loss_of(net(x[rows]), labels[rows]).backward()
        optimizer.step()
    flags = torch.stack(net.flags).numpy().reshape(1, -1)
    weights = {"w1": net.first.weight.T, "w2": net.second.weight.T}
    return {name: part.detach().numpy() for name, part in weights.items()}, flags


@pytest.mark.parametrize("keep", ["as_asked", "swapped_throughout"])
@pytest.mark.parametrize(
    ("batch", "reduction"),
    [("together", "sum"), ("together", "mean"), ("apart", "sum"), ("in_turn", "sum")],
)
def test_numpy_replays_the_masks_that_nn_dropout_drew(batch, reduction, keep):
    rate = 0.4 if keep == "as_asked" else 0.6
    trained, flags = train_as_a_student(batch, reduction, rate, seed=7)

    settings = {"batch": batch, "reduction": reduction, "keep": keep}
    found = hw1.trained_weights(
        hw1.GIVEN, masks=flags, kept=np.array([1 - rate], dtype=np.float32), **settings
    )

    assert flags.shape[1] == hw1.trained_weights_draws(hw1.GIVEN, **settings)
    for name, expected in trained.items():
        np.testing.assert_allclose(found[name][0], expected, rtol=0, atol=1e-10)


@pytest.mark.parametrize(("batch", "calls", "rows"), [("together", 100, 2), ("apart", 200, 1)])
def test_masks_of_a_torch_seed_are_those_nn_dropout_draws(batch, calls, rows):
    _, flags = train_as_a_student(batch, "sum", 0.4, seed=11)
    before = torch.random.get_rng_state()

    found = dropout_training_torch.draw_masks(11, (calls, rows, 4), 0.4)

    np.testing.assert_array_equal(found.reshape(1, -1), flags)
    assert torch.equal(torch.random.get_rng_state(), before)


def test_masks_of_a_numpy_seed_are_those_a_loop_draws():
    rng = np.random.default_rng(3)
    expected = [rng.random((2, 4)) >= 0.4 for _ in range(50)]

    found = dropout_training.draw_masks(3, (50, 2, 4), 0.4)

    assert found.dtype == np.float64
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("module", [dropout_training, dropout_training_torch])
def test_masks_keep_a_unit_with_one_minus_the_rate(module):
    found = np.asarray(module.draw_masks(0, (10, 1000), 0.4))

    assert set(np.unique(found)) == {0.0, 1.0}
    assert found.mean() == pytest.approx(0.6, abs=0.03)


def test_a_simulation_is_the_same_alone_and_among_many(draw_problem, monkeypatch):
    sizes = (3, 4, 5, 3)
    problem = draw_problem(2, sizes)
    settings = training_settings(SMALL)
    masks = draw_streams(settings, sizes, streams=7)
    monkeypatch.setattr(dropout_training, "AT_ONCE", 3)

    many, _ = train_both(problem, settings, masks)

    for row, mask in enumerate(masks):
        alone, _ = train_both(problem, settings, mask[None])
        np.testing.assert_allclose(many["w1"][row], alone["w1"][0], rtol=1e-12)


@pytest.mark.parametrize("batch", get_args(Steps))
def test_training_without_dropout_equals_keeping_every_unit(draw_problem, batch):
    sizes = (3, 4, 5, 3)
    problem = draw_problem(6, sizes)
    settings = training_settings(SMALL, batch=batch, scale="none")
    masks = np.ones_like(draw_streams(settings, sizes, streams=1))

    kept, _ = train_both(problem, settings, masks)
    plain, _ = train_both(problem, training_settings(SMALL, batch=batch, dropout="none"), None)

    for name, part in plain.items():
        np.testing.assert_allclose(kept[name], part, rtol=1e-12, atol=1e-13)


def test_training_leaves_the_start_as_it_was(draw_problem):
    sizes = (3, 4, 5, 3)
    problem = draw_problem(2, sizes)
    before = {name: part.copy() for name, part in problem.parts.items()}
    settings = training_settings(SMALL, bias="trained")

    train_both(problem, settings, draw_streams(settings, sizes))

    for name, part in problem.parts.items():
        np.testing.assert_array_equal(part, before[name])


@pytest.mark.parametrize("train", [dropout_training.train, dropout_training_torch.train])
def test_masks_of_the_wrong_length_are_refused(draw_problem, train):
    problem = draw_problem(0, (2, 3, 4, 2))
    arguments = (problem.x, problem.y, problem.network)
    masks = np.ones((1, 5))
    if train is dropout_training_torch.train:
        arguments, masks = problem.in_torch, torch.tensor(masks)

    with pytest.raises(ValueError, match=r"shape \(S, 24\)"):
        train(*arguments, training_settings(SMALL), masks)


def test_gradients_rounded_to_four_decimals_move_in_whole_steps(draw_problem):
    sizes = (3, 4, 5, 3)
    problem = draw_problem(4, sizes)
    constants = {"learning_rate": 1.0, "epochs": 1, "rate": 0.3}
    settings = training_settings(constants, decimals="four")
    exact = training_settings(constants)
    masks = draw_streams(settings, sizes)

    rounded = train_both(problem, settings, masks)[0]["w1"] - problem.network.w1
    moved = train_both(problem, exact, masks)[0]["w1"] - problem.network.w1

    np.testing.assert_allclose(rounded * 1e4, np.round(rounded * 1e4), atol=1e-8)
    assert 0 < np.abs(rounded - moved).max() <= 0.5001e-4
