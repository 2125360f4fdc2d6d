"""A grade made into what may be shown to whoever handed the notebook in."""

from collections.abc import Sequence

from grader.reporting.text import one_line
from grader.results.answers import value_check
from grader.results.in_parts import parts_check
from grader.results.model import Check, CheckResult, Fault
from grader.results.undecided import undecided
from grader.results.words import FAULTY, LATER, UNREAD, WRITTEN
from grader.rubric.model import Question, Rubric
from grader.scoring.verdict import Grade, Verdict

_LONGEST = 400  # characters of a sentence
_LONGEST_PLACE = 160


def result_of(grade: Grade, rubric: Rubric, notebook: str, *, hidden: bool = False) -> CheckResult:
    """Say of each question what may be told before the grade.

    No expected value is told, whatever the rubric lets reports show: sentences are made anew
    from what a verdict holds as data, and never from the numbers of its evidence.

    Args:
        grade: what was found.
        rubric: it was found with.
        notebook: the name of the file.
        hidden: keep what is known of questions and mistakes that the rubric hides.

    """
    verdicts = {verdict.question: verdict for verdict in grade.verdicts}
    asked = [(one, verdicts[one.id]) for one in rubric.question if one.id in verdicts]
    fault = one_line(grade.note, _LONGEST) if grade.status == "ungraded" else ""
    return CheckResult(
        assignment=rubric.assignment,
        title=rubric.title,
        notebook=notebook,
        checks=tuple(_check(one, verdict, rubric, fault, hidden) for one, verdict in asked),
        fault=fault,
        fault_of=_fault_of(grade.verdicts) if fault else "",
        seconds=grade.seconds,
    )


def _fault_of(verdicts: Sequence[Verdict]) -> Fault:
    ours = any(verdict.cause == "grader_fault" for verdict in verdicts)
    return "grader" if ours else "submission"


def _check(question: Question, verdict: Verdict, rubric: Rubric, fault: str, hidden: bool) -> Check:
    if question.hidden and not hidden:
        return undecided(question, LATER, "hidden")
    if verdict.cause == "grader_fault":
        return undecided(question, FAULTY, "public")
    if fault:
        return undecided(question, UNREAD, "public")
    return _short(_judged(question, verdict, rubric, hidden))


def _judged(question: Question, verdict: Verdict, rubric: Rubric, hidden: bool) -> Check:
    if verdict.parts:
        return parts_check(question, verdict, hidden=hidden)
    if verdict.criteria:
        return _written(question, verdict)
    tolerance = question.tolerance or rubric.tolerance
    return value_check(question, verdict, tolerance, hidden=hidden)


def _written(question: Question, verdict: Verdict) -> Check:
    """Give the check of prose; of that it is there at all a machine can tell."""
    empty = verdict.outcome == "missing"
    says = "Nothing is written here yet." if empty else WRITTEN
    return Check(
        question=question.id,
        title=question.title,
        outcome="missing" if empty else "ungraded",
        points=0.0,
        max_points=question.points,
        sentence=says,
        scope="later",
    )


def _short(check: Check) -> Check:
    """Bound and clean what may hold a student's words."""
    return Check(
        **{
            **vars(check),
            "sentence": one_line(check.sentence, _LONGEST),
            "difference": one_line(check.difference, _LONGEST_PLACE),
            "place": one_line(check.place, _LONGEST_PLACE),
        }
    )
