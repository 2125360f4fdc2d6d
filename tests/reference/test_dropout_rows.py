"""Trainings taken together against the plain ones, each by itself."""

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference import dropout_rows
from reference.dropout_rows import Layout, Problem
from reference.dropout_training import draw_masks, train
from reference.keep_flags import Order
from reference.settings import (
    Bias,
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
    training_settings,
)

SMALL = {"learning_rate": 0.05, "epochs": 3, "rate": 0.3}
CHOICES = {
    "batch": Steps,
    "reduction": Reduction,
    "scale": Scale,
    "mask_in_backward": MaskInBackward,
    "dropout": Dropout,
    "mask_per": MaskPer,
    "keep": Keep,
    "draws": Draws,
    "bias": Bias,
    "softmax_axis": SoftmaxAxis,
    "softmax_passes": SoftmaxPasses,
    "logit_gradient": LogitGradient,
    "relu_derivative": ReluDerivative,
    "target": Target,
}
EACH_ALONE = [{name: value} for name, choice in CHOICES.items() for value in get_args(choice)]
# One or two choices that differ from the defaults: of more, most contradict each other.
OPTIONS = st.lists(st.sampled_from(EACH_ALONE), max_size=3).map(
    lambda chosen: {name: value for one in chosen for name, value in one.items()}
)
SIZES = st.tuples(*(st.integers(1, 4) for _ in range(4)))
SEEDS = st.integers(0, 2**32 - 1)


def draw_streams(all_settings, sizes, seed):
    """Draw streams of every length needed, kept at either rate, one of them the same each epoch."""
    N, D, H, _ = sizes
    streams = {}
    for one in all_settings:
        order = Order(one, N, D if one.dropout == "input" else H)
        if order.length and order.length not in streams:
            kept = np.array([0.7, 0.3, 0.7, 0.7])
            flags = np.stack(
                [draw_masks(seed + n, (order.length,), 1 - k) for n, k in enumerate(kept)]
            )
            flags[3] = np.resize(flags[3, : N * H], order.length)
            streams[order.length] = flags, kept
    return streams


def trained_singly(problem, one, streams):
    """Return the rows of a setting by their stream, from the plain training."""
    units = problem.x.shape[1] if one.dropout == "input" else len(problem.network.b1)
    order = Order(one, len(problem.x), units)
    if not order.length:
        return {}
    masks, kept = streams[order.length]
    rows = np.flatnonzero(order.described(masks, kept))
    found = train(problem.x, problem.y, problem.network, one, masks[rows])
    return {int(row): (found["w1"][n], found["w2"][n]) for n, row in enumerate(rows)}


def rows_by_owner(found):
    by_owner = {}
    for rows in found:
        for n, owner in enumerate(zip(rows.settings, rows.givens, strict=True)):
            place = by_owner.setdefault(tuple(map(int, owner)), {})
            place[int(rows.streams[n])] = rows.parts["w1"][n], rows.parts["w2"][n]
    return by_owner


def assert_as_trained_singly(problems, all_settings, streams):
    together = rows_by_owner(Layout(all_settings).train(problems, streams))

    for given_place, problem in enumerate(problems):
        for place, one in enumerate(all_settings):
            expected = trained_singly(problem, one, streams)
            actual = together.get((place, given_place), {})
            assert actual.keys() == expected.keys(), one
            for stream, parts in expected.items():
                for got, part in zip(actual[stream], parts, strict=True):
                    np.testing.assert_allclose(got, part, rtol=1e-9, atol=1e-11, err_msg=str(one))


def problem_of(drawn, biased):
    start = drawn.network
    if not biased:
        start = replace(start, b1=np.zeros_like(start.b1), b2=np.zeros_like(start.b2))
    return Problem(drawn.x, drawn.y, start)


@settings(deadline=None, max_examples=80)
@given(
    seed=SEEDS,
    sizes=SIZES,
    chosen=st.lists(OPTIONS, min_size=1, max_size=6),
    problems=st.integers(1, 2),
    biased=st.booleans(),
)
def test_rows_are_what_each_training_gives_by_itself(
    draw_problem, seed, sizes, chosen, problems, biased
):
    all_settings = [training_settings(SMALL, **options) for options in chosen]
    drawn = [problem_of(draw_problem(seed + n, sizes), biased) for n in range(problems)]

    assert_as_trained_singly(drawn, all_settings, draw_streams(all_settings, sizes, seed))


@pytest.mark.parametrize("classes", [2, 3])
@pytest.mark.parametrize("biased", [False, True])
def test_every_setting_at_once(draw_problem, classes, biased):
    sizes = (2, 3, 4, classes)
    problem = problem_of(draw_problem(3, sizes), biased)
    all_settings = [training_settings(SMALL, **options) for options in EACH_ALONE]
    all_settings += [
        training_settings(SMALL, **{"softmax_passes": 2, "logit_gradient": "shortcut"} | options)
        for options in EACH_ALONE
    ]
    streams = draw_streams(all_settings, sizes, 5)

    assert_as_trained_singly([problem], all_settings, streams)


def test_rows_are_the_same_however_many_are_taken_at_once(draw_problem, monkeypatch):
    one = draw_problem(4, (2, 3, 4, 2))
    all_settings = [training_settings(SMALL, **options) for options in EACH_ALONE]
    streams = draw_streams(all_settings, (2, 3, 4, 2), 5)
    monkeypatch.setattr(dropout_rows, "AT_ONCE", 7)

    assert_as_trained_singly([Problem(one.x, one.y, one.network)], all_settings, streams)


def test_labels_that_are_no_one_hot_rows_are_taken_as_they_are(draw_problem):
    one = draw_problem(4, (2, 3, 4, 2))
    y = np.array([[0.0, 2.0], [1.0, 1.0]])
    all_settings = [training_settings(SMALL, softmax_passes=passes) for passes in (1, 2)]
    streams = draw_streams(all_settings, (2, 3, 4, 2), 6)

    labelled = replace(problem_of(one, biased=False), y=y)

    assert_as_trained_singly([labelled], all_settings, streams)


def test_the_start_is_left_as_it_was(draw_problem):
    one = draw_problem(2, (2, 3, 4, 2))
    before = {name: part.copy() for name, part in one.parts.items()}
    all_settings = [training_settings(SMALL), training_settings(SMALL, bias="trained")]

    Layout(all_settings).train(
        [Problem(one.x, one.y, one.network)], draw_streams(all_settings, (2, 3, 4, 2), 1)
    )

    for name, part in one.parts.items():
        np.testing.assert_array_equal(part, before[name])


def test_streams_of_a_length_nobody_drew_give_no_rows(draw_problem):
    one = draw_problem(2, (2, 3, 4, 2))

    found = Layout([training_settings(SMALL)]).train([Problem(one.x, one.y, one.network)], {})

    assert sum(len(rows.settings) for rows in found) == 0


def test_rounded_gradients_are_not_taken_together():
    with pytest.raises(ValueError, match="rounded"):
        Layout([training_settings(SMALL, decimals="four")])
