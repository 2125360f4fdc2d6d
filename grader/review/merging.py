"""Grades with what people decided in them, and without."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace

from grader.review.decisions import Decision, Decisions
from grader.scoring.outcomes import Outcome
from grader.scoring.verdict import (
    CriterionVerdict,
    Decided,
    Grade,
    Status,
    Verdict,
    outcome_of,
)


def with_decisions(grade: Grade, decisions: Decisions) -> Grade:
    """Merge decisions into a grade; those about something that has changed since do nothing.

    Decisions merged into it before are taken out first.
    """
    machine = tuple(map(undecided, grade.verdicts))
    verdicts = tuple(
        _merged(verdict, holding(verdict, decisions.of(grade.submission, verdict.question)))
        for verdict in machine
    )
    if all(one is other for one, other in zip(verdicts, grade.verdicts, strict=True)):
        return grade
    unread = any(verdict.waits and not verdict.needs_review for verdict in machine)
    return replace(
        grade,
        verdicts=verdicts,
        points=round(sum(verdict.points for verdict in verdicts), 6),
        status=_status(verdicts, unread),
        note=grade.note if unread else _note(verdicts),
    )


def undecided(verdict: Verdict) -> Verdict:
    """Return a verdict as it was before a person said anything."""
    return verdict.decided.before if verdict.decided else verdict


def holding(verdict: Verdict, decisions: Sequence[Decision]) -> list[Decision]:
    """Keep the decisions that are about what a verdict, not yet decided, is now."""
    judged = {one.id: one.judged for one in verdict.criteria}
    whole = substance(verdict)
    most = {one.id: one.max_points for one in verdict.criteria} | {"": verdict.max_points}
    return [
        one
        for one in decisions
        if one.judged == (judged.get(one.criterion) if one.criterion else whole)
        and (one.points or 0.0) <= most[one.criterion]
    ]


def substance(verdict: Verdict) -> str:
    """Digest what a verdict, not yet decided, says: what an overruled machine was overruled on."""
    parts = [
        verdict.outcome,
        f"{verdict.points:.6g}",
        f"{verdict.max_points:.6g}",
        sorted(verdict.mistakes),
        verdict.explanation,
        [one.judged for one in verdict.criteria],
        [
            (one.label, f"{one.points:.6g}", one.outcome, sorted(one.mistakes), one.explanation)
            for one in verdict.parts
        ],
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _merged(verdict: Verdict, decisions: Sequence[Decision]) -> Verdict:
    if not decisions:
        return verdict
    whole = next((one for one in decisions if one.kind == "points"), None)
    judged = _with_criteria(verdict, [one for one in decisions if one.kind == "criterion"])
    merged = _overruled(judged, whole) if whole else judged
    last = max(decisions, key=lambda one: one.at)
    comment = next((one.text for one in decisions if one.kind == "comment"), "")
    decided = Decided(
        before=verdict,
        overruled=whole is not None,
        reason=whole.text if whole else "",
        comment=comment,
        by=last.by,
        at=last.at.isoformat(),
    )
    return replace(merged, decided=decided)


def _with_criteria(verdict: Verdict, decisions: Sequence[Decision]) -> Verdict:
    """Give the criteria their points; a question is done when all have some."""
    if not decisions:
        return verdict
    made = {one.criterion: one for one in decisions}
    criteria = tuple(_decided(one, made.get(one.id)) for one in verdict.criteria)
    before = sum(one.points or 0.0 for one in verdict.criteria)
    points = verdict.points - before + sum(one.points or 0.0 for one in criteria)
    judged = replace(verdict, criteria=criteria, points=round(points, 6))
    if any(one.points is None for one in criteria):
        return judged
    outcome: Outcome = (
        "ungraded" if judged.rest_waits else outcome_of(judged.points, judged.max_points)
    )
    return replace(
        judged,
        outcome=outcome,
        needs_review=judged.rest_waits,
        explanation=judged.explanation if judged.rest_waits else _read(criteria),
    )


def _decided(criterion: CriterionVerdict, decision: Decision | None) -> CriterionVerdict:
    if decision is None:
        return criterion
    return replace(criterion, points=decision.points, reason=decision.text)


def _read(criteria: Sequence[CriterionVerdict]) -> str:
    points = sum(one.points or 0.0 for one in criteria)
    most = sum(one.max_points for one in criteria)
    return f"Read by your teacher: {points:g} of {most:g} points for what you wrote."


def _overruled(verdict: Verdict, decision: Decision) -> Verdict:
    """Set the points of a question; what explained fewer points explains no full ones."""
    points = decision.points or 0.0
    full = points >= verdict.max_points
    return replace(
        verdict,
        points=points,
        outcome=outcome_of(points, verdict.max_points),
        cause=None,
        mistakes=() if full else verdict.mistakes,
        carried=() if full else verdict.carried,
        needs_review=False,
        explanation=f"Set to {points:g} of {verdict.max_points:g} by your teacher: {decision.text}",
    )


def _status(verdicts: Sequence[Verdict], unread: bool) -> Status:
    if not any(verdict.waits for verdict in verdicts):
        return "graded"
    return "ungraded" if unread else "needs_review"


def _note(verdicts: Sequence[Verdict]) -> str:
    waiting = (verdict for verdict in verdicts if verdict.needs_review)
    return " ".join(f"{verdict.question}: {verdict.explanation}" for verdict in waiting)
