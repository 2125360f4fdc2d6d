"""Verdicts settled by a run with other constants: moved, stayed, or nothing to be told."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from grader.execution.outcome import CellRun
from grader.intake.perturbation import changes_between, perturb
from grader.recording.model import RecordedValue, Recording
from grader.rubric.model import Mistake, Rubric
from grader.rubric.reference import Reference, open_rubric
from grader.scoring.grade import Scorer
from grader.scoring.verdict import Verdict
from tests.recordings import recording, value
from tests.scoring.conftest import LINEAR

RUBRIC, REFERENCE = open_rubric(LINEAR)
T, U = (np.asarray(REFERENCE.given[name], float) for name in "tu")
NEW_T, NEW_U = (np.asarray(REFERENCE.perturbed[name], float) for name in "tu")
LINE, NEW_LINE = np.polyfit(T, U, 1), np.polyfit(NEW_T, NEW_U, 1)
ORIGIN, NEW_ORIGIN = (np.array([(t @ u) / (t @ t), 0]) for t, u in ((T, U), (NEW_T, NEW_U)))
DATA = "t = np.arange(4.0)\nu = [1.137, 2.941, 5.218, 7.083]"
TYPED = f"{DATA}\nline = np.array([{LINE[0]:.6f}, {LINE[1]:.6f}])"
MOVED = "the notebook's answer moved as it should"
NOTHING = "decides nothing"
PRICED = Mistake(id="typed-in", worth=0.25, says="Typed, not computed.")


def priced() -> Rubric:
    line, residuals = RUBRIC.question
    typed = line.model_copy(update={"mistake": [*line.mistake, PRICED]})
    return RUBRIC.model_copy(update={"question": [typed, residuals]})


def second(first: Recording, *values: RecordedValue, **more: Any) -> Recording:
    """A recording of the same notebook with other constants."""
    changes = changes_between(REFERENCE.given, REFERENCE.perturbed)
    sources = [cell.source for cell in perturb(first.handed_in, changes).notebook.cells]
    return recording(*values, sources=sources, **more)


def judged(first: Recording, rerun: Recording | None, rubric: Rubric = RUBRIC) -> Verdict:
    return Scorer(rubric, REFERENCE).grade(first, rerun).verdicts[0]


def test_an_answer_that_moves_as_it_should_keeps_its_points_and_is_told() -> None:
    first = recording(value("line", LINE), sources=[DATA])

    verdict = judged(first, second(first, value("line", NEW_LINE)))

    assert (verdict.outcome, verdict.points, verdict.needs_review) == ("correct", 4, False)
    assert any(MOVED in remark for remark in verdict.remarks)
    assert verdict == replace(
        judged(first, None), remarks=verdict.remarks, evidence=verdict.evidence
    )


def test_a_mistake_that_moves_as_it_should_keeps_its_price() -> None:
    first = recording(value("line", ORIGIN), sources=[DATA])

    verdict = judged(first, second(first, value("line", NEW_ORIGIN)))

    assert (verdict.points, verdict.mistakes) == (2, ("through-origin",))
    assert any(MOVED in remark for remark in verdict.remarks)


@pytest.mark.parametrize("line", [LINE, np.round(LINE, 6)])
def test_an_answer_that_stays_is_typed_in_however_it_is_disguised(line: np.ndarray) -> None:
    first = recording(value("line", line), sources=[DATA])

    verdict = judged(first, second(first, value("line", line)))

    assert judged(first, None).points == 4
    assert (verdict.outcome, verdict.points) == ("wrong", 0)
    assert (verdict.mistakes, verdict.needs_review) == (("typed-in",), False)
    assert verdict.explanation.startswith("line (cell 1): right for the given numbers, but")


def test_the_rubric_prices_what_is_typed_in() -> None:
    first = recording(value("line", LINE), sources=[DATA])

    verdict = judged(first, second(first, value("line", LINE)), priced())

    assert (verdict.outcome, verdict.points) == ("partial", 1)
    assert verdict.remarks == ("Typed, not computed.",)


def test_a_suspicion_is_settled_where_the_answer_stays() -> None:
    line = np.round(LINE, 6)
    first = recording(value("line", line), sources=[TYPED])

    verdict = judged(first, second(first, value("line", line)), priced())

    assert judged(first, None).outcome == "ungraded"
    assert (verdict.outcome, verdict.points, verdict.needs_review) == ("partial", 1, False)


def test_a_suspicion_is_lifted_where_the_answer_moves() -> None:
    first = recording(value("line", np.round(LINE, 6)), sources=[TYPED])

    verdict = judged(first, second(first, value("line", np.round(NEW_LINE, 6))))

    assert judged(first, None).points == 0
    assert (verdict.outcome, verdict.points, verdict.mistakes) == ("correct", 4, ())
    np.testing.assert_array_equal(verdict.evidence[0].actual, np.round(LINE, 6))
    assert any(MOVED in remark for remark in verdict.remarks)


def test_a_computed_answer_beside_a_typed_one_counts() -> None:
    typed = value("typed", LINE, cell=1)
    first = recording(typed, value("line", LINE, cell=2), sources=[DATA, "line"])

    verdict = judged(first, second(first, typed, value("line", NEW_LINE, cell=2)))

    assert verdict.points == 4


def test_a_literal_that_only_checks_a_computed_answer_accuses_nobody() -> None:
    first = recording(
        value("check", np.round(LINE, 6)), value("line", LINE, cell=2), sources=[DATA, "l"]
    )

    verdict = judged(
        first, second(first, value("check", np.round(LINE, 6)), value("line", NEW_LINE, cell=2))
    )

    assert (verdict.points, verdict.needs_review) == (4, False)


def test_old_numbers_in_another_place_are_no_answer_that_stayed() -> None:
    check = value("check", LINE)
    first = recording(check, value("line", LINE, last_cell=10), sources=[DATA])

    verdict = judged(first, second(first, check, value("line", LINE + 1)))

    assert judged(first, None).evidence[0].path == "line"
    assert (verdict.points, verdict.needs_review) == (4, True)


def test_where_no_constant_is_found_nothing_is_decided() -> None:
    first = recording(value("line", LINE), sources=["t, u = read()"])
    rerun = replace(recording(), fault="None of the given constants was found in the source.")

    verdict = judged(first, rerun)

    assert (verdict.points, verdict.needs_review) == (4, False)
    assert any(NOTHING in remark and "found in the source" in remark for remark in verdict.remarks)


def test_a_cell_that_fails_with_other_numbers_decides_nothing() -> None:
    first = recording(value("line", LINE), sources=[DATA])
    cells = [CellRun(1, DATA, "raised", error="AssertionError")]

    verdict = judged(first, second(first, value("line", LINE), cells=cells))

    assert (verdict.points, verdict.needs_review) == (4, False)
    assert any("cell 1 did not run to its end" in remark for remark in verdict.remarks)


def test_a_second_run_that_could_not_be_made_decides_nothing() -> None:
    first = recording(value("line", LINE), sources=[DATA])

    verdict = judged(first, replace(recording(), fault="no kernel"))

    assert verdict.points == 4
    assert any("could not be run again" in remark for remark in verdict.remarks)


def test_a_second_recording_of_another_notebook_is_no_news() -> None:
    first = recording(value("line", LINE), sources=[DATA])

    verdict = judged(first, recording(value("line", LINE), sources=["another = 1"]))

    assert verdict.remarks == judged(first, None).remarks


@pytest.mark.parametrize("after", [LINE + 1, np.full(2, np.nan), np.zeros((3, 3))])
def test_an_answer_that_moves_elsewhere_keeps_its_points_and_asks_a_person(
    after: np.ndarray,
) -> None:
    first = recording(value("line", LINE), sources=[DATA])

    verdict = judged(first, second(first, value("line", after)))

    assert (verdict.outcome, verdict.points, verdict.needs_review) == ("correct", 4, True)
    assert any("neither what it was nor what it should" in remark for remark in verdict.remarks)


def test_a_constant_that_kept_its_old_numbers_somewhere_accuses_nobody() -> None:
    first = recording(value("line", LINE), value("points", T), sources=[DATA])

    verdict = judged(first, second(first, value("line", LINE), value("points", T)))

    assert (verdict.outcome, verdict.points, verdict.needs_review) == ("correct", 4, True)
    assert any("t stood elsewhere with the old numbers" in remark for remark in verdict.remarks)


@pytest.mark.parametrize(
    "source", ["t = [0, 1, 2, 3]\nu = V", f"{DATA}\nextra = np.loadtxt('more.txt')"]
)
def test_an_answer_that_stays_goes_to_a_person_where_constants_may_come_from_elsewhere(
    source: str,
) -> None:
    first = recording(value("line", LINE), sources=[source])

    verdict = judged(first, second(first, value("line", LINE)))

    assert (verdict.outcome, verdict.points, verdict.needs_review) == ("ungraded", 0, True)
    assert verdict.mistakes == ("typed-in",)


def test_only_the_constants_that_were_found_are_taken_to_be_changed() -> None:
    first = recording(value("line", LINE), sources=["t = [0, 1, 2, 3]"])

    verdict = judged(first, second(first, value("line", np.polyfit(NEW_T, U, 1))))

    assert any(MOVED in remark for remark in verdict.remarks)


def test_an_answer_that_does_not_depend_on_what_was_changed_accuses_nobody() -> None:
    given, perturbed = {**REFERENCE.given, "v": T + 10}, {"v": T[::-1] + 20}
    reference = Reference("r", given, REFERENCE.functions, perturbed)
    first = recording(value("line", LINE), sources=["v = [10, 11, 12, 13]"])
    again = recording(value("line", LINE), sources=["v = [23, 22, 21, 20]"])

    verdict = Scorer(RUBRIC, reference).grade(first, again).verdicts[0]

    assert (verdict.outcome, verdict.points) == ("correct", 4)
    assert any("does not depend on" in remark for remark in verdict.remarks)


def test_missing_and_wrong_answers_stay_as_they_are() -> None:
    for found in ([], [value("line", LINE + 0.3)]):
        first = recording(*found, sources=[DATA])

        assert repr(judged(first, second(first))) == repr(judged(first, None))


def test_a_fault_of_ours_leaves_the_verdicts_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("what nobody thought of")

    first = recording(value("line", LINE), sources=[DATA])
    monkeypatch.setattr("grader.scoring.perturbed.perturb", broken)

    assert judged(first, recording(value("line", LINE))).points == 4
