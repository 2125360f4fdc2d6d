"""What is told of a grade before the grade: outcome and reason, and nothing of an answer."""

import re
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.results.from_grade import result_of
from grader.results.model import Check, CheckResult
from grader.rubric.read import read_rubric
from grader.scoring.outcomes import Outcome
from grader.scoring.verdict import CriterionVerdict, PartVerdict, Verdict
from tests.reporting.made import evidence, grade, verdict
from tests.results.made import ESSAY, question, rubric_of

SAYS = "Your line is forced through the origin."
HINT = "np.polyfit(t, u, 1) finds both."


def told(one: Verdict, *, hidden: bool = False, **changes: Any) -> Check:
    rubric = rubric_of(question(**changes))
    [check] = result_of(grade(one), rubric, "line.ipynb", hidden=hidden).checks
    return check


def mistaken(**more: Any) -> Verdict:
    fields = {
        "points": 2,
        "outcome": "partial",
        "explanation": 'explained by "through origin"',
        "mistakes": ("through-origin",),
        "remarks": (SAYS,),
        "evidence": (evidence(),),
        **more,
    }
    return verdict(**fields)


def unexplained(**more: Any) -> Verdict:
    far = evidence(fits=False, path="guess", cell=3)
    fields = {"points": 0, "outcome": "wrong", "explanation": "off by up to 0.48", **more}
    return verdict(evidence=(far,), **fields)


def part(label: str, outcome: Outcome = "correct", **more: Any) -> PartVerdict:
    fields: dict[str, Any] = {"points": 1 if outcome == "correct" else 0, "max_points": 1, **more}
    return PartVerdict(label=label, outcome=outcome, explanation=f"`{label}` it is.", **fields)


def test_a_right_answer_passes_and_says_how_it_was_read() -> None:
    check = told(verdict(conventions={"batch": "apart"}, evidence=(evidence(cell=7),)))

    assert check.passes
    assert check.sentence == "Right (batch: apart)."
    assert (check.place, check.cell) == ("`slope` (cell 7)", 7)


def test_a_mistake_is_told_in_the_words_of_the_rubric() -> None:
    check = told(mistaken())

    assert (check.outcome, check.points, check.sentence) == ("partial", 2, SAYS)
    assert check.explained_by == ("through origin",)


def test_of_several_entries_of_one_name_the_one_that_was_made_is_told() -> None:
    entry = question().mistake[0]
    other = entry.model_copy(update={"says": "Another story."})
    rubric = rubric_of(question().model_copy(update={"mistake": [other, entry]}))

    [check] = result_of(grade(mistaken()), rubric, "").checks

    assert check.sentence == SAYS


def test_of_two_mistakes_the_dearer_is_told() -> None:
    both = mistaken(mistakes=("wrong-data", "through-origin"))

    check = told(both, mistakes={"wrong-data": {"worth": 1.0}})

    assert check.sentence == SAYS
    assert check.explained_by == ("wrong data", "through origin")


def test_a_mistake_that_is_charged_elsewhere_passes_and_is_named() -> None:
    check = told(mistaken(points=4, outcome="correct", carried=("through-origin",)))

    assert check.passes
    assert "through origin" in check.sentence
    assert "in an earlier question, and none here" in check.sentence


def test_a_mistake_that_costs_nothing_passes_with_a_note() -> None:
    check = told(mistaken(points=4, outcome="correct"))

    assert check.passes
    assert SAYS in check.sentence


def test_what_nothing_explains_is_answered_by_the_hint_and_no_number() -> None:
    check = told(unexplained())

    assert check.fails
    assert check.sentence == HINT
    assert (check.place, check.difference) == ("`guess` (cell 3)", "first differs at [1, 1]")


def test_cells_that_did_not_finish_are_told_of_what_nothing_explains() -> None:
    said = "The nearest value is `guess`, off by up to 0.48 at [1]; cell 4 raised KeyError: 'x; y'."

    check = told(unexplained(explanation=said))

    assert check.sentence == f"{HINT} Note: cell 4 raised KeyError: 'x; y'."


def test_what_nothing_explains_has_a_sentence_without_a_hint_too() -> None:
    check = told(unexplained(), hint=None)

    assert check.sentence == "This is not yet what was asked for."


def test_a_missing_answer_says_what_happened() -> None:
    said = "Not found; cell 4 raised NameError: name 'v' is not defined."
    lost = verdict(points=0, outcome="missing", cause="raised", explanation=said)

    check = told(lost)

    assert (check.outcome, check.sentence, check.cell) == ("missing", said, 4)


