"""How well a hypothesis explains what was observed: which parts it predicts were found."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from grader.scoring.hypothesis import Hypothesis
from grader.scoring.pool import Match, Pool
from grader.scoring.predictions import Parts

Level = Sequence[Hypothesis]

_FINE = 6e-5  # the rounding of four decimals


@dataclass(frozen=True)
class Fit:
    """The parts of a hypothesis's prediction, and the match of each part that was found.

    `borrowed` are the constants that the student's own values stood in for, or the student's
    own results of earlier questions, whose titles `own_results` then has; `replayed` says
    that the student's own random draws were used.
    """

    hypothesis: Hypothesis
    parts: Parts
    matches: Mapping[str, Match]
    borrowed: Mapping[str, np.ndarray]
    replayed: bool = False
    own_results: tuple[str, ...] = ()
    held_only: bool = False  # the values are shown nowhere, and others are, in the same cell

    @property
    def share(self) -> float:
        """The share of the parts that were found."""
        return len(self.matches) / len(self.parts)

    @property
    def full(self) -> bool:
        """Whether every part was found."""
        return len(self.matches) == len(self.parts)

    @property
    def certain(self) -> bool:
        """Whether every value found was computed, and by a library that is known."""
        seen = [match.candidate.observation for match in self.matches.values()]
        return not any(o.typed_in or len(o.libraries) > 1 for o in seen)

    @property
    def typed_in(self) -> bool:
        """Whether a value found stands in the source as it is."""
        return any(match.candidate.observation.typed_in for match in self.matches.values())

    @property
    def credit(self) -> float:
        """The share of the points earned."""
        return self.share * self.hypothesis.worth

    @property
    def rank(self) -> tuple[float, ...]:
        """Order fits: what explains everything first, then worth most, then the simpler.

        One mistake that explains all parts is a better story than none that explains some, and
        what was computed counts before what was typed in.
        """
        doubtful = sum(len(m.candidate.observation.libraries) > 1 for m in self.matches.values())
        mistakes = len(self.hypothesis.mistakes)
        whole = self.full and self.hypothesis.worth > 0
        simpler = (-mistakes, -len(self.borrowed))
        return (whole, not self.typed_in, self.credit, self.share, -doubtful, *simpler)


def fit_parts(
    hypothesis: Hypothesis,
    parts: Parts,
    pool: Pool,
    borrowed: Mapping[str, np.ndarray] | None = None,
) -> Fit | None:
    """Look for each part of a prediction; None where not one was found."""
    matches = {name: match for name, part in parts.items() if (match := pool.match(part))}
    return Fit(hypothesis, parts, matches, borrowed or {}) if matches else None


def fit_streams(
    hypothesis: Hypothesis,
    parts: Parts,
    pool: Pool,
    borrowed: Mapping[str, np.ndarray] | None = None,
    *,
    replayed: bool = False,
) -> Fit | None:
    """Look for the parts of a replayed prediction: of the stream along axis 0 that fits best."""
    streams = len(next(iter(parts.values())))
    rows = ({name: part[s] for name, part in parts.items()} for s in range(streams))
    possible = (row for row in rows if all(np.isfinite(part).all() for part in row.values()))
    return fit_rows(hypothesis, possible, pool, borrowed, replayed=replayed)


def fit_rows(
    hypothesis: Hypothesis,
    rows: Iterable[Parts],
    pool: Pool,
    borrowed: Mapping[str, np.ndarray] | None = None,
    *,
    replayed: bool = False,
) -> Fit | None:
    """Look for the parts of several predictions: of the one that fits best."""
    found = best_of(fit_parts(hypothesis, row, pool, borrowed) for row in rows)
    if found is None or (replayed and not found.full and _is_coarse(found)):
        return None  # three decimals of half an answer prove no training
    return replace(found, replayed=replayed)


def _is_coarse(fit: Fit) -> bool:
    rounding = [float(np.max(m.candidate.resolution)) for m in fit.matches.values()]
    return max(rounding) > _FINE


def best_of(fits: Iterable[Fit | None]) -> Fit | None:
    """Return the best fit, None where there is none."""
    return max((fit for fit in fits if fit), key=lambda fit: fit.rank, default=None)


def search(
    levels: Iterable[Level],
    fits_of: Callable[[Level], Iterator[Sequence[Fit | None]]],
    best: Fit | None = None,
) -> Fit | None:
    """Try hypotheses, those worth most first, and stop where none can do better than the best.

    Args:
        levels: hypotheses worth the same, level by level.
        fits_of: yields the fits of each of a level's hypotheses, in their order; one that it
            passes over explains nothing.
        best: a fit that is known already.

    """
    for level in levels:
        if _is_settled(best, level[0].worth):
            break
        for fits in fits_of(level):
            best = best_of([best, *fits])
            if _is_settled(best, level[0].worth):
                break
    return best


def _is_settled(fit: Fit | None, worth: float) -> bool:
    """Say whether no hypothesis of some worth can be better than a fit."""
    if fit is None or not fit.full or fit.typed_in:
        return False
    return fit.credit > worth or (fit.certain and fit.credit == worth)
