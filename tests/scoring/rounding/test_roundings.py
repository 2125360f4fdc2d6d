"""Roundings that grow in a training: single precision is excused, another training is not."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rubrics
from grader.recording.model import Draws, Recording
from grader.rubric.reference import open_rubric
from grader.scoring.grade import Scorer
from grader.scoring.rounding.roundings import CHANGES, Roundings, changed, joined, way_of
from grader.scoring.verdict import Verdict
from reference.hw1_given import GIVEN, Parts
from reference.hw1_training import trained_weights
from tests.recordings import recording, value

X = np.array([[1.0, 2, 3], [4, 5, 6]])
Y = np.array([[0.0, 1], [1, 0]])
W1 = np.arange(1, 13).reshape(3, 4) / 10
W2 = np.arange(2, 10).reshape(4, 2) / 10
SENSITIVE = (3, 48, 51, 101)  # seeds of masks with which roundings grow a thousandfold

Weights = tuple[np.ndarray, np.ndarray]


def flags_of(seed: int) -> np.ndarray:
    return (np.random.default_rng(seed).random((100, 1, 4)) < 0.6).astype(np.float64)


def trained(
    seed: int,
    dtype: str = "float32",
    rate: float = 0.01,
    decay: float = 0.0,
    masked_backward: bool = True,
) -> Weights:
    kind = np.dtype(dtype).type
    w1, w2, x, y = (array.astype(dtype) for array in (W1, W2, X, Y))
    for flags in flags_of(seed):
        mask = (flags / 0.6).astype(dtype)
        h = np.maximum(x @ w1, 0)
        z = (h * mask) @ w2
        e = np.exp(z - z.max(1, keepdims=True))
        d = e / e.sum(1, keepdims=True) - y
        back = d @ w2.T * (mask if masked_backward else 1)
        g1, g2 = x.T @ (back.astype(dtype) * (h > 0)), (h * mask).T @ d
        w1 = w1 - kind(rate) * (g1 + kind(decay) * w1)
        w2 = w2 - kind(rate) * (g2 + kind(decay) * w2)
    assert w1.dtype == w2.dtype == dtype
    return w1, w2


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return Scorer(*open_rubric(Path(rubrics.__file__).parent / "hw1.toml"))


def held(seed: int, **weights: np.ndarray) -> Recording:
    values = [value(name, array, cell=3) for name, array in weights.items()]
    draws = Draws(flags_of(seed), 3, "numpy", "binomial", {"p": 0.6})
    return recording(*values, sources=["pass"] * 3, draws=[draws])


def judge(scorer: Scorer, found: Recording) -> Verdict:
    return {v.question: v for v in scorer.grade(found).verdicts}["dropout-numpy"]


@pytest.mark.parametrize("seed", SENSITIVE)
def test_a_training_that_amplifies_its_roundings_is_right(scorer: Scorer, seed: int) -> None:
    w1, w2 = trained(seed)

    verdict = judge(scorer, held(seed, w1=w1, w2=w2))

    assert (verdict.outcome, verdict.points) == ("correct", 20)
    assert "replayed with the random draws of this run" in verdict.explanation


def test_single_precision_is_seen_in_values_that_were_made_doubles(scorer: Scorer) -> None:
    w1, w2 = (array.astype(np.float64) for array in trained(48))

    verdict = judge(scorer, held(48, w1=w1, w2=w2))

    assert verdict.outcome == "correct"


def test_doubles_are_not_excused(scorer: Scorer) -> None:
    w1, w2 = (array * (1 + 1e-9) for array in map(np.float64, trained(48)))

    verdict = judge(scorer, held(48, w1=w1, w2=w2))

    assert verdict.outcome == "ungraded"


@pytest.mark.parametrize("seed", SENSITIVE)
@pytest.mark.parametrize("other", [{"decay": 1e-4}, {"rate": 0.0101}])
def test_a_training_that_is_slightly_another_is_not_excused(
    scorer: Scorer, seed: int, other: Mapping[str, float]
) -> None:
    w1, w2 = trained(seed, **other)

    verdict = judge(scorer, held(seed, w1=w1, w2=w2))

    assert verdict.points == 0
    assert verdict.needs_review


def test_a_mistake_is_not_taken_for_roundings(scorer: Scorer) -> None:
    w1, w2 = trained(48, masked_backward=False)

    verdict = judge(scorer, held(48, w1=w1, w2=w2))

    assert verdict.points < 20


def test_half_a_result_is_not_explained(scorer: Scorer) -> None:
    _, w2 = trained(48)

    verdict = judge(scorer, held(48, w2=w2))

    assert verdict.points == 0


def test_values_of_another_shape_are_not_explained(scorer: Scorer) -> None:
    w1, w2 = trained(48)

    verdict = judge(scorer, held(48, w1=w1[:, :3], w2=w2))

    assert verdict.points == 0


@pytest.mark.parametrize("broken", [np.nan, np.inf])
def test_values_that_are_not_finite_are_not_explained(scorer: Scorer, broken: float) -> None:
    w1, w2 = trained(48)
    w2[0, 0] = broken

    verdict = judge(scorer, held(48, w1=w1, w2=w2))

    assert verdict.points == 0


REFERENCE = """
from typing import Literal
import numpy as np

