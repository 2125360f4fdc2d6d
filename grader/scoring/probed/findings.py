"""What judging a part finds, and what that leaves of its points."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from grader.rubric.parts import Part
from grader.scoring.verdict import Cause, PartVerdict, outcome_of
from grader.scoring.wording import listed

UNNAMED = "wrong"
"""The id of findings that say no more than that something is not right."""


@dataclass(frozen=True)
class Finding:
    """Something that is not as it should be, or worth a remark.

    `worth` is the share of the points that is left where nothing else was found; a rubric may
    set it by the finding's id.
    """

    id: str
    says: str
    worth: float = 0.0
    follows: bool = False  # it may come of mistakes in what this part is built on


@dataclass(frozen=True)
class Judged:
    """What judging one part came to.

    Attributes:
        says: what was seen to be right, or that nothing was there; one sentence.
        findings: what was not; their costs add up.
        remarks: further sentences.
        conventions: how the student chose where the assignment leaves it open.
        missing: whether there was nothing to be judged.
        doubt: why a person has to look, instead of a mark; "" mostly.
        doubt_follows: whether that is about findings that may come of earlier mistakes.
        cause: what kept it from being judged.
        facts: numbers for tables and comparisons, by name.

    """

    says: str = ""
    findings: tuple[Finding, ...] = ()
    remarks: tuple[str, ...] = ()
    conventions: dict[str, str] = field(default_factory=dict)
    missing: bool = False
    doubt: str = ""
    doubt_follows: bool = False
    cause: Cause | None = None
    facts: dict[str, float] = field(default_factory=dict)


def carried(judged: Judged, charged: Sequence[str]) -> Judged:
    """Take the cost from what follows of mistakes that were charged in other questions.

    Args:
        judged: with findings that may follow.
        charged: titles of the questions that lost points, of those this one is built on.

    """
    if not charged or not any(one.follows for one in judged.findings):
        return judged
    if judged.doubt and not judged.doubt_follows:
        return judged
    kept = tuple(one for one in judged.findings if not one.follows)
    told = tuple(one.says for one in judged.findings if one.follows)
    source = f"That may come of what was charged in {listed(charged)}, and costs nothing here."
    return replace(judged, findings=kept, doubt="", remarks=(*told, source, *judged.remarks))


def doubted(judged: Judged, charged: Sequence[str]) -> Judged:
    """Leave to a person what may follow of mistakes that were charged in other questions.

    Where a part is worth much by itself, it can neither be charged again nor be given away.
    """
    told = [one.says for one in judged.findings if one.follows]
    if not charged or judged.doubt or not told:
        return judged
    source = f"That may come of what was charged in {listed(charged)}; a person decides."
    return replace(judged, doubt=" ".join([judged.says, *told, source]).strip())


def share_of(part: Part, judged: Judged) -> float:
    """Return the share of the points that is earned."""
    if judged.missing or judged.doubt:
        return 0.0
    cost = sum(1 - part.worth.get(one.id, one.worth) for one in judged.findings)
    return max(0.0, 1 - cost)


def part_verdict(part: Part, judged: Judged) -> PartVerdict:
    """Say what a part is worth, and why."""
    points = round(part.points * share_of(part, judged), 6)
    costly = tuple(one for one in judged.findings if part.worth.get(one.id, one.worth) < 1)
    verdict = PartVerdict(
        label=part.label,
        points=points,
        max_points=part.points,
        outcome=outcome_of(points, part.points),
        explanation=_explanation(judged, costly),
        cause=judged.cause,
        conventions=judged.conventions,
        mistakes=tuple(dict.fromkeys(one.id for one in costly if one.id != UNNAMED)),
        remarks=(*_free(judged, costly), *judged.remarks),
        facts=judged.facts,
    )
    if judged.doubt:
        return replace(verdict, outcome="ungraded", needs_review=True, explanation=judged.doubt)
    return replace(verdict, outcome="missing") if judged.missing else verdict


def _explanation(judged: Judged, costly: Sequence[Finding]) -> str:
    said = [judged.says, *(one.says for one in costly)]
    return " ".join(filter(None, said))


def _free(judged: Judged, costly: Sequence[Finding]) -> tuple[str, ...]:
    """Give the sentences of findings that cost nothing."""
    return tuple(one.says for one in judged.findings if one not in costly)
