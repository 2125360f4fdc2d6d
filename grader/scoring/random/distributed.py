"""The verdict on random results that no draws on record reproduce, by what training gives."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from grader.scoring.case import Case
from grader.scoring.comparison import max_abs_error, slacks
from grader.scoring.explained import evidence
from grader.scoring.hypothesis import Hypothesis, narrowed
from grader.scoring.pool import Candidate, Match
from grader.scoring.random.attribution import Attribution, Survivor, worths
from grader.scoring.random.closeness import FALSE_REJECTION
from grader.scoring.random.rivalry import OUTDONE_BY_CHANCE
from grader.scoring.random.simulation import flattened
from grader.scoring.random.simulations import Simulations
from grader.scoring.replay import keep_streams
from grader.scoring.verdict import Evidence, Verdict, outcome_of
from grader.scoring.wording import listed, mistakes_named, place, reading

Answer = Mapping[str, Candidate]

_OFTEN = 10  # draws of one kind: a mask may have been made of them in some way not known
_SHUFFLED = re.compile(r"\b(?:shuffle|permutation|permuted|sample)\b")
_TENTH = 10  # draws for a tenth of a training may be those of one that was cut short
_MOST_NAMED = 3
_POWERS = 4  # of ten and more are written as such
_REFUSED = FALSE_REJECTION + OUTDONE_BY_CHANCE
_LIKE = " This takes it to be trained as the answers it follows from were computed."


@dataclass(frozen=True)
class Attributed:
    """An answer, and the ways of training it fits and no other outdoes, the likeliest first.

    `alike` says that these are all ways that go with what earlier answers were found to be,
    `next_best` is the likeliest way that is worth something else than the first.
    """

    answer: Answer
    survivors: Sequence[Survivor]
    alike: bool = False
    next_best: Survivor | None = None

    @property
    def where(self) -> str:
        """The places of the answer's parts."""
        return listed(place(candidate) for candidate in self.answer.values())

    @property
    def told(self) -> str:
        """What it fits, as a part of a sentence; empty for nothing."""
        named = {_named(s.hypothesis): described(s) for s in reversed(self.survivors)}
        return listed(list(reversed(named.values()))[:_MOST_NAMED])


def attribute(case: Case, answer: Answer, simulations: Simulations | None = None) -> Attributed:
    """Find the ways of training that an answer fits.

    First those that go with what is known from the answers it follows from; all, where it
    fits none of these.
    """
    kept = simulations or case.simulations
    shapes = {name: candidate.values.shape for name, candidate in answer.items()}
    result = flattened({name: np.real(c.values) for name, c in answer.items()}).astype(np.float64)
    precision = flattened({name: _precision(case, c) for name, c in answer.items()})
    if not np.isfinite(result).all():
        return Attributed(answer, ())
    like = narrowed(case.plain, case.conventions_before, case.settled_before)
    for some in (like, case.plain) if len(like) < len(case.plain) else (case.plain,):
        known = Attribution(case.question, case.tolerance, some, kept)
        found = known.survivors(result, precision, shapes)
        if found.remaining:
            return Attributed(answer, found.remaining, some is like, found.next_best)
    return Attributed(answer, ())


def by_distribution(
    case: Case, answer: Answer, simulations: Simulations | None = None
) -> Verdict | None:
    """Judge what the run computed by how such trainings turn out; None where it fits none.

    Points are given only where all ways of training it fits are worth the same, where the
    run has left no draws it could have been trained with, and the digits decide anything.
    """
    found = attribute(case, answer, simulations)
    if not found.survivors:
        return None
    doubt = _doubt(case, found)
    if doubt:
        return case.verdict(
            "ungraded", f"{found.where}: {doubt}. A person decides.", needs_review=True
        )
    return _decided(case, found)


def described(survivor: Survivor) -> str:
    """Say in words which way of training this is, and how well a result fits it."""
    hypothesis = survivor.hypothesis
    how = _named(hypothesis)
    words = reading(hypothesis)
    return f"{how} ({words + '; ' if words else ''}{_closeness(survivor)})"


def _doubt(case: Case, found: Attributed) -> str:
    """Say why an answer is not decided by what it fits; nothing where it is."""
    if _may_be_drawn(case, found.survivors):
        return (
            "the random draws of this run do not reproduce these values under any known way "
            f"of training, though by their size they could come from {found.told}"
        )
    if len(worths(found.survivors)) > 1:
        return (
            "no draws on record reproduce these values, and they fit ways of training that "
            f"are worth different marks: {found.told}"
        )
    seen = [candidate.observation for candidate in found.answer.values()]
    unsure = case.question.library != "any" and any(len(one.libraries) > 1 for one in seen)
    coarse = any(np.max(c.resolution) > case.tolerance.coarsest for c in found.answer.values())
    if unsure or coarse or any(one.typed_in for one in seen):
        why = "nothing tells which library computed them" if unsure else "too few digits are known"
        return f"no draws on record reproduce these values; they fit {found.told}, but {why}"
    return ""