GIVEN = {"a": np.array(START), "rate": 0.25}

def grown(given, *, masks=None, kept=None, nudge: Literal[0, 1, 2] = 0,
          still: Literal["no", "yes"] = "no"):
    if still == "yes":
        return {"a": given["a"][None] + 0.2}
    if masks is None:
        return None
    a = np.repeat(given["a"][None], len(masks), axis=0)
    a[:, 0] += (0, 1e-8, 1e-3)[nudge]
    for flag in masks.reshape(len(masks), -1, 2).max(axis=2).T:
        a = a + 0.02 * flag[:, None] * np.sin(50 * a)
    return {"a": np.where(np.abs(kept - 0.75)[:, None] < 1e-6, a, np.nan)}

def flags_of(given, *, still="no", **settings):
    return 0 if still == "yes" else 24
"""
RUBRIC = """
format = "gradmark/rubric/1"
assignment = "growth"
title = "Growth"
reference = "growth.py"
tolerance = {{ rtol = 1e-7, atol = 1e-7 }}

[[question]]
id = "growth"
title = "Where it ends"
points = 10
library = "any"
expect = "grown"
draws = "flags_of"
rate = "rate"

[[question.mistake]]
id = "nudged"
when = {{ nudge = {nudge} }}
worth = {worth}
says = "It starts elsewhere."

