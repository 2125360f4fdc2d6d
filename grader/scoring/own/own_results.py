"""The student's own results of earlier questions, from which a later answer may follow."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product

import numpy as np

from grader.faults import ReferenceFault
from grader.scoring.case import Case
from grader.scoring.comparison import max_abs_error
from grader.scoring.constants import is_constant
from grader.scoring.fit import Fit, best_of, fit_parts
from grader.scoring.pool import Candidate
from grader.scoring.predictions import Parts

_MOST = 64  # choices of one place
_SAME = 1e-6

Own = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Upstream:
    """An earlier question of the same submission, and what explains its answer."""

    case: Case
    fit: Fit | None

    @property
    def right(self) -> Parts:
        """The parts of the right answer, as the likeliest convention has them."""
        predicted = (self.case.predictions.of(one) for one in self.case.accepted)
        return next((parts for parts in predicted if parts), {})

    @property
    def lost_points(self) -> bool:
        """Whether the student's result is not the right one."""
        return self.fit is None or not self.fit.full or self.fit.credit < 1


def fit_own_results(case: Case, earlier: Mapping[str, Upstream]) -> Fit | None:
    """Explain an answer as right for the student's own, wrong results of earlier questions.

    Args:
        case: the submission and the question.
        earlier: the questions before, by their ids.

    """
    wanted = {name: _source(path) for name, path in case.question.own_results.items()}
    sources = {source for source, _ in wanted.values()}
    if not wanted or not sources <= earlier.keys():
        return None
    upstream = {source: earlier[source] for source in sources}
    if not all(one.lost_points for one in upstream.values()):
        return None
    right = {name: upstream[source].right.get(part) for name, (source, part) in wanted.items()}
    known = {name: value for name, value in right.items() if value is not None}
    if len(known) < len(right):
        return None
    own = _own(wanted, known, upstream)
    if not own or _is_right(own, known):
        return None
    titles = tuple(dict.fromkeys(one.case.question.title for one in upstream.values()))
    fits = (fit for fit in _fits(case, own) if fit.full)
    return best_of(replace(fit, own_results=titles) for fit in fits)


def _source(path: str) -> tuple[str, str]:
    question, _, part = path.partition(".")
    return question, part


def _fits(case: Case, own: Own) -> Iterator[Fit]:
    given = {**case.predictions.given, **own}
    for hypothesis in case.accepted:
        try:
            parts = case.predictions.ask(hypothesis, given)
        except (ReferenceFault, ArithmeticError, ValueError):
            continue  # a student's values may lead nowhere
        fit = fit_parts(hypothesis, parts, case.pool, own) if parts else None
        if fit is not None:
            yield fit


def _own(
    wanted: Mapping[str, tuple[str, str]], right: Own, upstream: Mapping[str, Upstream]
) -> Own:
    """Return the student's earlier results: those explained, or those nearest to the right ones."""
    if all(one.fit is not None and one.fit.full for one in upstream.values()):
        return _explained(wanted, upstream)
    held = {
        name: _candidates(upstream[source].case, right[name].shape)
        for name, (source, _) in wanted.items()
    }
    for place_of in (_observation_of, _cell_of):
        choices = list(_held_at_once(held, place_of))
        if choices:
            return min(choices, key=lambda own: sum(max_abs_error(own[n], right[n]) for n in own))
    return {}


def _held_at_once(
    held: Mapping[str, Sequence[Candidate]], place_of: Callable[[Candidate], tuple[int, int]]
) -> Iterator[Own]:
    """Yield values for all names that were read from one value, or seen in one cell."""
    places = [{place_of(candidate) for candidate in found} for found in held.values()]
    for place in set.intersection(*places) if places else ():
        there = {n: [c for c in found if place_of(c) == place] for n, found in held.items()}
        for chosen in islice(product(*there.values()), _MOST):
            if len({id(candidate) for candidate in chosen}) == len(chosen):
                yield {name: _plain(c) for name, c in zip(there, chosen, strict=True)}


def _candidates(case: Case, shape: tuple[int, ...]) -> list[Candidate]:
    """List values of a shape that are finite, computed, and none of the constants."""
    return [
        candidate
        for candidate in case.pool.candidates(shape)
        if np.isfinite(candidate.values).all()
        and not candidate.observation.typed_in
        and not is_constant(candidate.values, case.predictions.given)
    ]


def _observation_of(candidate: Candidate) -> tuple[int, int]:
    return candidate.observation.cell, id(candidate.observation)


def _cell_of(candidate: Candidate) -> tuple[int, int]:
    return candidate.observation.cell, 0


def _explained(wanted: Mapping[str, tuple[str, str]], upstream: Mapping[str, Upstream]) -> Own:
    """Return the values that an explanation of the earlier questions rests on."""
    own: dict[str, np.ndarray] = {}
    for name, (source, part) in wanted.items():
        fit = upstream[source].fit
        if fit is None or part not in fit.matches:
            return {}
        own[name] = _plain(fit.matches[part].candidate)
    return own


def _plain(candidate: Candidate) -> np.ndarray:
    return np.asarray(candidate.values, dtype=np.float64)


def _is_right(own: Own, right: Own) -> bool:
    """Say whether own results are the right ones, of which nothing new follows."""
    return all(
        np.allclose(value, right[name], rtol=_SAME, atol=_SAME) for name, value in own.items()
    )
