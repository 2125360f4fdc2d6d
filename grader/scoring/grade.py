"""From a recording to a grade: every question judged, our own faults kept apart."""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from grader.recording.model import Recording
from grader.rubric.model import Question, Rubric
from grader.rubric.reference import Reference
from grader.scoring.asked import Asked
from grader.scoring.case import Case
from grader.scoring.explained import explain
from grader.scoring.fit import Fit
from grader.scoring.predictions import Predictions
from grader.scoring.shared import Shared
from grader.scoring.unexplained import explain_nothing
from grader.scoring.verdict import Cause, Grade, Status, Verdict

log = logging.getLogger("grader")
T = TypeVar("T")


class Scorer:
    """A rubric and its reference, ready to grade any number of recordings."""

    def __init__(self, rubric: Rubric, reference: Reference) -> None:
        self._rubric = rubric
        self._predictions = Predictions(reference)
        self._asked = [
            Asked(question, question.tolerance or rubric.tolerance, self._predictions)
            for question in rubric.question
        ]

    def grade(self, recording: Recording) -> Grade:
        """Judge every question of a recording."""
        if recording.fault:
            cause: Cause | None = None if recording.key else "grader_fault"
            unread = tuple(_unread(question, cause) for question in self._rubric.question)
            return _grade(recording, unread, recording.fault)
        shared = Shared(recording, self._predictions)
        cases: list[Case] = []
        found: list[Fit | Verdict | None] = []
        for asked in self._asked:
            earlier = [
                (case.question, fit)
                for case, fit in zip(cases, found, strict=True)
                if isinstance(fit, Fit)
            ]
            cases.append(Case(asked, shared, earlier))
            found.append(_guarded(cases[-1], cases[-1].find))
        taken = frozenset(
            id(match.candidate.observation)
            for fit in found
            if isinstance(fit, Fit)
            for match in fit.matches.values()
        )
        verdicts = tuple(_judge(case, fit, taken) for case, fit in zip(cases, found, strict=True))
        return _grade(recording, self._blocked(verdicts))

    def _blocked(self, verdicts: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
        """Mark questions whose values are missing because those they need are."""
        missing = {v.question: v for v in verdicts if v.outcome == "missing" and v.cause}
        needs = {question.id: question.needs for question in self._rubric.question}
        return tuple(
            replace(
                verdict,
                cause="blocked",
                explanation=f'Not found: it needs "{blockers[0].title}", which is missing too.',
            )
            if (blockers := [missing[n] for n in needs[verdict.question] if n in missing])
            and verdict.question in missing
            else verdict
            for verdict in verdicts
        )


def _judge(case: Case, fit: Fit | Verdict | None, taken: frozenset[int]) -> Verdict:
    if isinstance(fit, Verdict):
        return fit
    return _guarded(case, lambda: explain(case, fit) if fit else explain_nothing(case, taken))


def _guarded(case: Case, step: Callable[[], T]) -> T | Verdict:
    """Take a step of judging; whatever goes wrong in it is the grader's fault, not a mark."""
    try:
        return step()
    except Exception as fault:
        submission, question = case.recording.submission, case.question.id
        log.exception("%s: %s ungraded: %s", submission, question, fault)
        return case.verdict(
            "ungraded",
            "The grader failed on this question; a person has to look at it.",
            cause="grader_fault",
            needs_review=True,
        )


def _unread(question: Question, cause: Cause | None) -> Verdict:
    return Verdict(
        question=question.id,
        title=question.title,
        points=0.0,
        max_points=question.points,
        outcome="ungraded",
        explanation="The submission could not be read."
        if cause is None
        else "The grader failed on this submission; a person has to look at it.",
        cause=cause,
        show_expected=question.show_expected,
    )


def _grade(recording: Recording, verdicts: tuple[Verdict, ...], fault: str = "") -> Grade:
    return Grade(
        submission=recording.submission,
        file=recording.file,
        points=round(sum(verdict.points for verdict in verdicts), 6),
        max_points=sum(verdict.max_points for verdict in verdicts),
        status="ungraded" if fault else _status(verdicts),
        note=fault or _note(verdicts),
        seconds=recording.seconds,
        verdicts=verdicts,
    )


def _status(verdicts: tuple[Verdict, ...]) -> Status:
    return "needs_review" if any(verdict.needs_review for verdict in verdicts) else "graded"


def _note(verdicts: tuple[Verdict, ...]) -> str:
    waiting = (v for v in verdicts if v.needs_review)
    return " ".join(f"{verdict.question}: {verdict.explanation}" for verdict in waiting)