def test_of_too_few_digits_it_is_not_told_which_of_several_agree() -> None:
    """Ten values of one digit, and ten more of two, would be a search."""
    said = (
        "printed line 7 (cell 1): agrees as far as it is printed, but with too few digits to tell "
        "it from other values. A person decides."
    )

    check = told(
        verdict(
            outcome="ungraded", explanation=said, needs_review=True, evidence=(evidence(cell=7),)
        )
    )

    assert check.sentence.endswith("print at least four decimals.")
    assert (check.place, check.cell) == ("", None)
    assert "agree" not in check.sentence


def test_a_part_that_was_found_is_named_where_the_others_were_not() -> None:
    half = verdict(points=2, outcome="partial", evidence=(evidence(part="early"),))

    check = told(half)

    assert check.sentence == "Found for early only."
    assert check.place == "`slope` (cell 1) for early"


@pytest.mark.parametrize("more", [{"needs_review": True}, {"outcome": "ungraded"}])
def test_what_a_person_decides_neither_passes_nor_fails(more: dict[str, Any]) -> None:
    check = told(verdict(**{"points": 0, "outcome": "wrong", "explanation": "Hm.", **more}))

    assert (check.outcome, check.passes, check.fails) == ("ungraded", False, False)
    assert "person" in check.sentence


def test_why_a_person_decides_is_told_where_a_value_agrees() -> None:
    said = (
        "`slope` (cell 1): agrees, but NumPy and PyTorch both ran in that cell, and nothing tells "
        "that NumPy computed it. A person decides."
    )

    check = told(verdict(outcome="ungraded", explanation=said, needs_review=True))

    assert check.sentence.startswith("This agrees, but NumPy and PyTorch both ran in that cell")


def test_what_kept_a_run_from_what_the_file_shows_is_told() -> None:
    said = (
        "The output stored in the file would be right (print 1 (cell 2)), but running the code "
        "did not produce it; cell 2 raised NameError: name 'v' is not defined. A person decides."
    )

    check = told(verdict(outcome="ungraded", explanation=said, cause="raised", needs_review=True))

    assert check.sentence.endswith(
        "when the code was run; cell 2 raised NameError: name 'v' is not defined."
    )


def test_a_fault_of_ours_is_said_to_be_ours() -> None:
    ours = verdict(points=0, outcome="ungraded", cause="grader_fault", needs_review=True)

    check = told(ours)

    assert check.waits
    assert "not your doing" in check.sentence


def test_a_hidden_question_is_a_title_only() -> None:
    rubric = rubric_of(question(hidden=True))

    [kept] = result_of(grade(mistaken()), rubric, "").checks

    assert (kept.scope, kept.outcome, kept.points) == ("hidden", "ungraded", 0)
    assert kept.title == "Slope and intercept"
    assert (kept.explained_by, kept.place, kept.difference, kept.cell) == ((), "", "", None)
    assert SAYS not in kept.sentence


def test_a_teacher_keeps_what_is_hidden() -> None:
    rubric = rubric_of(question(hidden=True))

    [kept] = result_of(grade(mistaken()), rubric, "", hidden=True).checks

    assert (kept.scope, kept.sentence) == ("public", SAYS)


def test_of_a_hidden_mistake_only_the_outcome_is_told() -> None:
    check = told(mistaken(), mistakes={"through-origin": {"hidden": True}})

    assert check.fails
    assert (check.explained_by, check.place, check.cell) == ((), "", None)
    assert "origin" not in " ".join(map(str, asdict(check).values()))


def test_a_hidden_mistake_reads_like_an_answer_nothing_explains() -> None:
    hidden = told(mistaken(), mistakes={"through-origin": {"hidden": True}})

    assert hidden.sentence == told(unexplained()).sentence


def test_a_teacher_reads_of_a_hidden_mistake() -> None:
    check = told(mistaken(), hidden=True, mistakes={"through-origin": {"hidden": True}})

    assert check.sentence == SAYS


def test_a_hidden_mistake_is_not_named_where_a_person_decides_either() -> None:
    doubtful = mistaken(needs_review=True, explanation='It is explained by "through origin".')

    check = told(doubtful, mistakes={"through-origin": {"hidden": True}})

    assert "origin" not in " ".join(map(str, asdict(check).values()))