def _may_be_drawn(case: Case, survivors: Iterable[Survivor]) -> bool:
    """Say whether the run's draws may be what an answer was trained with.

    If they are, and do not reproduce it, then it was trained in no known way, however much
    it looks like one.
    """
    question, draws = case.question, case.recording.draws
    if question.draws is None or question.rate is None:
        return True
    needed = case.predictions.flags_needed
    own = {needed(question.draws, survivor.hypothesis) for survivor in survivors}
    accepted = {needed(question.draws, hypothesis) for hypothesis in case.accepted}
    cut_short = min((count for count in accepted if count), default=0) // _TENTH
    counts = {count for count in (*own, cut_short) if count}
    rate = float(case.predictions.given[question.rate])
    if any(keep_streams(draws, count, rate) is not None for count in counts):
        return True
    often = any(len(group.array) >= _OFTEN for group in draws)
    return often or any(_SHUFFLED.search(cell.source) for cell in case.recording.cells)


def _decided(case: Case, found: Attributed) -> Verdict:
    best = found.survivors[0]
    worth = best.hypothesis.worth
    points = round(case.question.points * worth, 6)
    return case.verdict(
        outcome_of(points, case.question.points),
        f"{found.where}: no draws on record reproduce these values, but they are what such "
        f"training gives: {_explained(best)}{_lead(found)}.{_LIKE if found.alike else ''}",
        points=points,
        conventions=_shared_conventions(found.survivors),
        mistakes=tuple(dict.fromkeys(mistake.id for mistake in best.hypothesis.mistakes)),
        evidence=_evidence(found.answer, best),
        remarks=(*_said(best.hypothesis), *_others(found.survivors)),
        # An average is nothing to compare one training with.
        show_expected=False,
    )


def _explained(best: Survivor) -> str:
    how = f"explained by {described(best)}" if best.hypothesis.mistakes else described(best)
    if best.listed:
        return how
    return f"{how[:-1]}; a true one is refused in 1 of {1 / _REFUSED:,.0f} cases)"


def _lead(found: Attributed) -> str:
    """Say how much less likely the next best way is that is worth something else."""
    if found.next_best is None:
        return ""
    lead = (found.survivors[0].likelihood - found.next_best.likelihood) / np.log(10)
    times = f"10^{lead:.0f}" if lead >= _POWERS else f"{10**lead:.0f}"
    return f"; the next best, {_named(found.next_best.hypothesis)}, is {times} times less likely"


def _closeness(survivor: Survivor) -> str:
    if survivor.listed:
        count = survivor.listed
        return f"one of the {count} results there can be" if count > 1 else "the only result"
    return (
        f"squared distance {survivor.distance:.1f} at {survivor.known.degrees} degrees of freedom, "
        f"p = {survivor.p:.2g}"
    )


def _named(hypothesis: Hypothesis) -> str:
    return mistakes_named(hypothesis) if hypothesis.mistakes else "the right training"


def _others(survivors: Sequence[Survivor]) -> tuple[str, ...]:
    """Name what fits as well and is worth the same."""
    others = list(dict.fromkeys(_named(s.hypothesis) for s in survivors[1:]))
    others = [name for name in others if name != _named(survivors[0].hypothesis)]
    if not others:
        return ()
    return (f"The values also fit {listed(others[:_MOST_NAMED])}, worth the same.",)


def _shared_conventions(survivors: Sequence[Survivor]) -> dict[str, str]:
    """Return the conventions on which all survivors agree."""
    first, *others = [survivor.hypothesis.conventions for survivor in survivors]
    return {k: v for k, v in first.items() if all(other.get(k) == v for other in others)}


def _said(hypothesis: Hypothesis) -> tuple[str, ...]:
    return tuple(dict.fromkeys(mistake.says for mistake in hypothesis.mistakes))


def _evidence(answer: Answer, best: Survivor) -> tuple[Evidence, ...]:
    """Show the answer; what is expected of it is the average of such trainings."""
    sizes = np.cumsum([answer[name].values.size for name in sorted(answer)])
    typical = dict(zip(sorted(answer), np.split(best.known.typical, sizes[:-1]), strict=True))
    matches = {}
    for name, candidate in answer.items():
        expected = typical[name].reshape(candidate.values.shape)
        matches[name] = Match(candidate, expected, max_abs_error(candidate.values, expected), 0)
    return evidence(matches.items(), len(matches))


def _precision(case: Case, candidate: Candidate) -> np.ndarray:
    """Return how far each entry of a value may be off by its own rounding, however coarse."""
    single = np.array([candidate.observation.dtype in ("float32", "text")])
    flat = np.real(candidate.values).reshape(1, -1)
    digits = np.broadcast_to(candidate.resolution, candidate.values.shape).reshape(1, -1)
    counted = case.tolerance.model_copy(update={"coarsest": np.inf})
    return np.asarray(slacks(flat, digits, single, counted)[0])
