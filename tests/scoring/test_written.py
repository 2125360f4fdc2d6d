"""Written answers handed to a person, and what a blank one comes to."""

from pathlib import Path

import nbformat

from grader.recording.model import Recording
from grader.rubric.model import Question
from grader.rubric.read import read_rubric
from grader.scoring.verdict import Verdict
from grader.scoring.written import judge_written, with_criteria

ESSAY = Path(__file__).parents[1] / "assignments" / "essay" / "essay.toml"
HEADING = "# 2. Written answer"


def question() -> Question:
    return read_rubric(ESSAY).question[1]


def recording(*cells: str) -> Recording:
    made = [nbformat.v4.new_markdown_cell(cell) for cell in cells]
    notebook = nbformat.v4.new_notebook(cells=made)
    return Recording("student-01", "student-01.ipynb", "k", handed_in=notebook)


def machine(points: float, **more: object) -> Verdict:
    fields = {"outcome": "partial", "explanation": "`mean` is right.", **more}
    return Verdict("why", "Why", points, 10, **fields)  # type: ignore[arg-type]


def test_an_answer_waits_for_a_person_with_its_text() -> None:
    verdict = judge_written(question(), recording(HEADING, "The middle, not the spread."))

    assert (verdict.outcome, verdict.needs_review, verdict.points) == ("ungraded", True, 0)
    assert verdict.answer == "The middle, not the spread."
    assert [(one.id, one.points, one.max_points) for one in verdict.criteria] == [
        ("tells", None, 2),
        ("hides", None, 4),
    ]


def test_nothing_written_is_no_points_kindly_and_needs_nobody() -> None:
    verdict = judge_written(question(), recording(f"{HEADING}\n\n{question().prompt}"))

    assert (verdict.outcome, verdict.needs_review, verdict.points) == ("missing", False, 0)
    assert "nothing is written yet" in verdict.explanation
    assert [one.points for one in verdict.criteria] == [0, 0]


def test_without_the_heading_a_person_looks_for_the_answer() -> None:
    verdict = judge_written(question(), recording("The middle."))

    assert (verdict.outcome, verdict.needs_review) == ("ungraded", True)
    assert 'No heading "2. Written answer"' in verdict.explanation


def test_criteria_without_a_heading_are_asked_about() -> None:
    asked = question().model_copy(update={"heading": None})

    verdict = judge_written(asked, recording(HEADING, "The middle."))

    assert (verdict.outcome, verdict.answer) == ("ungraded", "")
    assert verdict.explanation == "This is looked at by a person."


def test_what_is_judged_changes_with_the_answer_and_the_wording() -> None:
    asked = question()
    reworded = asked.model_copy(
        update={"criteria": [one.model_copy(update={"says": "else"}) for one in asked.criteria]}
    )
    answers = [recording(HEADING, "One."), recording(HEADING, "One. \n"), recording(HEADING, "Two")]

    first, saved, other = (judge_written(asked, each).criteria[0].judged for each in answers)

    assert first == saved != other
    assert judge_written(reworded, answers[0]).criteria[0].judged != first


def test_the_parts_a_machine_judged_keep_their_points() -> None:
    answered = with_criteria(machine(4), question(), recording(HEADING, "The middle."))
    blank = with_criteria(machine(4), question(), recording(HEADING))

    assert (answered.outcome, answered.points, answered.rest_waits) == ("ungraded", 4, False)
    assert (blank.outcome, blank.points, blank.needs_review) == ("partial", 4, False)
    assert blank.explanation.startswith("`mean` is right. Below the heading")


def test_right_parts_beside_nothing_written_are_not_all_of_the_question() -> None:
    right = machine(4, outcome="correct")
    missing = machine(0, outcome="missing", explanation="`mean` was not found.")

    assert with_criteria(right, question(), recording(HEADING)).outcome == "partial"
    assert with_criteria(missing, question(), recording(HEADING)).outcome == "missing"


def test_doubt_about_the_parts_stays() -> None:
    doubted = machine(0, outcome="ungraded", needs_review=True)

    blank = with_criteria(doubted, question(), recording(HEADING))
    answered = with_criteria(doubted, question(), recording(HEADING, "The middle."))

    assert (blank.outcome, blank.needs_review, blank.rest_waits) == ("ungraded", True, True)
    assert answered.rest_waits
