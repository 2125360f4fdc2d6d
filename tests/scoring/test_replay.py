"""Weights after random training: a plain training loop written here, graded on its own draws."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rubrics
from grader.recording.model import Draws, Recording
from grader.rubric.reference import open_rubric
from grader.scoring.grade import Scorer
from grader.scoring.replay import keep_streams
from grader.scoring.verdict import Verdict
from tests.recordings import recording, value

X = np.array([[1.0, 2, 3], [4, 5, 6]])
Y = np.array([[0.0, 1], [1, 0]])
W1 = np.arange(1, 13).reshape(3, 4) / 10
W2 = np.arange(2, 10).reshape(4, 2) / 10
EPOCHS, RATE, STEP = 100, 0.4, 0.01


def softmax(z: np.ndarray) -> np.ndarray:
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def trained(
    draw: Callable[[int], np.ndarray],
    keep: Callable[[np.ndarray], np.ndarray] = lambda u: u < 1 - RATE,
    scale: float = 1 / (1 - RATE),
    masked_backward: bool = True,
    on_input: bool = False,
    mean: bool = False,
    start: tuple[np.ndarray, np.ndarray] = (W1, W2),
) -> tuple[np.ndarray, np.ndarray]:
    w1, w2 = start[0].copy(), start[1].copy()
    for epoch in range(EPOCHS):
        mask = keep(draw(epoch)) * scale
        x = X * mask if on_input else X
        h = np.maximum(x @ w1, 0)
        dropped = h if on_input else h * mask
        z = dropped @ w2
        d = softmax(z) - Y
        if mean:
            d /= 2
        dh = d @ w2.T
        if masked_backward and not on_input:
            dh = dh * mask
        w1 -= STEP * (x.T @ (dh * (h > 0)))
        w2 -= STEP * (dropped.T @ d)
    return w1, w2


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return Scorer(*open_rubric(Path(rubrics.__file__).parent / "hw1.toml"))


def judge(scorer: Scorer, found: Recording) -> Verdict:
    verdicts = {v.question: v for v in scorer.grade(found).verdicts}
    return verdicts["dropout-numpy"]


def training(uniform: np.ndarray, weights: tuple[np.ndarray, np.ndarray], **more: Any) -> Recording:
    draws = Draws(uniform, 3, "numpy", "rand")
    w1, w2 = weights
    return recording(
        value("w1", w1, cell=3),
        value("w2", w2, cell=3),
        sources=["pass"] * 3,
        draws=[draws],
        **more,
    )


UNIFORM = np.random.default_rng(7).random((EPOCHS, 2, 4))


def test_weights_are_reproduced_from_the_draws_of_the_run(scorer: Scorer) -> None:
    verdict = judge(scorer, training(UNIFORM, trained(UNIFORM.__getitem__)))

    assert (verdict.outcome, verdict.points, verdict.mistakes) == ("correct", 20, ())
    assert max(piece.max_abs_error for piece in verdict.evidence) < 1e-12
    assert "replayed with the random draws of this run" in verdict.explanation


def test_draws_made_before_and_after_the_training_do_no_harm(scorer: Scorer) -> None:
    padded = np.concatenate([UNIFORM, UNIFORM[::-1]])

    verdict = judge(scorer, training(padded, trained(UNIFORM.__getitem__)))

    assert verdict.points == 20


def test_masks_drawn_units_first_are_read(scorer: Scorer) -> None:
    verdict = judge(scorer, training(UNIFORM.swapaxes(1, 2), trained(UNIFORM.__getitem__)))

    assert verdict.points == 20


@pytest.mark.parametrize(
    ("how", "mistakes", "points"),
    [
        ({"keep": lambda u: u >= RATE}, (), 20),
        ({"mean": True}, (), 20),
        ({"scale": 1.0}, ("no-rescaling",), 20),
        ({"masked_backward": False}, ("mask-not-in-backward",), 10),
        (
            {"masked_backward": False, "scale": 1.0},
            ("no-rescaling", "mask-not-in-backward"),
            10,
        ),
        ({"keep": lambda u: u < RATE}, ("keep-drop-swapped",), 10),
        ({"keep": lambda u: u < RATE, "scale": 1 / RATE}, ("keep-drop-swapped",), 10),
        ({"keep": np.ones_like, "scale": 1.0}, ("no-dropout",), 5),
    ],
)
def test_what_was_done_is_named_and_priced(
    scorer: Scorer, how: dict[str, Any], mistakes: tuple[str, ...], points: float
) -> None:
    verdict = judge(scorer, training(UNIFORM, trained(UNIFORM.__getitem__, **how)))

    assert (verdict.mistakes, verdict.points) == (mistakes, points)


def test_dropout_on_the_input_is_named(scorer: Scorer) -> None:
    uniform = np.random.default_rng(8).random((EPOCHS, 2, 3))

    verdict = judge(scorer, training(uniform, trained(uniform.__getitem__, on_input=True)))

    assert (verdict.mistakes, verdict.points) == (("dropout-on-input",), 10)


def test_a_seed_reset_in_every_epoch_is_named(scorer: Scorer) -> None:
    uniform = np.broadcast_to(UNIFORM[0], UNIFORM.shape).copy()

    verdict = judge(scorer, training(uniform, trained(uniform.__getitem__)))

    assert (verdict.mistakes, verdict.points) == (("same-mask-every-epoch",), 10)


def test_a_training_that_starts_from_trained_weights_is_named(scorer: Scorer) -> None:
    first = trained(lambda e: UNIFORM[::-1][e])
    second = trained(UNIFORM.__getitem__, start=first)
    found = recording(
        value("out", softmax(np.maximum(X @ W1, 0) @ W2), cell=1),
        value("w1", first[0], cell=2, last_cell=2),
        value("w2", first[1], cell=2, last_cell=2),
        value("w1", second[0], cell=3),
        value("w2", second[1], cell=3),
        sources=["pass"] * 3,
        draws=[Draws(UNIFORM, 3, "numpy", "rand")],
    )

    verdict = judge(scorer, found)

    assert (verdict.mistakes, verdict.points) == (("weights-not-reset",), 10)


def test_weights_that_no_draw_reproduces_are_left_to_a_person(scorer: Scorer) -> None:
    other = np.random.default_rng(9).random(UNIFORM.shape)

    verdict = judge(scorer, training(other, trained(UNIFORM.__getitem__)))

    assert (verdict.outcome, verdict.points, verdict.needs_review) == ("ungraded", 0, True)
    assert all(remark.startswith("What any such training leaves") for remark in verdict.remarks)


def test_of_several_values_those_of_the_right_structure_are_shown_to_the_person(
    scorer: Scorer,
) -> None:
    w1, w2 = trained(UNIFORM.__getitem__)
    names = {"da": X.T @ np.ones((2, 4)) * 0.1, "a": w1, "db": np.full((4, 2), 0.1), "b": w2}
    found = recording(*(value(name, array) for name, array in names.items()))

    verdict = judge(scorer, found)

    assert verdict.outcome == "ungraded"
    assert verdict.explanation.startswith("`a` (cell 1) and `b` (cell 1):")


def test_half_of_the_weights_is_worth_half(scorer: Scorer) -> None:
    w1, _ = trained(UNIFORM.__getitem__)
    found = recording(value("w1", w1), draws=[Draws(UNIFORM, 1, "numpy", "rand")])

    verdict = judge(scorer, found)

    assert (verdict.outcome, verdict.points) == ("partial", 10)


def test_draws_of_zero_and_one_are_flags_or_their_opposite() -> None:
    drawn = Draws(np.array([[1, 0], [0, 1]]), 1, "numpy", "binomial", {"p": 0.6})

    streams = keep_streams([drawn], 4, 0.4)

    assert streams is not None
    assert {tuple(row): kept for row, kept in zip(streams.flags, streams.kept, strict=True)} == {
        (1, 0, 0, 1): 0.6,
        (0, 1, 1, 0): 0.4,
    }


def test_too_few_draws_give_no_stream() -> None:
    assert keep_streams([Draws(np.full((3,), 0.5), 1, "numpy", "rand")], 4, 0.4) is None


def test_flags_that_come_up_alike_are_kept_with_a_half() -> None:
    flags = np.random.default_rng(3).integers(0, 2, (100, 8))

    streams = keep_streams([Draws(flags, 1, "numpy", "randint")], 800, 0.4)

    assert streams is not None
    assert set(streams.kept) == {0.5}


def test_flags_of_an_unlikely_share_give_no_stream() -> None:
    flags = np.zeros((100, 8))
    flags[:, :2] = 1

    assert keep_streams([Draws(flags, 1, "numpy", "unknown")], 800, 0.4) is None


def test_an_empty_draw_is_no_stream() -> None:
    assert keep_streams([Draws(np.empty((1, 0)), 1, "numpy", "rand")], 4, 0.4) is None


def test_whole_numbers_that_come_up_alike_are_shares_of_the_interval(scorer: Scorer) -> None:
    tenths = np.random.default_rng(3).integers(0, 10, (EPOCHS, 2, 4))
    weights = trained(tenths.__getitem__, keep=lambda n: n < 6)
    draws = Draws(tenths, 3, "numpy", "randint", {"low": 0.0, "high": 10.0})
    parts = [value("w1", weights[0], cell=3), value("w2", weights[1], cell=3)]

    verdict = judge(scorer, recording(*parts, sources=["pass"] * 3, draws=[draws]))

    assert (verdict.outcome, verdict.points) == ("correct", 20)


def test_draws_of_zero_and_one_other_number_are_flags() -> None:
    scaled = np.random.default_rng(4).choice([0, 1 / 0.6], p=[0.4, 0.6], size=(1, 40))

    streams = keep_streams([Draws(scaled, 1, "numpy", "choice")], 40, RATE)

    assert streams is not None
    assert (streams.flags == (scaled > 0)).all(axis=1).any()


@pytest.mark.parametrize(
    ("source", "changed"),
    [("lr = 0.05", {"step": 0.05}), ("for e in range(90): pass", {"epochs": 90})],
)
def test_a_training_with_other_numbers_is_wrong_data(
    scorer: Scorer, source: str, changed: dict[str, Any]
) -> None:
    drawn = UNIFORM[: changed.get("epochs", EPOCHS)]
    weights = descent(drawn, **changed)
    parts = [value("w1", weights[0], cell=3), value("w2", weights[1], cell=3)]
    sources = ["pass", "pass", source]
    found = recording(*parts, sources=sources, draws=[Draws(drawn, 3, "numpy", "rand")])

    verdict = judge(scorer, found)

    assert (verdict.points, verdict.mistakes) == (15, ("wrong-data",))


def test_a_training_that_goes_on_from_one_of_the_same_cell_is_named(scorer: Scorer) -> None:
    first = descent(np.zeros((40, 2, 4)), scale=1.0)
    weights = trained(UNIFORM.__getitem__, start=first)

    verdict = judge(scorer, _going_on(weights))

    assert verdict.mistakes == ("weights-not-reset",)


def test_half_of_the_weights_earns_nothing_where_the_other_half_does_not_fit(
    scorer: Scorer,
) -> None:
    w1, w2 = trained(UNIFORM.__getitem__)

    verdict = judge(scorer, training(UNIFORM, (w1 + 0.01, w2)))

    assert (verdict.outcome, verdict.points) == ("ungraded", 0)


def _going_on(weights: tuple[np.ndarray, np.ndarray]) -> Recording:
    parts = [value("w1", weights[0], cell=3), value("w2", weights[1], cell=3)]
    sources = ["pass", "pass", "for step in range(40): pass"]
    return recording(*parts, sources=sources, draws=[Draws(UNIFORM, 3, "numpy", "rand")])


def descent(
    drawn: np.ndarray, *, step: float = STEP, epochs: int = EPOCHS, scale: float = 1 / (1 - RATE)
) -> tuple[np.ndarray, np.ndarray]:
    w1, w2 = W1.copy(), W2.copy()
    for uniform in drawn:
        mask = (uniform < 1 - RATE) * scale
        h = np.maximum(X @ w1, 0)
        d = softmax((h * mask) @ w2) - Y
        back = (d @ w2.T) * mask * (h > 0)
        w1, w2 = w1 - step * (X.T @ back), w2 - step * ((h * mask).T @ d)
    return w1, w2
