"""Where an answer has to be shown, what is shown counts before what is only held."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rubrics
from grader.rubric.reference import open_rubric
from grader.scoring.grade import Scorer
from grader.scoring.verdict import Verdict
from reference.hw1 import GIVEN, gradient_w1, gradient_w2, outputs
from tests.recordings import recording, value


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return Scorer(*open_rubric(Path(rubrics.__file__).parent / "hw1.toml"))


def answer(**settings: Any) -> np.ndarray:
    parts = outputs(GIVEN, **settings)
    assert parts
    return np.stack([parts["x1"], parts["x2"]])


def judged(scorer: Scorer, question: str, held: np.ndarray, *shown: np.ndarray) -> Verdict:
    prints = [value(f"print {n}", array, origin="printed") for n, array in enumerate(shown, 1)]
    found = recording(value("p", held), *prints)
    return {v.question: v for v in scorer.grade(found).verdicts}[question]


def test_a_right_value_that_is_held_and_nothing_shown_is_right(scorer: Scorer) -> None:
    assert judged(scorer, "forward-numpy", answer()).points == 15


def test_a_right_value_that_is_shown_is_right_whatever_else_is(scorer: Scorer) -> None:
    twice = answer(softmax_passes=2)

    assert judged(scorer, "forward-numpy", twice, answer(), twice).points == 15


def test_a_mistake_that_is_shown_counts_before_a_right_value_that_is_held(scorer: Scorer) -> None:
    verdict = judged(scorer, "forward-numpy", answer(), answer(softmax_passes=2))

    assert (verdict.points, verdict.mistakes) == (7.5, ("softmax-twice",))


def test_what_is_shown_and_explained_by_nothing_is_left_to_a_person(scorer: Scorer) -> None:
    verdict = judged(scorer, "forward-numpy", answer(), np.array([[3.1, 4.7], [5.2, 6.9]]))

    assert (verdict.outcome, verdict.points, verdict.needs_review) == ("ungraded", 0, True)
    assert "shown nowhere" in verdict.explanation


def test_another_quantity_that_is_shown_is_left_to_a_person(scorer: Scorer) -> None:
    right, other = gradient_w1(GIVEN), gradient_w2(GIVEN)
    assert right
    assert other

    verdict = judged(scorer, "gradient-numpy", right["w1"], other["w2"])

    assert verdict.outcome == "ungraded"


def test_a_constant_that_is_shown_raises_no_doubt(scorer: Scorer) -> None:
    right = gradient_w1(GIVEN)
    assert right

    assert judged(scorer, "gradient-numpy", right["w1"], GIVEN["w1"]).points == 15


def test_a_right_value_among_all_there_may_be_is_left_to_a_person(scorer: Scorer) -> None:
    shares = np.linspace(0, 1, 4001)
    grid = [np.round(np.array([share, 1 - share]), 4) for share in shares]

    verdict = judged(scorer, "forward-numpy", np.zeros(1), *grid)

    assert (verdict.outcome, verdict.needs_review) == ("ungraded", True)
    assert "among so many printed values" in verdict.explanation


def test_a_right_value_among_a_hundred_others_is_right(scorer: Scorer) -> None:
    rng = np.random.default_rng(0)
    others = [np.array([share, 1 - share]) for share in rng.uniform(size=100)]

    assert judged(scorer, "forward-numpy", np.zeros(1), answer(), *others).points == 15


def test_what_the_assignment_hands_out_is_no_answer_in_parts_either(scorer: Scorer) -> None:
    verdict = judged(scorer, "forward-numpy", np.asarray(GIVEN["w2"]))

    assert verdict.outcome == "missing"
    assert "(of shape (2,))" in verdict.explanation


def test_the_shape_told_is_that_of_a_right_answer_not_of_mistakes(scorer: Scorer) -> None:
    verdict = judged(scorer, "gradient-numpy", np.zeros(1))

    assert "(of shape (3, 4))" in verdict.explanation