[[question.mistake]]
id = "still"
when = {{ still = "yes" }}
worth = 0
says = "It does not grow."
"""
START = np.array([0.376992, 0.11, 0.21, 0.31, 0.41, 0.51, 0.61, 0.71])
FLAGS = (np.random.default_rng(3).random(24) < 0.75).astype(np.float64)


def grown(dtype: str = "float32", start: np.ndarray = START) -> np.ndarray:
    """Leave a point next to which distances double in every step."""
    one = np.dtype(dtype).type
    a = start.astype(dtype)
    for flag in FLAGS.reshape(-1, 2).max(axis=1):
        a = a + one(0.02 * flag) * np.sin(one(50) * a)
    return a


def judge_growth(
    folder: Path, nudge: int, worth: float, found: np.ndarray, start: np.ndarray = START
) -> Verdict:
    reference = REFERENCE.replace("START", repr(start.tolist()))
    (folder / "growth.py").write_text(reference)
    (folder / "growth.toml").write_text(RUBRIC.format(nudge=nudge, worth=worth))
    draws = Draws(FLAGS, 1, "numpy", "binomial", {"p": 0.75})
    scorer = Scorer(*open_rubric(folder / "growth.toml"))
    return scorer.grade(recording(value("a", found), draws=[draws])).verdicts[0]


def test_the_one_training_that_roundings_lead_from_is_named(tmp_path: Path) -> None:
    assert np.abs(grown() - grown("float64")).max() > 1e-5

    verdict = judge_growth(tmp_path, 2, 0.5, grown())

    assert verdict.outcome == "correct"


def test_between_two_of_other_worth_nothing_is_decided(tmp_path: Path) -> None:
    verdict = judge_growth(tmp_path, 1, 0.5, grown())

    assert verdict.outcome != "correct"
    assert verdict.points == 0


def test_between_two_of_the_same_worth_there_is_nothing_to_decide(tmp_path: Path) -> None:
    verdict = judge_growth(tmp_path, 1, 1, grown())

    assert verdict.outcome == "correct"


def test_where_roundings_blur_most_of_a_result_nothing_is_decided(tmp_path: Path) -> None:
    start = np.arange(1, 9) * 2 * np.pi / 50 + 1e-6

    verdict = judge_growth(tmp_path, 2, 0.5, grown(start=start), start)

    assert np.abs(grown(start=start) - grown("float64", start)).max() > 1e-5
    assert verdict.points == 0


def test_without_single_precision_nothing_is_explained(tmp_path: Path) -> None:
    off = grown("float64") + np.eye(8)[0] * 2e-5

    verdict = judge_growth(tmp_path, 2, 0.5, off)

    assert verdict.points == 0


def test_what_roundings_do_is_bounded_and_not_by_far() -> None:
    seeds = range(80)
    masks = np.stack([flags_of(seed).ravel() for seed in seeds])
    options: dict[str, Any] = {"masks": masks, "kept": np.full(80, 0.6), "mask_per": "batch"}
    exact = trained_weights(GIVEN, **options)
    moved = [trained_weights(given, **options) for given in changed(GIVEN, draws=800)]

    explained, ratios = [], []  # ratios where roundings grow at all
    for place, seed in enumerate(seeds):
        row = of_stream(exact, place)
        repeated = np.array([joined(of_stream(one, place)) for one in moved])
        way, precision = way_of(row, GIVEN), np.full(20, 16 * 2.0**-23 * 1.3)
        found = Roundings(repeated - joined(row), precision, way)
        off = joined(dict(zip(("w1", "w2"), trained(seed), strict=True))) - joined(row)
        explained.append(found.explain(off))
        if np.abs(off).max() > 1e-5:
            ratios.append(found.bounds.max() / np.abs(off).max())

    assert all(explained)
    assert np.median(ratios) < 40


def of_stream(parts: Parts | None, place: int) -> Parts:
    assert parts is not None
    return {name: part[place] for name, part in parts.items()}


def roundings(*directions: np.ndarray, precision: float = 1e-6) -> Roundings:
    signs = np.random.default_rng(0).choice((-1.0, 1.0), (CHANGES, len(directions)))
    size = len(directions[0])
    return Roundings(signs @ np.stack(directions), np.full(size, precision), np.ones(size))


ALONG = np.array([3e-3, 4e-3, 0.0, 0.0])


def test_what_lies_along_a_direction_that_roundings_take_is_explained() -> None:
    assert roundings(ALONG).explain(ALONG)


def test_what_lies_across_is_not_however_small_each_entry_is() -> None:
    across = np.array([4e-4, -3e-4, 0.0, 0.0])

    assert (np.abs(across) < roundings(ALONG).bounds).all()
    assert not roundings(ALONG).explain(across)


def test_what_is_too_far_along_is_not_explained() -> None:
    assert not roundings(ALONG).explain(3 * ALONG)


def test_an_entry_beyond_its_bound_is_not_explained_by_others_that_are_met() -> None:
    found = roundings(*(0.01 * np.eye(20)))

    assert found.explain(0.02 * np.eye(20)[0])
    assert not found.explain(0.03 * np.eye(20)[0])


def test_a_result_that_is_not_finite_is_not_explained() -> None:
    assert not roundings(ALONG).explain(np.array([np.nan, 0, 0, 0]))


def test_where_most_directions_are_blurred_nothing_is_decided() -> None:
    blurred = [*(0.01 * np.eye(4)[:2]), np.zeros(4)]

    assert roundings(ALONG).decide
    assert not roundings(*blurred).decide


def test_only_constants_that_single_precision_rounds_are_changed() -> None:
    given: Mapping[str, Any] = {"w": np.array([0.1, 1.5]), "labels": np.ones(2), "rate": 0.3}

    found = changed(given, draws=400)

    shares = np.array([one["w"] / given["w"] - 1 for one in found])
    assert np.allclose(np.abs(shares), 20 * 2.0**-24, rtol=1e-6)
    assert len(found) == CHANGES
    assert all(one["labels"] is given["labels"] and one["rate"] == 0.3 for one in found)


def test_the_way_of_a_part_is_its_largest_movement() -> None:
    parts = {"a": np.array([1.0, 2.5]), "b": np.array([4.0]), "c": np.array([3.0])}

    way = way_of(parts, {"a": np.array([1.0, 2.0]), "c": np.array([3.0])})

    assert way.tolist() == [0.5, 0.5, 4.0, 1.0]
