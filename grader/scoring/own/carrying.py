"""Errors carried forward: a mistake that cost points in one question costs none in the next."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from grader.rubric.model import Mistake, Question
from grader.scoring.fit import Fit
from grader.scoring.verdict import Verdict


@dataclass(frozen=True)
class Judged:
    """A question that was explained, and its verdict."""

    question: Question
    fit: Fit
    verdict: Verdict


@dataclass(frozen=True)
class Carried:
    """A mistake, and the question that it has cost points in already."""

    mistake: str
    paid_in: str  # title of the question


def carried_into(question: Question, fit: Fit, judged: Sequence[Judged]) -> tuple[Carried, ...]:
    """Find the mistakes of a fit that were paid for in a question this one follows.

    It has to be the same mistake: made by the same settings, as far as both questions have
    them, and, where constants were entered, by the same values.
    """
    upstream = [one for one in judged if one.question.id in question.follows and _paid(one)]
    found = []
    for mistake in fit.hypothesis.costly:
        payer = next((one for one in upstream if _makes(one, mistake, fit)), None)
        if payer is not None:
            found.append(Carried(mistake.id, payer.question.title))
    return tuple({one.mistake: one for one in found}.values())


def _paid(judged: Judged) -> bool:
    """Say whether a verdict has taken points off; one that a person decides has not yet."""
    verdict = judged.verdict
    return verdict.outcome != "ungraded" and verdict.points < verdict.max_points


def _makes(judged: Judged, mistake: Mistake, fit: Fit) -> bool:
    if mistake.id in judged.verdict.carried:
        return False  # it was paid for further up
    same = [m for m in judged.fit.hypothesis.costly if m.id == mistake.id]
    own, other = fit.hypothesis.settings, judged.fit.hypothesis.settings
    if not same or any(own[n] != other[n] for n in mistake.when if n in own and n in other):
        return False
    entered = () if mistake.values == "computed" else mistake.given
    names = [name for name in entered if name in fit.borrowed]
    return all(
        name in judged.fit.borrowed
        and np.allclose(judged.fit.borrowed[name], fit.borrowed[name], rtol=1e-6, atol=1e-9)
        for name in names
    )
