"""The verdict where a hypothesis explains what was observed."""

from collections.abc import Iterable, Sequence
from math import prod
from typing import Any

from grader.rubric.model import Mistake
from grader.scoring.case import Case
from grader.scoring.fit import Fit
from grader.scoring.hypothesis import Hypothesis
from grader.scoring.own.carrying import Carried
from grader.scoring.pool import Match
from grader.scoring.rounding.amplified import RoundedFit
from grader.scoring.verdict import Evidence, Verdict, outcome_of
from grader.scoring.wording import (
    TYPED_IN,
    agreement,
    borrowed_named,
    bound,
    listed,
    mistakes_named,
    named,
    place,
    places,
    reading,
)

_LUCKY = 0.1  # expected agreements by chance; honest notebooks stay far below


def explain(case: Case, fit: Fit, carried: Sequence[Carried] = ()) -> Verdict:
    """Return the verdict that a fit leads to; the parts it leaves open are looked at singly.

    Args:
        case: the submission and the question.
        fit: the best explanation.
        carried: mistakes that have been paid for in questions this one follows.

    """
    if fit.typed_in:
        return _typed_in(case, fit)
    if not fit.certain and case.question.library != "any":
        return _doubtful(case, fit)
    if any(case.pool.luck(match) > _LUCKY for match in fit.matches.values()):
        doubt = "agrees, but among so many printed values one does by chance"
        return _unsettled(case, fit, doubt)
    if fit.held_only:
        doubt = "is right, but it is shown nowhere, and that cell shows other values of its kind"
        return _unsettled(case, fit, doubt)
    singly = dict(_singly_explained(case, fit))
    paid = {one.mistake for one in carried}
    singly_worth = sum(_worth(hypothesis, paid) for hypothesis, _ in singly.values())
    credit = fit.share * _worth(fit.hypothesis, paid) + singly_worth / len(fit.parts)
    points = round(case.question.points * credit, 6)
    mistakes = _unique(
        [*fit.hypothesis.mistakes, *(m for h, _ in singly.values() for m in h.mistakes)]
    )
    matches = {**fit.matches, **{part: match for part, (_, match) in singly.items()}}
    return case.verdict(
        outcome_of(points, case.question.points),
        _sentence(case, fit, singly),
        points=points,
        conventions=dict(fit.hypothesis.conventions),
        mistakes=tuple(mistake.id for mistake in mistakes),
        carried=tuple(one.mistake for one in carried),
        evidence=evidence(matches.items(), len(fit.parts)),
        remarks=(*_from_own_results(fit), *_carried_forward(carried), *_remarks(fit, mistakes)),
    )


def _worth(hypothesis: Hypothesis, paid: set[str]) -> float:
    """Return the share of the points a hypothesis earns where some mistakes are paid for."""
    return prod(mistake.worth for mistake in hypothesis.mistakes if mistake.id not in paid)


def _from_own_results(fit: Fit) -> list[str]:
    if not fit.own_results:
        return []
    which = listed(f'"{title}"' for title in fit.own_results)
    return [f"Your result of {which} is not the right one. That is judged there, and not again."]


def _carried_forward(carried: Sequence[Carried]) -> list[str]:
    return [
        f'Carried forward: {named(one.mistake)} cost points in "{one.paid_in}", and costs none '
        "here; given that, this answer is right."
        for one in carried
    ]


def evidence(
    matches: Iterable[tuple[str, Match]], parts: int, fits: bool = True
) -> tuple[Evidence, ...]:
    """Return what a verdict rests on, a piece for each part that was looked at."""
    return tuple(
        Evidence(
            cell=match.candidate.observation.cell,
            origin=match.candidate.observation.origin,
            path=match.candidate.path,
            part=part if parts > 1 else "",
            max_abs_error=match.error,
            actual=match.candidate.values,
            expected=match.expected,
            fits=fits,
            also=match.also,
        )
        for part, match in matches
    )


