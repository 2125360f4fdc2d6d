"""The verdict where a search, beyond what the rubric declares, explains a value."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from math import floor

from grader.scoring.case import Case
from grader.scoring.explained import evidence
from grader.scoring.fit import Fit
from grader.scoring.pool import Candidate
from grader.scoring.search.coincidence import MOST
from grader.scoring.search.fitted import fitted_meetings
from grader.scoring.search.meetings import Meeting, Values, predicted_meetings
from grader.scoring.search.possibilities import Possibilities, Possibility
from grader.scoring.search.replayed import replayed_meetings
from grader.scoring.verdict import Verdict, outcome_of
from grader.scoring.wording import agreement, mistakes_named, places, reading

_AS_LIKELY = 3.0  # powers of ten within which the plainer of two explanations is preferred
_HIDDEN = "a known kind of slip"


@dataclass(frozen=True)
class Price:
    """What an explanation is worth, and who says so."""

    share: float
    mistakes: tuple[str, ...]
    says: tuple[str, ...]
    declared: bool  # the rubric prices just this


def searched(
    case: Case,
    passed_over: Callable[[Candidate], bool],
    possibilities: Possibilities | None = None,
) -> Verdict | None:
    """Explain a value by slips and combinations that the rubric does not list; None if nothing.

    Args:
        case: the submission and the question.
        passed_over: says which values answer nothing.
        possibilities: what is tried on the question, where that is worked out already.

    """
    if possibilities is None:
        possibilities = Possibilities(case.question, case.tolerance, case.predictions)
    values = Values(case.pool, case.tolerance, passed_over)
    found = [m for m in _meetings(case, possibilities, values) if 10**m.log_chance <= MOST]
    if not found:
        return None
    fewest = min(_mistakes(meeting) for meeting in found)
    found = [meeting for meeting in found if _mistakes(meeting) == fewest]
    best = min(chance.log_chance for chance in found)
    plain = next(m for m in found if m.log_chance <= best + _AS_LIKELY)
    rivals = [price(case, m.possibility) for m in found if m.log_chance <= best + _AS_LIKELY]
    return _verdict(case, plain, min(rival.share for rival in rivals))


def _meetings(case: Case, possibilities: Possibilities, values: Values) -> Iterator[Meeting]:
    return chain(
        predicted_meetings(possibilities, values),
        fitted_meetings(possibilities, values, case.tolerance),
        replayed_meetings(case, possibilities, values),
    )


def _mistakes(found: Meeting) -> int:
    """Count the mistakes an explanation takes beside a slip; another quantity is one more."""
    made = found.possibility.hypothesis.costly
    return len(made) + any(mistake.expect for mistake in made)


def price(case: Case, found: Possibility) -> Price:
    """Return what an explanation is worth: what the rubric says, or else nothing."""
    made = found.hypothesis.mistakes
    ids, says = tuple(m.id for m in made), tuple(m.says for m in made)
    if found.setting:
        named = found.setting.replace("_", "-").replace(" ", "-")
        return Price(0.0, (*ids, named), says, declared=False)
    if found.transform is None:
        priced = bool(made) and len(found.hypothesis.costly) <= case.question.combine
        return Price(found.hypothesis.worth if made else 0.0, ids, says, declared=priced)
    for mistake in case.question.mistake:
        listed = mistake.transform
        if found.transform in ([listed] if isinstance(listed, str) else listed or []):
            share = found.hypothesis.worth * mistake.worth
            return Price(share, (*ids, mistake.id), (*says, mistake.says), declared=not made)
    return Price(0.0, (*ids, found.transform.replace("_", "-")), says, declared=False)


def _verdict(case: Case, found: Meeting, least: float) -> Verdict:
    worth = price(case, found.possibility)
    fit = Fit(found.possibility.hypothesis, found.possibility.parts, found.matches, {})
    settled = worth.declared and least == worth.share and fit.certain
    points = round(case.question.points * min(worth.share, least), 6)
    end = "" if settled else " The rubric does not price just this: a person decides."
    return case.verdict(
        outcome_of(points, case.question.points),
        f"{places(fit)}: explained by {_how(case, found.possibility)}; "
        f"{agreement(found.matches.values())}; {_odds(found)}.{end}",
        points=points,
        conventions=dict(found.possibility.hypothesis.conventions),
        mistakes=worth.mistakes if worth.declared or case.question.show_expected else (),
        evidence=evidence(found.matches.items(), len(found.matches)),
        remarks=worth.says,
        needs_review=not settled,
    )


def _how(case: Case, found: Possibility) -> str:
    if found.transform is not None or found.setting:
        return found.says if case.question.show_expected else _HIDDEN
    words = reading(found.hypothesis)
    return mistakes_named(found.hypothesis) + (f" ({words})" if words else "")


def _odds(found: Meeting) -> str:
    return (
        f"found among {found.tried:,} possibilities, "
        f"by chance in fewer than 1 of 10^{floor(-found.log_chance)}"
    )
