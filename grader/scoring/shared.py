"""What the questions of one submission share: its values, and the replays of its draws."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from grader.observation.observe import Observations
from grader.recording.model import Recording
from grader.rubric.families import Rows
from grader.rubric.model import Mistake, Question
from grader.scoring.hypothesis import Hypothesis, narrowed
from grader.scoring.own.borrowing import Choices, borrowed_givens
from grader.scoring.own.own_scalars import numbers_for
from grader.scoring.pool import Pool, Readings
from grader.scoring.predictions import Batch, Parts, Predictions
from grader.scoring.replay import Streams, keep_streams


@dataclass(frozen=True)
class _Placed:
    """Rows whose constants are some of many."""

    settings: np.ndarray
    givens: np.ndarray
    streams: np.ndarray
    parts: Mapping[str, np.ndarray]


class Predicted:
    """Rows predicted for the hypotheses of a batch, from some sets of constants."""

    def __init__(self, rows: Sequence[Rows]) -> None:
        self._rows = rows
        self._agreeing: dict[Pool, dict[int, dict[int, list[Parts]]]] = {}

    def agreeing(self, pool: Pool) -> Mapping[int, Mapping[int, Sequence[Parts]]]:
        """Return the rows that agree with a pool's values in any part.

        Returns:
            By the place of the hypothesis and the place of the constants: rows by stream.

        """
        if pool not in self._agreeing:
            self._agreeing[pool] = _agreeing_rows(self._rows, pool)
        return self._agreeing[pool]


_MOST = 6  # lengths of a training that another goes on from
_MOST_ROWS = 8
_FEW = 2  # mistakes of a training that another goes on from


class Shared:
    """One submission, before and beside its questions."""

    def __init__(self, recording: Recording, predictions: Predictions) -> None:
        self.recording = recording
        self.predictions = predictions
        self.observations = Observations(recording)
        self.readings = Readings()
        self._streams: dict[tuple[int, float], Streams | None] = {}
        self.nothing_borrowed = Choices([{}], predictions.given)
        self._predicted: dict[tuple[object, ...], Predicted | None] = {}
        self._singly: dict[tuple[object, ...], Parts | None] = {}
        # An id is good while its object is kept.
        self._going_on: dict[tuple[object, ...], tuple[Choices, Choices]] = {}
        self._borrowed: dict[tuple[object, ...], Choices] = {}

    def streams(
        self, question: Question, hypothesis: Hypothesis, given: Mapping[str, Any]
    ) -> Streams | None:
        """Return the streams of keep flags that a hypothesis may have trained with."""
        if not self.recording.draws or question.draws is None or question.rate is None:
            return None
        count = self.predictions.flags_needed(question.draws, hypothesis, given)
        return self._streams_of(count, float(given[question.rate])) if count else None

    def replay(self, hypothesis: Hypothesis, streams: Streams) -> Parts | None:
        """Replay one hypothesis, all its streams along axis 0."""
        if hypothesis.key not in self._singly:
            given = self.predictions.given
            self._singly[hypothesis.key] = self.predictions.ask(hypothesis, given, streams)
        return self._singly[hypothesis.key]

    def predicted(self, question: Question, batch: Batch, choices: Choices) -> Predicted | None:
        """Predict a batch from each choice of constants; None where that cannot be done at once.

        Of random training, what the draws of the run lead to.
        """
        key = (batch, question.draws, question.rate, choices)
        if key not in self._predicted:
            rows = self._rows(question, batch, choices)
            self._predicted[key] = None if rows is None else Predicted(rows)
        return self._predicted[key]

    def _rows(self, question: Question, batch: Batch, choices: Choices) -> list[Rows] | None:
        """Predict from constants of the same single numbers together: these decide the draws."""
        rows: list[Rows] = []
        for places in choices.alike:
            givens = [choices.givens[place] for place in places]
            drawn = self._drawn(question, batch, givens[0])
            if question.draws is not None and not drawn:
                continue
            some = batch.ask(givens, drawn)
            if some is None:
                return None
            rows += [_placed(one, np.asarray(places)) for one in some]
        return rows

    def _drawn(
        self, question: Question, batch: Batch, given: Mapping[str, Any]
    ) -> dict[int, Streams]:
        """Return the streams a batch may have trained with, by their length."""
        if not self.recording.draws or question.draws is None or question.rate is None:
            return {}
        rate = float(given[question.rate])
        own = None if self.predictions.same_numbers(given) else given
        counts = self.predictions.all_flags_needed(question.draws, batch, own)
        drawn = {count: self._streams_of(count, rate) for count in counts if count}
        return {count: streams for count, streams in drawn.items() if streams}

    def borrowed(self, mistake: Mistake, most: int) -> Choices:
        """Return values of the student's to try in place of constants, the likeliest first."""
        key = (tuple(sorted(mistake.given.items())), mistake.values, most)
        if key not in self._borrowed:
            given, seen = self.predictions.given, self.observations
            draws = self.recording.draws
            possible = borrowed_givens(given, mistake, seen.recorded, seen.scalars, draws)
            found = list(islice(possible, most))
            self._borrowed[key] = Choices(found, given)
        return self._borrowed[key]

    def going_on(
        self,
        question: Question,
        hypotheses: Sequence[Hypothesis],
        parts: Collection[str],
        found: Choices,
        conventions: Mapping[str, str],
    ) -> Choices:
        """Add to choices the constants that trainings end with, from where others may go on.

        Args:
            question: with random training.
            hypotheses: of the question.
            parts: their names, which are constants' names.
            found: other choices.
            conventions: those known; a training before is taken to follow them.

        """
        key = (id(found), *sorted(parts), *sorted(conventions.items()))
        if key not in self._going_on:
            plain = [h for h in hypotheses if len(h.mistakes) < _FEW and self.predictions.of(h)]
            alike = narrowed(plain, conventions, ()) or plain
            ends: dict[str, Parts] = {}
            for hypothesis in alike:
                for end in self._ends(hypothesis):
                    ends.setdefault(repr(sorted(end.items())), end)
            accepted = [h for h in hypotheses if not h.mistakes]
            drawn = (self._drawn_ends(question, h) for h in narrowed(accepted, conventions, ()))
            singly = (row for end in (*ends.values(), *drawn) for row in _rows_of(end))
            chosen = [*found.borrowed, *(row for row in singly if row.keys() == set(parts))]
            self._going_on[key] = (found, Choices(chosen, self.predictions.given))
        return self._going_on[key][1]

    def _ends(self, hypothesis: Hypothesis) -> Iterator[Parts]:
        """Yield what a training ends with, as long as asked, or as numbers of the source say."""
        given = self.predictions.given
        yield self.predictions.of(hypothesis) or {}
        for name, constant in given.items():
            if isinstance(constant, int) and not isinstance(constant, bool):
                for number in islice(numbers_for(name, constant, self.observations.scalars), _MOST):
                    changed = {**given, name: int(number)}
                    yield self.predictions.ask(hypothesis, changed) or {}

    def _drawn_ends(self, question: Question, hypothesis: Hypothesis) -> Parts:
        """Return what the run's own draws make of a training, each of its streams along axis 0."""
        streams = self.streams(question, hypothesis, self.predictions.given)
        return (self.replay(hypothesis, streams) if streams else None) or {}

    def _streams_of(self, count: int, rate: float) -> Streams | None:
        if (count, rate) not in self._streams:
            self._streams[count, rate] = keep_streams(self.recording.draws, count, rate)
        return self._streams[count, rate]


