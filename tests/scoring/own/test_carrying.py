"""Points are lost once: mistakes and wrong results carried into the questions that follow."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.rubric.model import Question, Rubric
from grader.rubric.reference import Reference, open_rubric
from grader.scoring.grade import Scorer
from grader.scoring.verdict import Verdict
from reference.hw1 import GIVEN, gradient_w1, outputs
from tests.recordings import recording, value

HW1 = Path(__file__).parents[3] / "rubrics" / "hw1.toml"
OWN = np.array([[0.3, 0.6], [0.1, 0.8]])  # what a wrong forward pass may come to


@pytest.fixture(scope="module")
def opened() -> tuple[Rubric, Reference]:
    return open_rubric(HW1)


@pytest.fixture(scope="module")
def scorer(opened: tuple[Rubric, Reference]) -> Scorer:
    return Scorer(*opened)


def judged(scorer: Scorer, **arrays: Any) -> dict[str, Verdict]:
    values = [value(name, array, cell=n) for n, (name, array) in enumerate(arrays.items(), 1)]
    grade = scorer.grade(recording(*values, sources=["pass"] * len(values)))
    return {verdict.question: verdict for verdict in grade.verdicts}


def both(parts: Mapping[str, np.ndarray] | None) -> np.ndarray:
    assert parts
    return np.stack([parts["x1"], parts["x2"]])


def gradient(**settings: Any) -> np.ndarray:
    given = {**GIVEN, **settings.pop("given", {})}
    parts = gradient_w1(given, **settings)
    assert parts
    return parts["w1"]


def test_a_mistake_that_cost_points_before_costs_none_again(scorer: Scorer) -> None:
    twice = {"softmax_passes": 2}

    found = judged(scorer, p=both(outputs(GIVEN, **twice)), g=gradient(**twice))

    assert found["forward-numpy"].points == 7.5
    assert found["gradient-numpy"].points == 15
    assert found["gradient-numpy"].mistakes == found["gradient-numpy"].carried == ("softmax-twice",)
    assert 'Carried forward: "softmax twice"' in found["gradient-numpy"].remarks[0]


def test_a_mistake_first_made_here_costs_points_here(scorer: Scorer) -> None:
    found = judged(scorer, p=both(outputs(GIVEN)), g=gradient(softmax_passes=2))

    assert found["gradient-numpy"].points == 7.5
    assert found["gradient-numpy"].carried == ()


def test_another_mistake_is_charged_beside_a_carried_one(scorer: Scorer) -> None:
    wrong = gradient(softmax_passes=2, target="first")

    found = judged(scorer, p=both(outputs(GIVEN, softmax_passes=2)), g=wrong)

    assert set(found["gradient-numpy"].mistakes) == {"softmax-twice", "label-ignored"}
    assert found["gradient-numpy"].carried == ("softmax-twice",)
    assert found["gradient-numpy"].points == 7.5


def test_other_wrong_data_are_another_mistake(scorer: Scorer) -> None:
    first = {**GIVEN, "w2": np.array([[0.2, 0.3], [0.4, 0.3], [0.6, 0.7], [0.8, 0.9]])}
    second = np.array([[0.2, 0.3], [0.4, 0.5], [0.6, 0.2], [0.8, 0.9]])

    same = judged(scorer, w2=first["w2"], p=both(outputs(first)), g=gradient(given=first))
    other = judged(
        scorer, w2=first["w2"], p=both(outputs(first)), W2=second, g=gradient(given={"w2": second})
    )

    assert same["gradient-numpy"].points == 15
    assert same["gradient-numpy"].carried == ("wrong-data",)
    assert other["gradient-numpy"].points < 15


def test_a_gradient_right_for_ones_own_wrong_outputs_is_right(scorer: Scorer) -> None:
    own = gradient(given={"p1": OWN[0], "p2": OWN[1]})

    found = judged(scorer, p=OWN, g=own)

    assert found["forward-numpy"].points == 0
    assert found["gradient-numpy"].points == 15
    assert "for your own result of" in found["gradient-numpy"].explanation


def test_a_gradient_that_follows_from_nothing_stays_wrong(scorer: Scorer) -> None:
    own = gradient(given={"p1": OWN[0], "p2": OWN[1]})

    found = judged(scorer, p=OWN, g=own * 1.37)

    assert found["gradient-numpy"].points == 0


def test_who_has_the_right_outputs_is_not_judged_on_others(scorer: Scorer) -> None:
    own = gradient(given={"p1": OWN[0], "p2": OWN[1]})

    found = judged(scorer, p=both(outputs(GIVEN)), other=OWN, g=own)

    assert found["forward-numpy"].points == 15
    assert found["gradient-numpy"].points < 15


@pytest.mark.parametrize("bad", [OWN[:1], np.full((2, 2), np.nan), np.empty((0, 2))])
def test_outputs_of_another_shape_or_not_finite_carry_nothing(scorer: Scorer, bad: Any) -> None:
    own = gradient(given={"p1": OWN[0], "p2": OWN[1]})

    found = judged(scorer, p=bad, g=own)

    assert found["gradient-numpy"].points == 0


def test_without_follows_every_question_is_charged(opened: tuple[Rubric, Reference]) -> None:
    rubric, reference = opened
    alone = [_alone(question) for question in rubric.question]
    scorer = Scorer(rubric.model_copy(update={"question": alone}), reference)
    twice = {"softmax_passes": 2}

    found = judged(scorer, p=both(outputs(GIVEN, **twice)), g=gradient(**twice))

    assert found["gradient-numpy"].points == 7.5


def _alone(question: Question) -> Question:
    return question.model_copy(update={"follows": [], "own_results": {}})