def test_the_first_part_that_does_not_pass_is_told() -> None:
    parts = (part("f"), part("g", "wrong", mistakes=("batch-size",)), part("h", "missing"))

    check = told(verdict(parts=parts, points=1, max_points=3, outcome="partial"))

    assert (check.outcome, check.points, check.max_points) == ("partial", 1, 3)
    assert check.sentence == "`g` it is (and 1 more of this question)."
    assert (check.place, check.explained_by) == ("`g`", ("batch size",))


def test_a_part_for_a_person_makes_a_question_wait() -> None:
    waiting = part("g", "ungraded", needs_review=True)

    check = told(verdict(parts=(part("f"), waiting), needs_review=True))

    assert (check.outcome, check.waits) == ("ungraded", True)


def test_a_part_that_a_person_decides_does_not_fail_whatever_was_found() -> None:
    check = told(verdict(parts=(part("f", "wrong", needs_review=True),), needs_review=True))

    assert (check.outcome, check.fails) == ("ungraded", False)


def test_a_part_that_fails_is_told_though_another_waits() -> None:
    waiting = part("g", "ungraded", needs_review=True)

    check = told(verdict(parts=(waiting, part("f", "wrong")), needs_review=True))

    assert check.fails
    assert check.place == "`f`"


def test_code_passes_while_what_is_written_beside_it_waits() -> None:
    criterion = CriterionVerdict("why", "a reason", 2)
    both = verdict(parts=(part("f"),), criteria=(criterion,), outcome="ungraded", needs_review=True)

    check = told(both)

    assert (check.passes, check.points, check.max_points) == (True, 1, 1)
    assert "read by a person" in check.sentence


def test_a_written_answer_is_judged_later() -> None:
    criterion = CriterionVerdict("why", "a reason", 6)
    written = verdict("why", points=0, max_points=6, outcome="ungraded", criteria=(criterion,))
    rubric = read_rubric(ESSAY)

    [check] = result_of(grade(written), rubric, "").checks

    assert (check.scope, check.waits) == ("later", True)


def test_a_notebook_that_cannot_be_read_is_a_fault_of_the_submission() -> None:
    unread = grade(verdict(outcome="ungraded", points=0), status="ungraded", note="It is empty.")

    result = result_of(unread, rubric_of(question()), "line.ipynb")

    assert (result.fault, result.fault_of, result.passes) == ("It is empty.", "submission", False)
    assert all(check.waits for check in result.checks)


def test_what_the_grader_failed_on_is_its_own_fault() -> None:
    failed = verdict(outcome="ungraded", points=0, cause="grader_fault")

    result = result_of(grade(failed, status="ungraded", note="Oh."), rubric_of(question()), "")

    assert result.fault_of == "grader"


def test_a_students_words_are_cleaned_and_bounded() -> None:
    hostile = "x\x1b[31m\n\u202e" + "y" * 10**5
    lost = verdict(points=0, outcome="missing", cause="raised", explanation=hostile)

    check = told(lost)

    assert len(check.sentence) <= 400
    assert not re.search("[\x1b\n\u202e]", check.sentence)


NUMBERS = st.lists(st.integers(10_000, 99_999), min_size=1, max_size=6, unique=True)
OUTCOMES: tuple[Outcome, ...] = ("correct", "partial", "wrong", "missing", "ungraded")


@given(NUMBERS, st.sampled_from(OUTCOMES), st.booleans(), st.booleans(), st.booleans())
def test_no_entry_of_an_expected_value_is_ever_told(
    numbers: list[int], outcome: Outcome, fits: bool, review: bool, shown: bool
) -> None:
    expected = np.array(numbers) / 7
    piece = evidence(actual=expected + 1.5, expected=expected, fits=fits, max_abs_error=1.5)
    entries = [f"{entry:.5g}" for entry in expected]
    said = "Off by up to 1.5 at [0]." if outcome != "missing" else "Not found."
    one = verdict(
        outcome=outcome, evidence=(piece,), explanation=said, needs_review=review, points=0
    )

    check = told(one, show_expected=shown)

    text = " ".join(map(str, asdict(check).values()))
    assert not any(entry in text for entry in entries)
    assert "1.5" not in check.sentence + check.difference


def test_counts_are_of_the_public_checks() -> None:
    rubric = rubric_of(question(), question("residuals", hidden=True))
    both = grade(verdict(), verdict("residuals", points=2, max_points=2))

    result: CheckResult = result_of(both, rubric, "")

    assert (result.points, result.max_points, result.passes) == (4, 4, True)
