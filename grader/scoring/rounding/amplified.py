"""Replayed trainings whose result roundings have moved beyond the tolerance."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Any

import numpy as np

from grader.faults import ReferenceFault
from grader.observation.model import Observation
from grader.rubric.model import Question, Tolerance
from grader.scoring.asked import Tried
from grader.scoring.comparison import max_abs_error, slacks
from grader.scoring.fit import Fit, best_of
from grader.scoring.hypothesis import Hypothesis
from grader.scoring.pool import Candidate, Match, Pool
from grader.scoring.predictions import Parts
from grader.scoring.replay import Streams
from grader.scoring.rounding.roundings import Roundings, changed, joined, way_of
from grader.scoring.shared import Shared

_NEAR = Tolerance(rtol=1e-2, atol=5e-2)
_FAR = 5e-2  # what no training is told from others by
_MOST_ENTRIES = 400
_MOST_TOGETHER = 16  # readings of one cell's values
_MOST = 12  # trainings that are repeated with changed constants
_FEW = 4  # of the changes: these tell whether a result is out of all reach
_HOPELESS = 50  # times what these do
_DEVIATIONS = 4


@dataclass(frozen=True)
class RoundedFit(Fit):
    """A fit that owes something to the roundings of single precision.

    `moved` is how far these may move the entry they move most.
    """

    moved: float = 0.0


@dataclass(frozen=True)
class _Near:
    """A training, and values held in one cell that come near all of its result."""

    hypothesis: Hypothesis
    row: Parts
    held: Sequence[Mapping[str, Candidate]]

    @property
    def error(self) -> float:
        return min(
            max(max_abs_error(held[name].values, part) for name, part in self.row.items())
            for held in self.held
        )

    @property
    def off(self) -> list[np.ndarray]:
        """How far the values are from the result, for each of those held together."""
        return [
            joined({name: held[name].values - part for name, part in self.row.items()})
            for held in self.held
        ]


class Amplified:
    """What a run computed in single precision, and the trainings it may be the result of."""

    def __init__(
        self, question: Question, tolerance: Tolerance, tried: Tried, shared: Shared
    ) -> None:
        self._question = question
        self._tolerance = tolerance
        self._tried = tried
        self._shared = shared
        self._predictions = shared.predictions
        seen = shared.observations
        sources = [seen.recorded, seen.printed]
        self._pool = Pool(sources, _NEAR, self._accepts, shared.readings)

    def _accepts(self, seen: Observation) -> bool:
        library = self._question.library
        return (library == "any" or library in seen.libraries) and _is_single(seen)

    def fit(self) -> Fit | None:
        """Return the training that roundings explain; None where two of other worth remain."""
        if self._question.draws is None or not self._holds_any():
            return None
        near = sorted(self._near(), key=lambda one: one.error)[:_MOST]
        found = [fit for one in near for fit in self._explained(one)]
        if len({fit.hypothesis.worth for fit, _ in found}) != 1:
            return None
        return best_of(fit for fit, decides in found if decides)

    def _holds_any(self) -> bool:
        return all(self._pool.candidates(shape) for shape in self._tried.shapes)

    def _near(self) -> Iterator[_Near]:
        asked = {hypothesis.key: hypothesis for hypothesis in reversed(self._tried.plain)}
        for hypothesis in asked.values():
            for row in self._rows(hypothesis):
                held = list(self._held(row))
                if held:
                    yield _Near(hypothesis, row, held)

    def _rows(self, hypothesis: Hypothesis) -> Iterator[Parts]:
        """Yield the finite rows of a hypothesis that come near a value in any part."""
        choices, batch = self._shared.nothing_borrowed, self._tried.batch_of(hypothesis)
        predicted = self._shared.predicted(self._question, batch, choices) if batch else None
        if batch and predicted:
            yield from predicted.agreeing(self._pool).get(batch.place(hypothesis), {}).get(0, ())
        streams = self._streams(hypothesis)
        drawn = self._shared.replay(hypothesis, streams) if streams and not predicted else None
        for parts in (drawn, self._predictions.of(hypothesis) if streams is None else None):
            for place in range(len(next(iter(parts.values()))) if parts else 0):
                row = {name: part[place] for name, part in (parts or {}).items()}
                if all(np.isfinite(part).all() for part in row.values()):
                    yield row

    def _held(self, row: Parts) -> Iterator[dict[str, Candidate]]:
        """Yield values of one cell that come near every part of a row, the latest first."""
        near = {name: self._nearby(part) for name, part in row.items()}
        cells = {c.observation.cell for some in near.values() for c in some}
        for cell in sorted(cells, reverse=True):
            together = [[c for c in some if c.observation.cell == cell] for some in near.values()]
            for held in islice(product(*together), _MOST_TOGETHER):
                yield dict(zip(near, held, strict=True))

    def _nearby(self, part: np.ndarray) -> list[Candidate]:
        candidates = self._pool.candidates(part.shape)
        if not candidates:
            return []
        off = np.abs(self._pool.values(part.shape) - part.ravel()).max(axis=1)
        return [candidates[place] for place in np.flatnonzero(off <= _FAR)]

    def _explained(self, near: _Near) -> Iterator[tuple[Fit, bool]]:
        """Yield fits that roundings explain, and whether each decides."""
        moved = self._moved(near)
        if moved is None:
            return
        way = way_of(near.row, self._predictions.given)
        replayed = self._streams(near.hypothesis) is not None
        for held, off in zip(near.held, near.off, strict=True):
            precision = joined({name: self._precision(c) for name, c in held.items()})
            roundings = Roundings(moved, precision, way)
            if roundings.explain(off):
                most = float(np.max(roundings.bounds))
                matches = {name: _match(held[name], part) for name, part in near.row.items()}
                fit = RoundedFit(near.hypothesis, near.row, matches, {}, replayed, moved=most)
                yield fit, roundings.decide

    def _precision(self, candidate: Candidate) -> np.ndarray:
        flat = candidate.values.reshape(1, -1)
        digits = np.broadcast_to(candidate.resolution, candidate.values.shape).reshape(1, -1)
        return np.asarray(slacks(flat, digits, np.array([True]), self._tolerance)[0])

    def _moved(self, near: _Near) -> np.ndarray | None:
        """Return how far changed constants move a training, one change in each row."""
        if sum(part.size for part in near.row.values()) > _MOST_ENTRIES:
            return None
        streams = self._streams(near.hypothesis)
        stream = self._stream_of(near, streams) if streams else None
        givens = changed(self._predictions.given, self._draws)
        few = self._results(near, givens[:_FEW], stream)
        if few is None or not self._within_reach(near, few):
            return None
        others = self._results(near, givens[_FEW:], stream)
        return None if others is None else np.concatenate([few, others])

    def _within_reach(self, near: _Near, few: np.ndarray) -> bool:
        """Say whether a few changes leave it open that roundings explain a result."""
        reach = _HOPELESS * np.abs(few).max(axis=0) + _DEVIATIONS * self._tolerance.coarsest
        return any((np.abs(off) <= reach).all() for off in near.off)

    def _results(
        self, near: _Near, givens: Sequence[Mapping[str, Any]], stream: Streams | None
    ) -> np.ndarray | None:
        repeated = self._repeated(near.hypothesis, givens, stream)
        if not repeated or not all(parts.keys() == near.row.keys() for parts in repeated):
            return None
        moved = np.array([joined(parts) for parts in repeated]) - joined(near.row)
        return moved if np.isfinite(moved).all() else None

    @property
    def _draws(self) -> int:
        """The most draws a training of the question consumes."""
        counter = str(self._question.draws)
        return max(self._predictions.flags_needed(counter, one) for one in self._tried.plain)

    def _streams(self, hypothesis: Hypothesis) -> Streams | None:
        return self._shared.streams(self._question, hypothesis, self._predictions.given)

    def _stream_of(self, near: _Near, streams: Streams) -> Streams:
        """Return the stream that leads to a row."""
        parts = self._shared.replay(near.hypothesis, streams) or {}
        off = [
            np.abs(parts[name] - part).reshape(len(streams.kept), -1).max(axis=1)
            for name, part in near.row.items()
        ]
        place = int(np.nanargmin(np.max(off, axis=0)))
        return Streams(streams.flags[place : place + 1], streams.kept[place : place + 1])

    def _repeated(
        self, hypothesis: Hypothesis, givens: Sequence[Mapping[str, Any]], stream: Streams | None
    ) -> list[Parts]:
        """Train from each set of constants; nothing where one leads nowhere."""
        batch = self._predictions.together([hypothesis]) if stream else None
        rows = batch.ask(givens, {stream.flags.shape[1]: stream}) if batch and stream else None
        if rows is not None:
            return [
                {name: part[n] for name, part in some.parts.items()}
                for some in rows
                for n in range(len(some.givens))
            ]
        try:
            asked = [self._predictions.ask(hypothesis, given, stream) for given in givens]
        except (ReferenceFault, ArithmeticError, ValueError):
            return []
        return [{name: part[0] for name, part in parts.items()} for parts in asked if parts]


def _match(candidate: Candidate, part: np.ndarray) -> Match:
    return Match(candidate, part, max_abs_error(candidate.values, part), 0)


def _is_single(seen: Observation) -> bool:
    """Say whether values were computed in single precision, as far as they tell."""
    if seen.dtype in ("float32", "text"):
        return seen.dtype == "float32" or "torch" in seen.libraries
    if seen.values.dtype.kind != "f":
        return False
    with np.errstate(over="ignore"):
        return bool(np.array_equal(seen.values.astype(np.float32), seen.values, equal_nan=True))
