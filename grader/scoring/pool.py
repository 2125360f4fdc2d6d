"""The candidates a question may be answered with, and which of them agree with a prediction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from grader.observation.model import Observation
from grader.rubric.model import Tolerance
from grader.scoring.comparison import allowance, max_abs_error, slack
from grader.scoring.views import views

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
    """A candidate that agrees with a prediction; `also` counts the others that do."""

    candidate: Candidate
    expected: np.ndarray
    error: float
    also: int


class Pool:
    """Observations, ready to be compared with parts of any shape."""

    def __init__(self, observations: Sequence[Observation], tolerance: Tolerance) -> None:
        self._observations = observations
        self._tolerance = tolerance
        self._by_shape: dict[tuple[int, ...], tuple[list[Candidate], np.ndarray, np.ndarray]] = {}

    def candidates(self, shape: tuple[int, ...]) -> list[Candidate]:
        """List the readings of all observations that have `shape`."""
        return self._of_shape(shape)[0]

    def match(self, expected: np.ndarray) -> Match | None:
        """Return the best candidate that agrees with `expected`, None where there is none."""
        candidates, values, slacks = self._of_shape(expected.shape)
        if not candidates:
            return None
        allowed = slacks + allowance(expected, self._tolerance).ravel()
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

    def nearest(
        self, expected: np.ndarray, passed_over: Callable[[Candidate], bool]
    ) -> Match | None:
        """Return the candidate nearest to `expected`, those `passed_over` left aside."""
        found = [c for c in self.candidates(expected.shape) if not passed_over(c)]
        if not found:
            return None
        best = min(found, key=lambda c: (max_abs_error(c.values, expected), _rank(c)))
        return Match(best, expected, max_abs_error(best.values, expected), 0)

    def _of_shape(self, shape: tuple[int, ...]) -> tuple[list[Candidate], np.ndarray, np.ndarray]:
        if shape not in self._by_shape:
            found = [
                Candidate(observation, observation.path + suffix, values, resolution)
                for observation in self._observations
                for suffix, values, resolution in views(observation, shape)
            ]
            self._by_shape[shape] = (found, *self._stacked(found))
        return self._by_shape[shape]

    def _stacked(self, found: list[Candidate]) -> tuple[np.ndarray, np.ndarray]:
        if not found:
            return np.empty((0, 0)), np.empty((0, 0))
        values = np.stack([np.asarray(c.values).ravel() for c in found])
        slacks = np.stack([self._slack(c).ravel() for c in found])
        return values, slacks

    def _slack(self, candidate: Candidate) -> np.ndarray:
        dtype = candidate.observation.dtype
        return slack(candidate.values, candidate.resolution, dtype, self._tolerance)


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
