"""Random numbers for settings that want keep flags of their own kind."""

from pathlib import Path

import numpy as np
import pytest

import rubrics
from grader.rubric.model import Question
from grader.rubric.reference import open_rubric
from grader.scoring.hypothesis import Hypothesis
from grader.scoring.predictions import Predictions
from grader.trial.streams import draw

HW1 = Path(rubrics.__file__).parent / "hw1.toml"


@pytest.fixture(scope="module")
def asked() -> tuple[Question, Predictions]:
    rubric, reference = open_rubric(HW1)
    [question] = [q for q in rubric.question if q.id == "dropout-numpy"]
    return question, Predictions(reference)


def hypothesis(**settings: str) -> Hypothesis:
    return Hypothesis("trained_weights", settings, {})


@pytest.mark.parametrize(
    ("settings", "period"),
    [({}, None), ({"draws": "repeated"}, 8)],
)
def test_numbers_repeat_where_the_setting_says_so(
    asked: tuple[Question, Predictions], settings: dict[str, str], period: int | None
) -> None:
    question, predictions = asked

    drawn = draw(hypothesis(**settings), question, predictions, dict(predictions.given))

    assert drawn is not None
    assert np.isfinite(drawn.parts["w1"]).all()
    repeats = period is not None and np.array_equal(drawn.numbers, np.roll(drawn.numbers, period))
    assert repeats == (period is not None)


def test_fewer_epochs_take_fewer_numbers(asked: tuple[Question, Predictions]) -> None:
    question, predictions = asked

    drawn = draw(hypothesis(), question, predictions, {**predictions.given, "epochs": 10})

    assert drawn is not None
    assert drawn.numbers.shape == (80,)


def test_nothing_is_drawn_where_nothing_is_dropped(asked: tuple[Question, Predictions]) -> None:
    question, predictions = asked

    assert draw(hypothesis(dropout="none"), question, predictions, dict(predictions.given)) is None
