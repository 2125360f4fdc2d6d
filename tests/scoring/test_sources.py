"""What a grade takes along from its recording: code of wrong answers, stored outputs compared."""

import numpy as np
import pytest

from grader.execution.outcome import CellRun
from grader.rubric.reference import open_rubric
from grader.scoring import grade as grading
from grader.scoring.grade import Scorer
from grader.scoring.outcomes import Outcome
from grader.scoring.sources import cited_sources
from grader.scoring.verdict import Evidence, Verdict
from tests.recordings import recording
from tests.scoring.conftest import LINEAR


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return Scorer(*open_rubric(LINEAR))


def verdict(outcome: Outcome, *cells: int) -> Verdict:
    found = tuple(
        Evidence(cell, "variable", "a", "", 0.0, np.zeros(1), np.zeros(1), fits=True)
        for cell in cells
    )
    return Verdict("q", "Q", 0, 1, outcome, "", evidence=found)


def test_the_code_of_answers_without_full_marks_is_kept() -> None:
    run = recording(sources=("a", "\nb\n", "c", "d"))

    kept = cited_sources(run, [verdict("wrong", 2), verdict("correct", 3), verdict("partial", 4)])

    assert kept == {2: "b", 4: "d"}


def test_long_code_is_cut() -> None:
    run = recording(cells=[CellRun(1, "x" * 5000, "ok")])

    assert cited_sources(run, [verdict("ungraded", 1)]) == {1: "x" * 599 + "…"}


def test_a_grade_says_whether_stored_outputs_come_out_again(scorer: Scorer) -> None:
    grade = scorer.grade(recording(stored={1: "0.38"}, printed={1: "0.41"}))

    assert grade.reproduction is not None
    assert grade.reproduction.state == "does_not_reproduce"


def test_a_submission_that_was_not_run_has_no_outputs_to_compare(scorer: Scorer) -> None:
    assert scorer.grade(recording(fault="cut off")).status == "ungraded"


def test_a_fault_in_comparing_outputs_costs_nobody_a_grade(
    scorer: Scorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grading, "reproduction_of", lambda recording: 1 / 0)

    assert scorer.grade(recording()).reproduction is None
