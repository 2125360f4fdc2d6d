"""The candidates a question may be answered with, and which of them agree with a prediction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from grader.observation.model import Observation
from grader.rubric.model import Tolerance
from grader.scoring.comparison import allowance, allowances, max_abs_error, slacks
from grader.scoring.views import views

_MOST_PAIRS = 2**15  # of predictions and candidates, compared at once
_SHOWN = ("printed", "displayed", "text")
_ORIGINS = ("variable", "attribute", "printed", "displayed", "returned", "text", "stored_output")


@dataclass(frozen=True)
class Candidate:
    """One reading of an observation, in the shape of the part it is compared with."""

    observation: Observation
    path: str
    values: np.ndarray
    resolution: np.ndarray


@dataclass(frozen=True)
class Match:
    """A candidate that agrees with a prediction; `also` counts the others that do.

    Of the nearest candidate, where none agrees, it counts the others that may have been meant.
    """

    candidate: Candidate
    expected: np.ndarray
    error: float
    also: int


class Readings:
    """What observations can be read as; the pools of one submission share it."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, tuple[int, ...]], list[list[Candidate]]] = {}
        self._read: dict[int, Sequence[Observation]] = {}

    def of(
        self, observations: Sequence[Observation], shape: tuple[int, ...]
    ) -> list[list[Candidate]]:
        """List the readings that have `shape`, of each observation that has any."""
        key = (id(observations), shape)
        if key not in self._known:
            self._read[id(observations)] = observations  # an id is good while its object is kept
            found = (_readings(observation, shape) for observation in observations)
            self._known[key] = [some for some in found if some]
        return self._known[key]


def _readings(observation: Observation, shape: tuple[int, ...]) -> list[Candidate]:
    return [
        Candidate(observation, observation.path + suffix, values, resolution)
        for suffix, values, resolution in views(observation, shape)
    ]


