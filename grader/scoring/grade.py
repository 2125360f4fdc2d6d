"""From a recording to a grade: every question judged, our own faults kept apart."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from grader.recording.model import Recording
from grader.rubric.model import Question, Rubric
from grader.rubric.reference import Reference
from grader.scoring.asked import Asked
from grader.scoring.case import Case
from grader.scoring.explained import explain
from grader.scoring.fit import Fit, best_of
from grader.scoring.own.carrying import Judged, carried_into
from grader.scoring.own.own_loss import with_own_loss
from grader.scoring.own.own_results import Upstream, fit_own_results
from grader.scoring.perturbed import Reruns
from grader.scoring.predictions import Predictions
from grader.scoring.probed.code import Code
from grader.scoring.probed.question import judge_parts
from grader.scoring.random.simulations import Simulations
from grader.scoring.reproduction import Reproduction, reproduction_of
from grader.scoring.shared import Shared
from grader.scoring.sources import cited_sources
from grader.scoring.unexplained import explain_nothing
from grader.scoring.verdict import Cause, Grade, Status, Verdict
from grader.scoring.wording import listed
from grader.scoring.written import judge_written, with_criteria

log = logging.getLogger("grader")
T = TypeVar("T")
_CHARGED = ("partial", "wrong", "missing")


class Scorer:
    """A rubric and its reference, ready to grade any number of recordings."""

    def __init__(self, rubric: Rubric, reference: Reference) -> None:
        self._rubric = rubric
        self._predictions = Predictions(reference)
        simulations = Simulations(self._predictions)
        self._asked = [
            Asked(question, question.tolerance or rubric.tolerance, self._predictions, simulations)
            for question in rubric.valued
        ]
        self._reruns = Reruns(rubric, reference, Scorer)

    def grade(self, recording: Recording, perturbed: Recording | None = None) -> Grade:
        """Judge every question of a recording.

        Args:
            recording: of the notebook as it is.
            perturbed: of the same notebook with other constants; it tells computed from typed.

        """
        if recording.fault:
            cause: Cause | None = None if recording.key else "grader_fault"
            unread = tuple(_unread(question, cause) for question in self._rubric.question)
            return _grade(recording, unread, recording.fault)
        verdicts = self._blocked((*self._values(recording), *self._parts(recording)))
        if perturbed is not None:
            verdicts = self._reruns.settle(verdicts, recording, perturbed)
        return _grade(recording, verdicts)

    def _values(self, recording: Recording) -> tuple[Verdict, ...]:
        """Judge the questions whose answers are values."""
        if not self._asked:
            return ()
        cases, found = self._explained(Shared(recording, self._predictions))
        taken = frozenset(
            id(match.candidate.observation)
            for fit in found
            if isinstance(fit, Fit)
            for match in fit.matches.values()
        )
        return _judge_all(cases, found, taken)

    def _parts(self, recording: Recording) -> tuple[Verdict, ...]:
        """Judge the questions whose answers were written, as code or as prose; in order."""
        verdicts: dict[str, Verdict] = {}
        code = Code(recording.handed_in)
        for question in self._rubric.question:
            if not question.expect:
                before = [verdicts[name] for name in question.follows if name in verdicts]
                charged = [one.title for one in before if one.outcome in _CHARGED]
                step = partial(self._part, question, recording, code, charged)
                verdicts[question.id] = _guarded(question, recording, step)
        return tuple(verdicts.values())

    def _part(
        self, question: Question, recording: Recording, code: Code, charged: Sequence[str]
    ) -> Verdict:
        """Judge a question by what it asks to be written."""
        if not question.parts:
            return judge_written(question, recording)
        tolerance = question.tolerance or self._rubric.tolerance
        verdict = judge_parts(question, recording, code, self._predictions, tolerance, charged)
        return with_criteria(verdict, question, recording) if question.criteria else verdict

    def _explained(self, shared: Shared) -> tuple[list[Case], list[Fit | Verdict | None]]:
        """Find what explains each answer, in order: later ones are searched knowing earlier."""
        cases: list[Case] = []
        found: list[Fit | Verdict | None] = []
        earlier: dict[str, Upstream] = {}
        for asked in self._asked:
            known = [(one.case.question, one.fit) for one in earlier.values() if one.fit]
            case = Case(asked, shared, known)
            fit = _guarded(case.question, case.recording, partial(_best_fit, case, earlier))
            if not isinstance(fit, Verdict):
                earlier[case.question.id] = Upstream(case, fit)
            cases.append(case)
            found.append(fit)
        return cases, found

    def _blocked(self, verdicts: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
        """Mark questions whose answers are missing because those they need are; in order."""
        missing = {v.question: v for v in verdicts if v.outcome == "missing" and v.cause}
        needs = {question.id: question.needs for question in self._rubric.question}
        order = {question.id: place for place, question in enumerate(self._rubric.question)}
        return tuple(
            replace(
                verdict,
                cause="blocked",
                explanation=f'Not found: it needs "{blockers[0].title}", which is missing too.',
            )
            if (blockers := [missing[n] for n in needs[verdict.question] if n in missing])
            and verdict.question in missing
            else verdict
            for verdict in sorted(verdicts, key=lambda one: order[one.question])
        )


def _best_fit(case: Case, earlier: Mapping[str, Upstream]) -> Fit | None:
    """Explain an answer by itself, or else by what the student made of earlier questions."""
    fit = case.find()
    if fit is not None and fit.full:
        return fit
    return best_of([fit, fit_own_results(case, earlier)])


def _judge_all(
    cases: Sequence[Case], found: Sequence[Fit | Verdict | None], taken: frozenset[int]
) -> tuple[Verdict, ...]:
    """Judge questions in order: what one was charged for is carried into those that follow it."""
    verdicts: list[Verdict] = []
    judged: list[Judged] = []
    for case, fit in zip(cases, found, strict=True):
        verdicts.append(_judge(case, fit, taken, judged))
        if isinstance(fit, Fit):
            judged.append(Judged(case.question, fit, verdicts[-1]))
    return tuple(verdicts)


def _judge(
    case: Case, fit: Fit | Verdict | None, taken: frozenset[int], judged: Sequence[Judged]
) -> Verdict:
    if isinstance(fit, Verdict):
        return fit
    return _guarded(
        case.question,
        case.recording,
        lambda: with_own_loss(case, _explained(case, fit, taken, judged)),
    )


def _explained(
    case: Case, fit: Fit | None, taken: frozenset[int], judged: Sequence[Judged]
) -> Verdict:
    if fit is None:
        return explain_nothing(case, taken)
    return explain(case, fit, carried_into(case.question, fit, judged))


def _guarded(question: Question, recording: Recording, step: Callable[[], T]) -> T | Verdict:
    """Take a step of judging; whatever goes wrong in it is the grader's fault, not a mark."""
    try:
        return step()
    except Exception as fault:
        log.exception("%s: %s ungraded: %s", recording.submission, question.id, fault)
        return Verdict(
            question=question.id,
            title=question.title,
            points=0.0,
            max_points=question.points,
            outcome="ungraded",
            explanation="The grader failed on this question; a person has to look at it.",
            cause="grader_fault",
            show_expected=question.show_expected,
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
        reproduction=_reproduced(recording),
        sources=cited_sources(recording, verdicts),
    )


def _reproduced(recording: Recording) -> Reproduction | None:
    """Compare the stored outputs; as no mark hangs on it, a fault of ours is only logged."""
    try:
        return reproduction_of(recording)
    except Exception as fault:
        log.exception("%s: stored outputs not compared: %s", recording.submission, fault)
        return None


def _status(verdicts: tuple[Verdict, ...]) -> Status:
    return "needs_review" if any(verdict.needs_review for verdict in verdicts) else "graded"


def _note(verdicts: tuple[Verdict, ...]) -> str:
    """Say what waits for a person, and why; written answers wait because they are written."""
    waiting = [verdict for verdict in verdicts if verdict.needs_review]
    written = [one.question for one in waiting if one.criteria and not one.rest_waits]
    others = [one for one in waiting if one.question not in written]
    told = [f"{one.question}: {_reason(one)}" for one in others]
    if written:
        told.append(f"Read by a person: what was written for {listed(written)}.")
    return " ".join(told)


def _reason(verdict: Verdict) -> str:
    """Return why a verdict waits; of parts, only those that do are told of."""
    waiting = [part.explanation for part in verdict.parts if part.needs_review]
    return " ".join(waiting) or verdict.explanation
