"""Judges a recording by a student's edition: as the full rubric does, where its answers opened."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from grader.recording.model import Recording
from grader.results.from_grade import result_of
from grader.results.model import Check
from grader.results.undecided import undecided
from grader.results.words import FAULTY, LATER, WORTH_LATER
from grader.rubric.model import Question
from grader.scoring.asked import Asked
from grader.scoring.case import Case
from grader.scoring.explained import explain
from grader.scoring.hypothesis import Hypothesis, hypotheses
from grader.scoring.own.carrying import Judged, carried_into
from grader.scoring.predictions import Batch, Parts, Predictions
from grader.scoring.replay import Streams
from grader.scoring.shared import Shared
from grader.scoring.verdict import Grade, Verdict
from grader.sealing.code import Asked as AskedCode
from grader.sealing.edition import Edition
from grader.sealing.opening import Opened, open_locks
from grader.sealing.unopened import unopened_check

log = logging.getLogger("grader")


class OpenedPredictions(Predictions):
    """What opened locks told; nothing can be asked of an edition beyond that."""

    def __init__(self, edition: Edition, opened: Opened) -> None:
        super().__init__(edition.reference)
        self._opened = opened.predictions

    def of(self, hypothesis: Hypothesis) -> Parts | None:
        """Return the parts that were told; None for none."""
        return self._opened.get(hypothesis.key)

    def ask(
        self, hypothesis: Hypothesis, given: Mapping[str, Any], streams: Streams | None = None
    ) -> Parts | None:
        """Return nothing: the functions of the reference are the teacher's."""
        return None

    def together(self, hypotheses: Sequence[Hypothesis]) -> Batch | None:
        """Return nothing, for the same reason."""
        return None


def judge_edition(recording: Recording, edition: Edition) -> tuple[Check, ...]:
    """Say of each question what can be told without the teacher's rubric.

    It passes only what the full rubric would find right: a lock opens with values near an
    answer, tells the answer, and the values are then compared as the full rubric compares.
    """
    if recording.fault:
        checks = [
            undecided(question, recording.fault, "later") for question in edition.rubric.question
        ]
        return _with_hidden(edition, checks)
    shared_observations = Shared(recording, Predictions(edition.reference)).observations
    opened = open_locks(edition.locks, shared_observations)
    shared = Shared(recording, OpenedPredictions(edition, opened))
    judge = _Judge(edition, shared, opened)
    asked = edition.rubric.question
    checks = [_guarded(question, partial(judge.check, question)) for question in asked]
    return _with_hidden(edition, checks)


class _Judge:
    """One recording, its questions taken in order: earlier answers are known to later ones."""

    def __init__(self, edition: Edition, shared: Shared, opened: Opened) -> None:
        self._edition = edition
        self._shared = shared
        self._opened = opened
        self._judged: list[Judged] = []
        self._code = AskedCode(edition, shared.recording, Predictions(edition.reference))

    def check(self, question: Question) -> Check:
        """Judge one question."""
        if question.id in self._edition.code:
            return self._code.check(question)
        if not question.expect:
            return undecided(question, LATER, "later")
        tolerance = question.tolerance or self._edition.rubric.tolerance
        asked = Asked(question, tolerance, self._shared.predictions)
        earlier = [(one.question, one.fit) for one in self._judged]
        case = Case(asked, self._shared, earlier)
        fit = case.find()
        if fit is None or not (fit.full or self._knows_right(question)):
            return unopened_check(case, self._edition, self._opened)
        verdict = explain(case, fit, carried_into(question, fit, self._judged))
        self._judged.append(Judged(question, fit, verdict))
        return self._told(case, verdict)

    def _knows_right(self, question: Question) -> bool:
        """Say whether all accepted answers were told."""
        accepted = (one for one in hypotheses(question) if one.worth >= 1 and not one.borrowed)
        return any(one.key in self._opened.predictions for one in accepted)

    def _told(self, case: Case, verdict: Verdict) -> Check:
        check = _as_check(self._edition, case.recording, verdict)
        if check.fails and not self._is_last_word(case):
            return replace(check, scope="later", sentence=f"{check.sentence} {WORTH_LATER}")
        return check

    def _is_last_word(self, case: Case) -> bool:
        """Say whether a mistake found leaves no room for full marks.

        A right answer may not have opened, and the mistake may have been paid for earlier.
        """
        question, judged = case.question, {one.question.id for one in self._judged}
        if question.id in self._edition.incomplete or not judged.issuperset(question.follows):
            return False
        if self._knows_right(question):
            return True
        locks = [lock for lock in self._edition.locks if lock.expect == question.expect]
        complete = bool(locks) and all(lock.whole for lock in locks) and not self._opened.capped
        return complete and not case.recording.incomplete


def _as_check(edition: Edition, recording: Recording, verdict: Verdict) -> Check:
    """Word a verdict as the full check does."""
    grade = Grade(
        submission=recording.submission,
        file=recording.file,
        points=verdict.points,
        max_points=verdict.max_points,
        status="graded",
        note="",
        seconds=recording.seconds,
        verdicts=(verdict,),
    )
    [check] = result_of(grade, edition.rubric, recording.file).checks
    return check


def _guarded(question: Question, step: Callable[[], Check]) -> Check:
    """Judge a question; what goes wrong in it is the grader's fault, and no mark."""
    try:
        return step()
    except Exception:
        log.exception("%s cannot be judged by the student's edition", question.id)
        return undecided(question, FAULTY, "later")


def _with_hidden(edition: Edition, checks: Sequence[Check]) -> tuple[Check, ...]:
    """Put the questions that are only named where they stand."""
    found = list(checks)
    for hidden in sorted(edition.hidden, key=lambda one: one.before, reverse=True):
        named = Check(
            question=hidden.id,
            title=hidden.title,
            outcome="ungraded",
            points=0.0,
            max_points=0.0,
            sentence=LATER,
            scope="hidden",
        )
        found.insert(hidden.before, named)
    return tuple(found)