class Pool:
    """Observations, ready to be compared with parts of any shape."""

    def __init__(
        self,
        sources: Sequence[Sequence[Observation]],
        tolerance: Tolerance,
        accepts: Callable[[Observation], bool] = lambda seen: True,
        readings: Readings | None = None,
    ) -> None:
        """Take all observations of some sources as candidates, as far as they are accepted."""
        self._sources = sources
        self._tolerance = tolerance
        self._accepts = accepts
        self._readings = readings or Readings()
        self._by_shape: dict[tuple[int, ...], tuple[list[Candidate], np.ndarray, np.ndarray]] = {}

    def candidates(self, shape: tuple[int, ...]) -> list[Candidate]:
        """List the readings of all observations that have `shape`."""
        return self._of_shape(shape)[0]

    def match(self, expected: np.ndarray) -> Match | None:
        """Return the best candidate that agrees with `expected`, None where there is none."""
        candidates, values, slack = self._of_shape(expected.shape)
        if not candidates:
            return None
        allowed = slack + allowance(expected, self._tolerance).ravel()
        fits = (np.abs(values - expected.ravel()) <= allowed).all(axis=1)
        if not _is_whole(expected[None]).all():
            # Labels, counts and empty arrays agree with saturated predictions by accident.
            fits &= ~_is_whole(values)
        agreeing = [candidates[index] for index in np.flatnonzero(fits)]
        if not agreeing:
            return None
        best = min(agreeing, key=_rank)
        others = {id(candidate.observation) for candidate in agreeing} - {id(best.observation)}
        return Match(best, expected, max_abs_error(best.values, expected), len(others))

    def agreeing(self, expected: np.ndarray) -> np.ndarray:
        """Say of each prediction, along axis 0, whether any candidate agrees with it.

        It is where `match` finds one, told for many predictions at once: of all pairs, those
        that still agree go on to the next entry.
        """
        agree = np.zeros(len(expected), dtype=bool)
        candidates, values, slack = self._of_shape(expected.shape[1:])
        if not candidates or not len(expected):
            return agree
        flat = expected.reshape(len(expected), -1)
        allowed = allowances(expected, self._tolerance).reshape(flat.shape)
        rows, found = _near(values[:, 0].real, slack[:, 0], flat[:, 0], allowed[:, 0])
        for start in range(0, len(rows), _MOST_PAIRS):
            row, candidate = rows[start : start + _MOST_PAIRS], found[start : start + _MOST_PAIRS]
            close = np.abs(values[candidate] - flat[row]) <= slack[candidate] + allowed[row]
            fits = close.all(axis=1)
            row, candidate = row[fits], candidate[fits]
            if row.size:
                agree[row[_is_whole(flat[row]) | ~_is_whole(values[candidate])]] = True
        return agree

    def values(self, shape: tuple[int, ...]) -> np.ndarray:
        """Return the entries of all candidates of `shape`, one candidate in each row."""
        return self._of_shape(shape)[1]

    def nearest(
        self, expected: np.ndarray, passed_over: Callable[[Candidate], bool]
    ) -> Match | None:
        """Return the candidate nearest to `expected`, those `passed_over` left aside."""
        found = [c for c in self.candidates(expected.shape) if not passed_over(c)]
        if not found:
            return None
        best = min(found, key=lambda c: (max_abs_error(c.values, expected), _rank(c)))
        others = sum(not np.array_equal(c.values, best.values) for c in found)
        return Match(best, expected, max_abs_error(best.values, expected), others)

    def luck(self, match: Match) -> float:
        """Return how many of the values that were shown would agree with a value drawn blindly.

        Whoever prints all there may be has printed the answer, too.
        """
        if match.candidate.observation.origin not in _SHOWN:
            return 0.0
        candidates, values, slack = self._of_shape(match.expected.shape)
        shown = [
            number
            for number, one in enumerate(candidates)
            if one.observation.origin in _SHOWN and not one.observation.typed_in
        ]
        if not shown:
            return 0.0
        different = np.array(shown)[np.unique(values[shown], axis=0, return_index=True)[1]]
        scale = float(np.max(np.abs(match.expected), initial=0.0)) or 1.0
        allowed = slack[different] + allowance(match.expected, self._tolerance).ravel()
        shares = np.sort(np.minimum(1.0, 2 * allowed / scale), axis=1)
        # One entry may follow from the others, as of what sums to 1.
        return float(shares[:, : max(1, match.expected.size - 1)].prod(axis=1).sum())

    def _of_shape(self, shape: tuple[int, ...]) -> tuple[list[Candidate], np.ndarray, np.ndarray]:
        if shape not in self._by_shape:
            read = (some for source in self._sources for some in self._readings.of(source, shape))
            found = [c for some in read if self._accepts(some[0].observation) for c in some]
            self._by_shape[shape] = (found, *self._stacked(found))
        return self._by_shape[shape]

    def _stacked(self, found: list[Candidate]) -> tuple[np.ndarray, np.ndarray]:
        if not found:
            return np.empty((0, 0)), np.empty((0, 0))
        values = np.stack([c.values for c in found]).reshape(len(found), -1)
        resolution = np.stack([c.resolution for c in found]).reshape(len(found), -1)
        single = np.array([c.observation.dtype in ("float32", "text") for c in found])
        return values, slacks(values, resolution, single, self._tolerance)


def _near(
    values: np.ndarray, slacks: np.ndarray, expected: np.ndarray, allowed: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Pair each expected number with at least all values that may agree with it."""
    order = np.argsort(values)
    ascending = values[order]
    reach = (allowed + slacks.max()) * (1 + 1e-6) + 1e-12 * np.abs(expected)
    first = np.searchsorted(ascending, expected - reach, side="left")
    counts = np.searchsorted(ascending, expected + reach, side="right") - first
    rows = np.repeat(np.arange(len(expected)), counts)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    return rows, order[first[rows] + within]


def _is_whole(values: np.ndarray) -> np.ndarray:
    """Say of each value, along axis 0, whether all its entries are whole numbers."""
    whole = np.asarray(values == np.round(values))
    return np.asarray(whole.reshape(len(whole), -1).all(axis=1))


def _rank(candidate: Candidate) -> tuple[object, ...]:
    """Order candidates: computed before typed in, sure before doubtful, late before early."""
    seen = candidate.observation
    return (
        seen.typed_in,
        len(seen.libraries),
        -seen.last_cell,
        float(np.max(candidate.resolution, initial=0.0)),
        _ORIGINS.index(seen.origin),
        -seen.cell,
        len(candidate.path),
    )