def _singly_explained(case: Case, fit: Fit) -> Iterable[tuple[str, tuple[Hypothesis, Match]]]:
    """Yield parts that the fit leaves open and another hypothesis, likewise read, explains.

    It is about the same quantity, and tells no other story of a mistake that is told already.
    """
    told = [fit.hypothesis]
    for part in sorted(fit.parts.keys() - fit.matches.keys()):
        for hypothesis in case.plain if not (fit.replayed or fit.borrowed) else []:
            predicted = case.predictions.of(hypothesis) or {}
            same = hypothesis.conventions == fit.hypothesis.conventions
            same = same and hypothesis.expect == fit.hypothesis.expect
            same = same and not any(_contradict(hypothesis, other) for other in told)
            match = case.pool.match(predicted[part]) if same and part in predicted else None
            if match is not None:
                told.append(hypothesis)
                yield part, (hypothesis, match)
                break


def _contradict(one: Hypothesis, other: Hypothesis) -> bool:
    """Say whether two hypotheses share a mistake but not how it was made."""
    shared = {m.id for m in one.costly} & {m.id for m in other.costly}
    return bool(shared) and one.settings != other.settings


def _sentence(case: Case, fit: Fit, singly: dict[str, tuple[Hypothesis, Match]]) -> str:
    how = _how(case, fit)
    agrees = agreement(fit.matches.values())
    sentence = f"{places(fit)}: {how}; {agrees}{_by_roundings(fit)}."
    for part, (hypothesis, match) in singly.items():
        mistakes = mistakes_named(hypothesis)
        sentence += f" {place(match.candidate)} for {part}: explained by {mistakes}."
    missing = [part for part in fit.parts if part not in fit.matches and part not in singly]
    if missing:
        sentence += f" Not found: {listed(missing)}."
    return sentence


def _by_roundings(fit: Fit) -> str:
    if not isinstance(fit, RoundedFit):
        return ""
    most = bound(fit.moved)
    return f", which single precision explains (it may move this training by {most})"


def _how(case: Case, fit: Fit) -> str:
    words = reading(fit.hypothesis)
    if fit.hypothesis.mistakes:
        how = f"explained by {mistakes_named(fit.hypothesis)}" + (f" ({words})" if words else "")
    else:
        how = "right" + (f", read as {words}" if words else "")
    if fit.own_results:
        which = listed(f'"{title}"' for title in fit.own_results)
        how += f", for your own result of {which}"
    elif fit.borrowed:
        how += f", with {borrowed_named(fit.borrowed, case.predictions.given)}"
    return how + (", replayed with the random draws of this run" if fit.replayed else "")


def _remarks(fit: Fit, mistakes: Iterable[Mistake]) -> tuple[str, ...]:
    remarks = [mistake.says for mistake in mistakes]
    others = max((match.also for match in fit.matches.values()), default=0)
    if others:
        remarks.append(
            f"The same value was found in {others} other {'place' if others == 1 else 'places'}; "
            "the one that lived longest, in the latest cell, is shown."
        )
    return tuple(remarks)


def _unique(mistakes: Iterable[Mistake]) -> list[Mistake]:
    return list({mistake.id: mistake for mistake in mistakes}.values())


def _typed_in(case: Case, fit: Fit) -> Verdict:
    declared = next((m for m in case.question.mistake if m.id == "typed-in"), None)
    return _unsettled(
        case,
        fit,
        "agrees, but the numbers stand in the code as they are",
        mistakes=("typed-in",),
        remarks=(declared.says if declared else TYPED_IN,),
    )


def _doubtful(case: Case, fit: Fit) -> Verdict:
    library = {"numpy": "NumPy", "torch": "PyTorch"}[case.question.library]
    return _unsettled(
        case,
        fit,
        f"agrees, but NumPy and PyTorch both ran in that cell, and nothing tells that {library} "
        "computed it",
    )


def _unsettled(case: Case, fit: Fit, doubt: str, **more: Any) -> Verdict:
    return case.verdict(
        "ungraded",
        f"{places(fit)}: {doubt}. A person decides.",
        conventions=dict(fit.hypothesis.conventions),
        evidence=evidence(fit.matches.items(), len(fit.parts)),
        needs_review=True,
        **more,
    )