def _placed(rows: Rows, places: np.ndarray) -> Rows:
    """Give rows the places that their constants have among all."""
    return _Placed(rows.settings, places[rows.givens], rows.streams, rows.parts)


def _rows_of(parts: Parts) -> Iterator[Parts]:
    """Yield the first finite rows of parts that have several along axis 0."""
    count = len(next(iter(parts.values()))) if parts else 0
    rows = ({name: part[n] for name, part in parts.items()} for n in range(count))
    finite = (row for row in rows if all(np.isfinite(part).all() for part in row.values()))
    yield from islice(finite, _MOST_ROWS)


def _agreeing_rows(rows: Sequence[Rows], pool: Pool) -> dict[int, dict[int, list[Parts]]]:
    hits: list[tuple[int, int, int, Parts]] = []
    for some in rows:
        finite = [np.isfinite(p).reshape(len(p), -1).all(axis=1) for p in some.parts.values()]
        places = np.flatnonzero(np.logical_and.reduce(finite))
        agree = [pool.agreeing(part[places]) for part in some.parts.values()]
        for place in places[np.logical_or.reduce(agree)].tolist():
            parts = {name: part[place].copy() for name, part in some.parts.items()}
            of = (int(index[place]) for index in (some.settings, some.givens, some.streams))
            hits.append((*of, parts))  # type: ignore[arg-type]
    found: dict[int, dict[int, list[Parts]]] = {}
    for hypothesis, given, _, parts in sorted(hits, key=lambda hit: hit[:3]):
        found.setdefault(hypothesis, {}).setdefault(given, []).append(parts)
    return found
