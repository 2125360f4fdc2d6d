import logging
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from grader.execution.outcome import CellRun
from grader.recording.model import Recording
from grader.rubric.reference import open_rubric
from grader.scoring.grade import Scorer
from grader.scoring.verdict import Verdict
from tests.recordings import recording, value
from tests.scoring.conftest import LINEAR

Judge = Callable[[Recording], dict[str, Verdict]]

T = np.array([0.0, 1.0, 2.0, 3.0])
U = np.array([1.137, 2.941, 5.218, 7.083])
LINE = np.polyfit(T, U, 1)
ORIGIN = np.array([(T @ U) / (T @ T), 0.0])
RESIDUALS = U - np.polyval(LINE, T)


def test_a_right_value_under_any_name_is_worth_full_marks(judge: Judge) -> None:
    verdict = judge(recording(value("anything", LINE)))["line"]

    assert (verdict.outcome, verdict.points) == ("correct", 4)
    assert verdict.conventions == {"order": "slope_first"}
    assert verdict.evidence[0].path == "anything"
    assert verdict.explanation.startswith("`anything` (cell 1): right")


def test_an_accepted_convention_is_worth_full_marks_and_named(judge: Judge) -> None:
    verdict = judge(recording(value("ba", LINE[::-1])))["line"]

    assert verdict.points == 4
    assert verdict.conventions == {"order": "intercept_first"}


def test_a_known_mistake_is_named_and_priced(judge: Judge) -> None:
    verdict = judge(recording(value("ba", ORIGIN)))["line"]

    assert (verdict.outcome, verdict.points, verdict.mistakes) == (
        "partial",
        2,
        ("through-origin",),
    )
    assert "Your line is forced through the origin." in verdict.remarks


def test_a_right_value_beats_a_mistaken_one_wherever_it_stands(judge: Judge) -> None:
    verdict = judge(recording(value("right", LINE, last_cell=1), value("late", ORIGIN, cell=5)))

    assert verdict["line"].points == 4


def test_nothing_of_the_right_shape_is_missing(judge: Judge) -> None:
    verdict = judge(recording(value("scalar", 3.0)))["line"]

    assert (verdict.outcome, verdict.points, verdict.cause) == ("missing", 0, None)


def test_an_unexplained_value_is_wrong_and_the_nearest_is_shown(judge: Judge) -> None:
    verdict = judge(recording(value("a", LINE + 0.3), value("b", LINE + 5)))["line"]

    assert (verdict.outcome, verdict.points) == ("wrong", 0)
    assert [(piece.path, piece.fits) for piece in verdict.evidence] == [("a", False)]
    assert "np.polyfit(t, u, 1) finds both." in verdict.remarks


def test_the_constants_handed_out_are_never_the_nearest_value(judge: Judge) -> None:
    verdict = judge(recording(value("first_two", T[:2]), value("t", T)))["residuals"]

    assert verdict.outcome in ("wrong", "missing")
    assert all(piece.path != "t" for piece in verdict.evidence)


def test_each_part_found_earns_its_share(judge: Judge) -> None:
    verdict = judge(recording(value("early", RESIDUALS[:2])))["residuals"]

    assert (verdict.outcome, verdict.points) == ("partial", 1)
    assert "Not found: late." in verdict.explanation


def test_one_array_may_hold_all_parts(judge: Judge) -> None:
    verdict = judge(recording(value("both", RESIDUALS.reshape(2, 2))))["residuals"]

    assert verdict.points == 2


def test_parts_may_be_explained_differently(judge: Judge) -> None:
    found = recording(value("a", RESIDUALS[:2]), value("b", -RESIDUALS[2:]))

    verdict = judge(found)["residuals"]

    assert (verdict.points, verdict.mistakes) == (1.5, ("sign-reversed",))


