"""A question with parts judged: each part by the best of its probes, their points added up."""

import logging
from collections.abc import Sequence
from dataclasses import replace

from grader.execution.asking.about import about
from grader.execution.probing import UNANSWERED
from grader.execution.run import UNFORKED
from grader.recording.model import ProbeResult, Recording
from grader.rubric.kinds import CLASSES
from grader.rubric.model import Question, Tolerance
from grader.rubric.parts import Part
from grader.scoring.failures import after_failures, cause_of
from grader.scoring.outcomes import Outcome
from grader.scoring.predictions import Predictions
from grader.scoring.probed.code import Code
from grader.scoring.probed.findings import Judged, carried, doubted, part_verdict
from grader.scoring.probed.kinds import JUDGES
from grader.scoring.probed.view import View
from grader.scoring.verdict import Cause, PartVerdict, Verdict
from grader.scoring.wording import listed

log = logging.getLogger("grader")


def judge_parts(
    question: Question,
    recording: Recording,
    code: Code,
    predictions: Predictions,
    tolerance: Tolerance,
    charged: Sequence[str] = (),
) -> Verdict:
    """Judge a question by its parts.

    Args:
        question: with parts.
        recording: the run, in which they were called.
        code: of the notebook.
        predictions: the reference.
        tolerance: of the question.
        charged: titles of the questions this one follows that lost points.

    """
    verdicts = tuple(
        _judge(question, number, recording, code, predictions, tolerance, charged)
        for number in range(len(question.parts))
    )
    points = round(sum(one.points for one in verdicts), 6)
    possible = sum(one.max_points for one in verdicts)
    waiting = any(one.needs_review for one in verdicts)
    return Verdict(
        question=question.id,
        title=question.title,
        points=points,
        max_points=question.points,
        outcome=_outcome(verdicts, points, possible),
        explanation=_summary(verdicts),
        cause=_shared_cause(verdicts),
        mistakes=tuple(dict.fromkeys(name for one in verdicts for name in one.mistakes)),
        conventions={k: v for one in verdicts for k, v in one.conventions.items()},
        show_expected=question.show_expected,
        needs_review=waiting,
        parts=verdicts,
    )


def _judge(
    question: Question,
    number: int,
    recording: Recording,
    code: Code,
    predictions: Predictions,
    tolerance: Tolerance,
    charged: Sequence[str],
) -> PartVerdict:
    """Judge one part by the best of its probes."""
    part = question.parts[number]
    results = [one for one in recording.probes if one.about == about(part)]
    if not results:
        doubt = (
            f"`{part.name}` was not called: the notebook was run for another rubric, or in a "
            "fresh kernel, which cannot be asked."
        )
        return part_verdict(part, Judged(doubt=doubt))
    views = [View(question, part, one, recording, code, predictions, tolerance) for one in results]
    settle = doubted if part.probe == "contest" else carried
    verdicts = [part_verdict(part, settle(_guarded(view), charged)) for view in views]
    best = max(range(len(verdicts)), key=lambda n: (verdicts[n].points, -n))
    return _told_which(verdicts[best], results[best], part)


def _guarded(view: View) -> Judged:
    """Judge a part; where that goes wrong it is our fault, and the other parts are judged."""
    try:
        return _judged(view)
    except Exception as fault:
        log.exception("%s: %s ungraded: %s", view.recording.submission, view.name, fault)
        doubt = f"The grader failed on {view.name}; a person has to look at it."
        return Judged(doubt=doubt, cause="grader_fault")


def _judged(view: View) -> Judged:
    """Judge a part by one probe; what kept it from being asked comes first."""
    result = view.result
    if result.fault == UNFORKED or (result.fault == UNANSWERED and not result.steps):
        return Judged(doubt=f"{view.name} could not be called: {result.fault}.")
    if _is_missing(view):
        return _missing(view)
    if _is_blank(view):
        says = f"{view.name} returns nothing: what it is to do is still to be written."
        return Judged(says, missing=True)
    judged = JUDGES[view.part.probe](view)
    return _timed_out(view, judged) if result.fault and not judged.doubt else judged


def _is_missing(view: View) -> bool:
    """Tell a name that stands for nothing from one that fails when it is called."""
    lost = f"NameError: name '{view.result.found}' is not defined"
    taken = [step for step in view.result.steps if step.name]
    return bool(taken) and taken[0].error == lost


def _is_blank(view: View) -> bool:
    """Tell a function as a template has it: called without an error, it gives nothing."""
    calls = [case.step for case in view.cases if case.step is not None]
    return bool(calls) and all(one.type == "NoneType" and not one.error for one in calls)


def _missing(view: View) -> Judged:
    says = f"No {_kind(view.part)} {view.name} was found{after_failures(view.recording)}."
    return Judged(says, missing=True, cause=cause_of(view.recording))


def _kind(part: Part) -> str:
    return "class" if part.probe in CLASSES else "function"


def _timed_out(view: View, judged: Judged) -> Judged:
    """Say that it did not come to its end; the mark is that of what it gave before."""
    if view.part.of is not None and view.cases and all(one.step for one in view.cases):
        return replace(judged, remarks=(*judged.remarks, f"`{view.part.of}` took too long."))
    if judged.facts:  # a network that has answered, whatever was asked after it
        return judged
    says = f"{view.name} was called, but {view.result.fault}."
    return replace(judged, says=says, cause="timed_out")


def _told_which(verdict: PartVerdict, result: ProbeResult, part: Part) -> PartVerdict:
    """Say which definition a verdict is about, where that is not plain."""
    remarks = list(verdict.remarks)
    if result.found != part.name and verdict.outcome != "missing":
        remarks.append(f"It is called `{result.found}` here; `{part.name}` was asked for.")
    if result.after is not None:
        remarks.append(
            f"Judged as it stood after cell {result.after}: later cells give its name, or one it "
            "uses, to something else."
        )
    return replace(verdict, remarks=tuple(remarks))


def _outcome(verdicts: Sequence[PartVerdict], points: float, possible: float) -> Outcome:
    if all(one.outcome == "missing" for one in verdicts):
        return "missing"
    if any(one.needs_review for one in verdicts) and points == 0:
        return "ungraded"
    if points >= possible:
        return "correct"
    return "partial" if points > 0 else "wrong"


def _shared_cause(verdicts: Sequence[PartVerdict]) -> Cause | None:
    """Return what kept all parts from being judged, if that is one cause."""
    causes = {one.cause for one in verdicts}
    return causes.pop() if len(causes) == 1 else None


def _summary(verdicts: Sequence[PartVerdict]) -> str:
    """Say in a sentence which parts are right, and which are not."""
    by_outcome: dict[str, list[str]] = {}
    for one in verdicts:
        by_outcome.setdefault(one.outcome, []).append(one.label)
    if len(verdicts) == 1:
        return verdicts[0].explanation
    told = [
        f"{_WORDS[outcome]}: {listed(by_outcome[outcome])}"
        for outcome in _WORDS
        if outcome in by_outcome
    ]
    return "; ".join(told).capitalize() + "."


_WORDS = {
    "correct": "right",
    "partial": "partly right",
    "wrong": "not right",
    "missing": "not found",
    "ungraded": "for a person",
}
