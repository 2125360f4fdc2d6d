"""What a loss of the student's own, differentiated, adds to the verdict on a gradient."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from grader.recording.model import OwnSlope, Recording
from grader.rubric.reference import open_rubric
from grader.scoring.asked import Asked
from grader.scoring.case import Case
from grader.scoring.explained import explain
from grader.scoring.own.own_loss import own_loss_remark, with_own_loss
from grader.scoring.predictions import Predictions
from grader.scoring.shared import Shared
from grader.scoring.unexplained import explain_nothing
from grader.scoring.verdict import Verdict
from reference.hw1 import GIVEN, gradient_w1
from tests.recordings import recording, value

RUBRIC, REFERENCE = open_rubric(Path(__file__).parents[3] / "rubrics" / "hw1.toml")
QUESTION = next(q for q in RUBRIC.question if q.id == "gradient-numpy")
PREDICTIONS = Predictions(REFERENCE)
SUM = gradient_w1(GIVEN)["w1"]
MEAN = gradient_w1(GIVEN, reduction="mean")["w1"]
TWICE = gradient_w1(GIVEN, softmax_passes=2)["w1"]
FIRST = gradient_w1(GIVEN, batch="apart")["x1"]
STRANGE = np.linspace(0.31, 1.77, 12).reshape(3, 4) ** 2
VERDICTS: dict[object, Verdict] = {}  # by answer, as no verdict rests on the loss beside it
RIGHT_LOSS = (
    "Your own loss `loss` is right: at the assignment's numbers its central differences are the "
    "expected gradient. Your gradient does not fit it: the mistake is in how the gradient is "
    "computed."
)


def slope(array: np.ndarray, function: str = "loss", constant: str = "w1") -> OwnSlope:
    return OwnSlope(array, function, constant, 1.0)


def judged(recorded: Recording, *, show_expected: bool = True) -> tuple[Case, Verdict]:
    asked = QUESTION.model_copy(update={"show_expected": show_expected})
    tolerance = asked.tolerance or RUBRIC.tolerance
    case = Case(Asked(asked, tolerance, PREDICTIONS), Shared(recorded, PREDICTIONS))
    values = tuple((v.path, v.cell, v.array.tobytes()) for v in recorded.values)
    if (values, show_expected) not in VERDICTS:
        fit = case.find()
        found = explain(case, fit) if fit else explain_nothing(case, frozenset())
        VERDICTS[values, show_expected] = found
    return case, VERDICTS[values, show_expected]


def remark(gradient: np.ndarray, *slopes: OwnSlope, show_expected: bool = True) -> str | None:
    recorded = replace(recording(value("grad", gradient)), own_slopes=slopes)
    return own_loss_remark(*judged(recorded, show_expected=show_expected))


def test_a_right_gradient_that_fits_its_loss_needs_no_word() -> None:
    assert remark(SUM, slope(SUM + 1e-10)) is None
    assert remark(MEAN, slope(SUM), slope(MEAN, "mean_loss")) is None


def test_a_loss_read_otherwise_than_a_right_gradient_is_mentioned() -> None:
    assert (
        remark(SUM, slope(MEAN))
        == "Your own loss `loss` averages where your gradient sums. Either is accepted."
    )
    assert (
        remark(MEAN, slope(SUM))
        == "Your own loss `loss` sums where your gradient averages. Either is accepted."
    )


def test_a_loss_with_a_mistake_beside_a_right_gradient_is_not_judged() -> None:
    assert remark(SUM, slope(TWICE)) is None
    assert remark(SUM, slope(STRANGE)) is None


def test_a_known_mistake_that_gradient_and_loss_share_is_in_the_loss() -> None:
    assert remark(TWICE, slope(TWICE + 2.6e-9)) == (
        "Your gradient, `grad` (cell 1), fits your own loss `loss` (its central differences agree "
        'within 3e-09): "softmax twice" is in the loss, not in the gradient.'
    )


def test_an_unknown_mistake_that_gradient_and_loss_share_is_in_the_loss() -> None:
    assert remark(STRANGE, slope(STRANGE)) == (
        "Your gradient, `grad` (cell 1), fits your own loss `loss` (its central differences are "
        "equal): the mistake is in the loss, not in the gradient."
    )


def test_a_rounded_gradient_fits_within_its_rounding() -> None:
    assert "in the loss, not in the gradient" in (remark(STRANGE.round(4), slope(STRANGE)) or "")


def test_the_value_that_fits_the_loss_is_found_where_another_is_nearer_to_the_answer() -> None:
    recorded = recording(value("other", SUM * 1.01 + 0.002), value("grad", STRANGE, cell=1))

    said = own_loss_remark(*judged(replace(recorded, own_slopes=(slope(STRANGE),))))

    assert said is not None
    assert said.startswith("Your gradient, `grad` (cell 1), fits your own loss `loss`")


def test_a_wrong_gradient_beside_a_right_loss_is_told_so() -> None:
    assert remark(STRANGE, slope(SUM)) == RIGHT_LOSS
    assert remark(STRANGE, slope(FIRST)) == RIGHT_LOSS
    assert remark(TWICE, slope(SUM)) == RIGHT_LOSS


def test_a_wrong_gradient_beside_a_loss_of_a_known_mistake_hears_of_it() -> None:
    assert remark(STRANGE, slope(TWICE)) == (
        "Your own loss `loss` has a mistake of its own: its central differences are explained by "
        '"softmax twice".'
    )


def test_a_wrong_gradient_beside_an_unknown_loss_hears_nothing() -> None:
    assert remark(STRANGE, slope(STRANGE[::-1] + 1)) is None


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        (2.0, "is 2 times that of your own loss `loss`, by central differences: your loss averages "
         "where your gradient sums."),
        (0.5, "is 1/2 of that of your own loss `loss`, by central differences: your loss sums "
         "where your gradient averages."),
        (3.0, "is 3 times that of your own loss `loss`, by central differences."),
        (-1.0, "is of opposite sign to that of your own loss `loss`, by central differences: one "
         "of the two has its sign turned round."),
        (-0.5, "is minus 1/2 of that of your own loss `loss`, by central differences: one of the "
         "two has its sign turned round."),
    ],
)  # fmt: skip
def test_a_simple_multiple_of_the_own_loss_is_named(factor: float, words: str) -> None:
    assert remark(factor * STRANGE, slope(STRANGE)) == f"Your gradient, `grad` (cell 1), {words}"


def test_a_multiple_that_is_not_simple_is_not_named() -> None:
    assert remark(1.37 * STRANGE, slope(STRANGE)) is None


def test_a_hidden_question_never_says_what_would_be_right() -> None:
    said = [
        remark(one, slope(other), show_expected=False)
        for one, other in [(STRANGE, SUM), (STRANGE, TWICE), (TWICE, TWICE), (STRANGE, STRANGE)]
    ]

    assert said[:2] == [None, None]
    assert all("the mistake is in the loss, not in the gradient" in (one or "") for one in said[2:])


def test_slopes_with_respect_to_another_constant_say_nothing() -> None:
    assert remark(STRANGE, slope(STRANGE, constant="w2")) is None


def test_slopes_of_another_shape_or_without_numbers_say_nothing() -> None:
    assert remark(STRANGE, slope(np.zeros((3, 4)))) is None
    assert remark(STRANGE, slope(STRANGE.reshape(2, 6))) is None


def test_no_slopes_say_nothing() -> None:
    assert remark(STRANGE) is None


def test_a_missing_answer_is_not_spoken_of() -> None:
    recorded = replace(recording(value("name", 1.0)), own_slopes=(slope(SUM),))

    assert own_loss_remark(*judged(recorded)) is None


def test_half_of_a_right_answer_is_not_held_against_a_right_loss() -> None:
    recorded = replace(recording(value("grad", FIRST)), own_slopes=(slope(FIRST), slope(SUM)))

    case, verdict = judged(recorded)

    assert verdict.outcome == "partial"
    assert own_loss_remark(case, verdict) is None


def test_an_answer_right_for_other_data_is_not_held_against_the_loss() -> None:
    w2 = GIVEN["w2"] + np.array([[0.0, 0.0], [0.0, -0.1], [0.0, 0.0], [0.0, 0.0]])
    gradient = gradient_w1({**GIVEN, "w2": w2})["w1"]
    recorded = recording(value("w2", w2), value("grad", gradient))

    case, verdict = judged(replace(recorded, own_slopes=(slope(SUM),)))

    assert verdict.mistakes == ("wrong-data",)
    assert own_loss_remark(case, verdict) is None


@pytest.mark.parametrize("answer", [SUM, TWICE, STRANGE])
def test_points_and_outcome_stay_whatever_the_loss(answer: np.ndarray) -> None:
    recorded = recording(value("grad", answer))
    for own in (SUM, MEAN, TWICE, STRANGE):
        case, verdict = judged(replace(recorded, own_slopes=(slope(own),)))

        told = with_own_loss(case, verdict)

        assert (told.points, told.outcome) == (verdict.points, verdict.outcome)
        assert told.remarks[: len(verdict.remarks)] == verdict.remarks