def test_a_value_of_the_wrong_library_earns_nothing_and_is_named(judge: Judge) -> None:
    found = recording(
        value("r", np.float32(RESIDUALS.reshape(2, 2)), library="torch"),
        torch_cells={1: ("float32",)},
    )

    verdict = judge(found)["residuals"]

    assert (verdict.outcome, verdict.points) == ("missing", 0)
    assert "computed by PyTorch" in verdict.explanation


def test_an_unattributable_value_is_left_to_a_person(judge: Judge) -> None:
    text = " ".join(f"{r:.6f}" for r in RESIDUALS)
    left_torch = value("t", np.float32(RESIDUALS), origin="returned", library="torch")
    found = recording(
        left_torch, sources=["np.exp(1)"], printed={1: text}, torch_cells={1: ("float32",)}
    )

    verdict = judge(found)["residuals"]

    assert (verdict.outcome, verdict.points, verdict.needs_review) == ("ungraded", 0, True)


def test_printed_digits_count_as_far_as_they_go(judge: Judge) -> None:
    verdict = judge(recording(printed={1: f"slope {LINE[0]:.4f}, intercept {LINE[1]:.4f}\n"}))

    assert verdict["line"].points == 4
    assert verdict["line"].evidence[0].path.startswith("printed line 1")


def test_digits_too_few_to_decide_are_left_to_a_person(judge: Judge) -> None:
    verdict = judge(recording(printed={1: f"{LINE[0]:.1f} {LINE[1]:.1f}"}))["line"]

    assert (verdict.outcome, verdict.points) == ("ungraded", 0)
    assert "too few digits" in verdict.explanation


def test_values_that_stand_only_in_stored_outputs_earn_nothing(judge: Judge) -> None:
    found = recording(
        stored={1: f"{LINE}"}, cells=[CellRun(1, "print(f())", "raised", error="NameError: f")]
    )

    verdict = judge(found)["line"]

    assert (verdict.outcome, verdict.points, verdict.needs_review) == ("ungraded", 0, True)
    assert "stored in the file would be right" in verdict.explanation
    assert "NameError: f" in verdict.explanation


def test_a_typed_in_value_is_flagged_and_left_to_a_person(judge: Judge) -> None:
    typed = np.round(LINE, 4)
    found = recording(value("ab", typed), sources=[f"ab = np.array([{typed[0]}, {typed[1]}])"])

    verdict = judge(found)["line"]

    assert (verdict.outcome, verdict.mistakes) == ("ungraded", ("typed-in",))


def test_a_computed_value_beside_a_literal_is_no_typed_in_value(judge: Judge) -> None:
    source = f"assert np.allclose(fit(t, u), [{LINE[0]:.4f}, {LINE[1]:.4f}])"

    verdict = judge(recording(value("ab", LINE), sources=[source]))["line"]

    assert verdict.outcome == "correct"


def test_the_right_method_on_other_data_is_recognised(judge: Judge) -> None:
    mistyped = np.array([1.137, 2.941, 5.218, 1.083])

    verdict = judge(recording(value("u", mistyped), value("ab", np.polyfit(T, mistyped, 1))))[
        "line"
    ]

    assert (verdict.points, verdict.mistakes) == (3, ("wrong-data",))
    assert "your u" in verdict.explanation


@pytest.mark.parametrize(
    ("status", "cause"),
    [("raised", "raised"), ("timed_out", "timed_out"), ("out_of_memory", "out_of_memory")],
)
def test_a_missing_answer_names_what_stopped_the_notebook(
    judge: Judge, status: str, cause: str
) -> None:
    cells = [CellRun(1, "f()", status, error="NameError: f")]  # type: ignore[arg-type]

    verdicts = judge(recording(cells=cells))

    assert (verdicts["line"].outcome, verdicts["line"].cause) == ("missing", cause)
    assert "cell 1" in verdicts["line"].explanation
    assert verdicts["residuals"].cause == "blocked"


