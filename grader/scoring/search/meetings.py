"""Where something tried meets a value of the student's, and how closely."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from grader.rubric.model import Tolerance
from grader.scoring.comparison import allowance, max_abs_error, slacks
from grader.scoring.pool import Candidate, Match, Pool
from grader.scoring.search.coincidence import Look, Structure, log_chance
from grader.scoring.search.possibilities import Possibilities, Possibility

_NEAR = frozenset({"rounded", "single_precision"})
_STEPS = 64  # roundings of a computation in low precision, in units of its epsilon


@dataclass(frozen=True)
class Meeting:
    """A possibility all parts of which were found, and the chance of that by accident."""

    possibility: Possibility
    matches: Mapping[str, Match]
    log_chance: float
    tried: int


class Values:
    """A student's values that answer no other question, each once, in any wanted shape."""

    def __init__(
        self, pool: Pool, tolerance: Tolerance, passed_over: Callable[[Candidate], bool]
    ) -> None:
        self.pool = pool
        self._tolerance = tolerance
        self._passed_over = passed_over
        self._known: dict[tuple[int, ...], tuple[list[Candidate], np.ndarray, np.ndarray]] = {}

    def of(self, shape: tuple[int, ...]) -> tuple[list[Candidate], np.ndarray, np.ndarray]:
        """Return the values of a shape: candidates, their entries in rows, what these may be off.

        The latest of equal values stands for them.
        """
        if shape not in self._known:
            found = [c for c in self.pool.candidates(shape) if not self._passed_over(c)]
            once = {c.values.tobytes(): c for c in sorted(found, key=_lateness)}
            self._known[shape] = self._stacked(list(once.values()), int(np.prod(shape)))
        return self._known[shape]

    def nearest(self, expected: np.ndarray) -> Match | None:
        """Return the value closest to an expected one, None where none agrees with it."""
        candidates, values, slack = self.of(expected.shape)
        allowed = slack + allowance(expected, self._tolerance).ravel()
        off = np.abs(values - expected.ravel())
        fits = np.flatnonzero((off <= allowed).all(axis=1))
        if not fits.size:
            return None
        errors = off[fits].max(axis=1) + [float(np.max(candidates[n].resolution)) for n in fits]
        best = candidates[fits[int(np.argmin(errors))]]
        return Match(best, expected, max_abs_error(best.values, expected), fits.size - 1)

    def _stacked(
        self, found: list[Candidate], size: int
    ) -> tuple[list[Candidate], np.ndarray, np.ndarray]:
        values = np.array([c.values.ravel() for c in found], dtype=float).reshape(-1, size)
        resolution = np.array([c.resolution.ravel() for c in found], dtype=float)
        single = np.array([c.observation.dtype in ("float32", "text") for c in found], dtype=bool)
        slack = slacks(values, resolution.reshape(-1, size), single, self._tolerance)
        return found, values, slack


class Odds:
    """How likely meetings are by accident, among all that is tried on a question."""

    def __init__(self, possibilities: Possibilities, values: Values, more: int = 0) -> None:
        self._structure: Structure = possibilities.structure
        self._possibilities = possibilities
        self._values = values
        self.tried = possibilities.tried + more

    def meeting(
        self, possibility: Possibility, matches: Mapping[str, Match], free: int = 0
    ) -> Meeting:
        """Weigh a possibility that was met.

        Args:
            possibility: what was met.
            matches: the value that met each part.
            free: how many numbers of each part were chosen so that they meet.

        """
        looks = [self._look(possibility, part, match, free) for part, match in matches.items()]
        return Meeting(possibility, matches, log_chance(self.tried, looks), self.tried)

    def _look(self, possibility: Possibility, part: str, match: Match, free: int) -> Look:
        actual, expected = match.candidate.values, match.expected
        scale = float(np.max(np.abs(actual), initial=0.0))
        error = max(match.error, _resolution(match.candidate), scale * _epsilon(match.candidate))
        if possibility.transform in _NEAR and possibility.source is not None:
            # Digits that were lost cannot agree, however closely what is left of them does.
            error = max(error, max_abs_error(actual, possibility.source[part]))
        room, numbers = self._room(possibility, part, match, error)
        values = len(self._values.of(expected.shape)[0])
        return Look(values, 2 * error / max(min(room, scale), 1e-300), max(numbers - free, 0))

    def _room(
        self, possibility: Possibility, part: str, match: Match, error: float
    ) -> tuple[float, int]:
        """Return how far off a value may have been, and how many independent numbers it has.

        What is only less precise than a right value is held against any value; everything
        else against values as near to a right one as this one is.
        """
        count = self._structure.independent
        source = (possibility.source or {}).get(part, match.expected)
        if possibility.transform in _NEAR:
            return float("inf"), min(count(source, error), count(match.expected, error))
        if possibility.transform == "shifted":
            source_numbers = count(source, error)
            return float(np.max(np.abs(match.expected - source))), source_numbers
        bases = self._possibilities.bases(part, match.expected.shape)
        if not bases:
            return float("inf"), count(match.expected, error)
        nearest = min(bases, key=lambda base: max_abs_error(match.candidate.values, base))
        start = source if source is not match.expected else nearest
        moved = match.expected - start if start.shape == match.expected.shape else match.expected
        numbers = min(count(match.expected, error), count(moved, error))
        return max_abs_error(match.candidate.values, nearest), numbers


def predicted_meetings(possibilities: Possibilities, values: Values) -> Iterator[Meeting]:
    """Yield the possibilities all parts of which stand among a student's values."""
    odds = Odds(possibilities, values)
    for group in possibilities.groups:
        if not all(values.of(part.shape[1:])[0] for part in group.parts.values()):
            continue
        agree = [values.pool.agreeing(part) for part in group.parts.values()]
        for place in np.flatnonzero(np.logical_and.reduce(agree)).tolist():
            one = group.members[place]
            yield from met(odds, values, one)


def met(odds: Odds, values: Values, possibility: Possibility) -> Iterator[Meeting]:
    """Yield how a possibility is met, if all of its parts are."""
    found = {name: values.nearest(part) for name, part in possibility.parts.items()}
    matches = {name: match for name, match in found.items() if match is not None}
    if len(matches) == len(found):
        yield odds.meeting(possibility, matches)


def _resolution(candidate: Candidate) -> float:
    return float(np.max(candidate.resolution, initial=0.0))


def _epsilon(candidate: Candidate) -> float:
    """Return the share of a value by which two that are the same may differ."""
    kind = candidate.observation.dtype
    named = kind if kind in ("float16", "float32") else "float64"
    return float(np.finfo(named).eps) * (1 if named != "float64" else _STEPS)


def _lateness(candidate: Candidate) -> tuple[int, int]:
    return (candidate.observation.last_cell, -len(candidate.path))