def test_a_value_that_is_not_finite_answers_nothing(judge: Judge) -> None:
    verdict = judge(recording(value("ab", np.array([np.nan, np.inf]))))["line"]

    assert (verdict.outcome, verdict.points) == ("missing", 0)


def test_an_unreadable_submission_is_ungraded_not_zero() -> None:
    grade = Scorer(*open_rubric(LINEAR)).grade(recording(fault="The file is empty."))

    assert (grade.status, grade.note) == ("ungraded", "The file is empty.")
    assert {verdict.outcome for verdict in grade.verdicts} == {"ungraded"}


def test_a_fault_of_ours_is_no_mark(caplog: pytest.LogCaptureFixture) -> None:
    rubric, reference = open_rubric(LINEAR)

    def broken(given: object, *, order: str = "slope_first", through_origin: str = "no") -> dict:  # type: ignore[type-arg]
        raise ZeroDivisionError

    functions = {**reference.functions, "line": reference.functions["line"]}
    scorer = Scorer(rubric, replace(reference, functions=functions))
    scorer._predictions._families["line"] = replace(reference.family("line"), function=broken)
    with caplog.at_level(logging.ERROR, "grader"):
        verdicts = {v.question: v for v in scorer.grade(recording(value("ab", LINE))).verdicts}

    assert (verdicts["line"].outcome, verdicts["line"].cause) == ("ungraded", "grader_fault")
    assert verdicts["residuals"].cause is None
    assert "ZeroDivisionError" in caplog.text


def test_a_right_value_in_text_beats_a_mistaken_one_in_a_variable(judge: Judge) -> None:
    text = f"slope {LINE[0]:.5f}, intercept {LINE[1]:.5f}"

    verdict = judge(recording(value("first_try", ORIGIN), printed={1: text}))["line"]

    assert verdict.points == 4


@pytest.mark.parametrize(
    "text",
    [
        f"0: {LINE[0]:.5f}, 1: {LINE[1]:.5f}",
        f"row value\n0 {LINE[0]:.5f}\n1 {LINE[1]:.5f}\n",
        f"[{LINE[0]:.5f}]\n[{LINE[1]:.5f}]\n",
    ],
)
def test_labels_among_printed_numbers_do_no_harm(judge: Judge, text: str) -> None:
    assert judge(recording(printed={1: text}))["line"].points == 4


def test_whole_numbers_do_not_agree_with_a_prediction_that_is_none(judge: Judge) -> None:
    rubric, reference = open_rubric(LINEAR)
    given = {**reference.given, "u": np.array([1e-9, 2e-9, 3e-9, 4.1e-9])}
    scorer = Scorer(rubric, replace(reference, given=given))

    grade = scorer.grade(recording(value("zeros", np.zeros(2)), value("tiny", np.full(2, 1e-8))))

    assert {verdict.points for verdict in grade.verdicts} == {0}


def test_an_answer_that_may_not_have_been_recorded_is_left_to_a_person(judge: Judge) -> None:
    found = replace(recording(value("scalar", 3.0)), incomplete=(1,))

    verdict = judge(found)["line"]

    assert (verdict.outcome, verdict.needs_review) == ("ungraded", True)
    assert "Not all values of cell 1 were recorded" in verdict.explanation


def test_an_answer_found_in_an_incomplete_recording_counts(judge: Judge) -> None:
    assert judge(replace(recording(value("ab", LINE)), incomplete=(1,)))["line"].points == 4


@pytest.mark.parametrize("answer", [{}, {"line": np.array([])}, {"line": 1j}, {1: 2.0}, 3.0])
def test_a_reference_without_usable_numbers_is_a_fault_of_its_own(answer: object) -> None:
    rubric, reference = open_rubric(LINEAR)
    scorer = Scorer(rubric, reference)
    family = replace(reference.family("line"), function=lambda given, **settings: answer)
    scorer._predictions._families["line"] = family

    grade = scorer.grade(recording(value("ab", LINE)))

    assert grade.verdicts[0].cause == "grader_fault"
