"""A question with its hypotheses, made ready once for any number of submissions."""

from collections.abc import Collection, Sequence
from functools import cached_property
from itertools import groupby

import numpy as np

from grader.rubric.model import Question, Tolerance
from grader.scoring.fit import Level
from grader.scoring.hypothesis import Hypothesis, hypotheses
from grader.scoring.pool import Pool
from grader.scoring.predictions import Batch, Parts, Predictions
from grader.scoring.random.simulations import Simulations
from grader.scoring.search.possibilities import Possibilities

_PLAINEST = 6  # most answers are among the first few hypotheses; these are asked by themselves

Shape = tuple[int, ...]


class Asked:
    """A question, and the hypotheses that are tried on it."""

    def __init__(
        self,
        question: Question,
        tolerance: Tolerance,
        predictions: Predictions,
        simulations: Simulations | None = None,
    ) -> None:
        self.simulations = simulations or Simulations(predictions)
        self.question = question
        self.tolerance = tolerance
        self.predictions = predictions
        self._hypotheses = hypotheses(question)
        self._costly = {mistake.id for mistake in question.mistake if mistake.worth < 1}
        self._tried: dict[frozenset[str], Tried] = {}

    @cached_property
    def possibilities(self) -> Possibilities:
        """What is tried where no hypothesis explains an answer."""
        return Possibilities(self.question, self.tolerance, self.predictions)

    def tried(self, made: Collection[str]) -> "Tried":
        """Return the hypotheses worth their cost: a replay takes a training each.

        Of combined mistakes, only those are replayed one of which this student made before.

        Args:
            made: the mistakes this student made in earlier questions.

        """
        known = frozenset(self._costly.intersection(made) if self.question.draws else ())
        if known not in self._tried:
            chosen = [h for h in self._hypotheses if self._is_tried(h, known)]
            self._tried[known] = Tried(self.question, chosen, self.predictions)
        return self._tried[known]

    def _is_tried(self, hypothesis: Hypothesis, made: Collection[str]) -> bool:
        if not self.question.draws or len(hypothesis.costly) < 2:
            return True
        return any(mistake.id in made for mistake in hypothesis.costly)


class Tried:
    """Hypotheses in the order they are tried in.

    `plain` are about the assignment's own constants, `borrowing` about the student's in their
    place; levels are hypotheses worth the same.
    """

    def __init__(
        self, question: Question, chosen: Sequence[Hypothesis], predictions: Predictions
    ) -> None:
        self._question = question
        self._predictions = predictions
        self.plain = [h for h in chosen if not h.borrowed]
        self.plain_levels = _levels(self.plain)
        self.borrowing_levels = _levels([h for h in chosen if h.borrowed])
        self._batches: dict[int, list[tuple[Batch | None, dict[int, list[int]]]]] = {}
        self._batch_of: dict[int, Batch | None] = {}
        self._stacks: dict[int, list[tuple[np.ndarray, np.ndarray]]] = {}

    @cached_property
    def shapes(self) -> list[Shape]:
        """The shapes an answer's parts may have, the likeliest first."""
        return list(dict.fromkeys(s for parts in self._part_shapes for s in parts.values()))

    @property
    def part_shapes(self) -> dict[str, Shape]:
        """The shapes of the parts by their names, as the first that is predicted has them."""
        return next(iter(self._part_shapes), {})

    @cached_property
    def _part_shapes(self) -> list[dict[str, Shape]]:
        """The shapes of all predictions that need no draws; the axis of the streams is no part."""
        axis = 1 if self._question.draws else 0
        predicted = (self._predictions.of(hypothesis) for hypothesis in self.plain)
        return [{name: p.shape[axis:] for name, p in parts.items()} for parts in predicted if parts]

    def agreeing(self, level: Level, pool: Pool) -> set[int]:
        """Return the ids of the hypotheses of a level that agree with a pool in any part.

        Of random training, by what is predicted without draws.
        """
        if id(level) not in self._stacks:
            self._stacks[id(level)] = self._stack(level)
        found: set[int] = set()
        for owners, rows in self._stacks[id(level)]:
            found.update(owners[pool.agreeing(rows)].tolist())
        return found

    def batches(self, level: Level) -> list[tuple[Batch | None, dict[int, list[int]]]]:
        """Return what a level's hypotheses are asked in, and the ids they have by their place.

        Hypotheses that ask the same share a place; those that cannot be asked together have
        no batch, and any place.
        """
        if id(level) not in self._batches:
            found: dict[Batch | None, dict[int, list[int]]] = {}
            for n, hypothesis in enumerate(level):
                batch = self.batch_of(hypothesis)
                place = batch.place(hypothesis) if batch else n
                found.setdefault(batch, {}).setdefault(place, []).append(id(hypothesis))
            self._batches[id(level)] = list(found.items())
        return self._batches[id(level)]

    def batch_of(self, hypothesis: Hypothesis) -> Batch | None:
        """Return the hypotheses to be asked together with one; None where they cannot be."""
        if not self._batch_of:
            for levels in (self.plain_levels, self.borrowing_levels):
                for group in _groups(levels):
                    self._batch_of |= dict.fromkeys(
                        map(id, group), self._predictions.together(group)
                    )
        return self._batch_of.get(id(hypothesis))

    def needs_draws(self, hypothesis: Hypothesis) -> bool:
        """Say whether nothing is predicted without draws, whatever the constants are."""
        return self.batch_of(hypothesis) is not None and self._predictions.of(hypothesis) is None

    def _stack(self, level: Level) -> list[tuple[np.ndarray, np.ndarray]]:
        """Return all predictions for a level's hypotheses by shape, and the ids these have."""
        by_shape: dict[Shape, list[tuple[int, np.ndarray]]] = {}
        for hypothesis in level:
            parts: Parts = self._predictions.of(hypothesis) or {}
            for part in parts.values():
                rows = part if self._question.draws else part[None]
                found = by_shape.setdefault(rows.shape[1:], [])
                found += [(id(hypothesis), row) for row in rows]
        return [
            (np.array([owner for owner, _ in found]), np.stack([row for _, row in found]))
            for found in by_shape.values()
        ]


def _levels(tried: Sequence[Hypothesis]) -> list[Level]:
    """Part hypotheses by what they are worth; the plainest are a level by themselves."""
    levels: list[Level] = [list(level) for _, level in groupby(tried, key=lambda h: h.worth)]
    if not levels or levels[0][0].mistakes:
        return levels
    first = levels[0]
    return [level for level in (first[:_PLAINEST], first[_PLAINEST:], *levels[1:]) if level]


def _groups(levels: Sequence[Level]) -> list[list[Hypothesis]]:
    """Group hypotheses of one family that make as many mistakes and borrow the same constants.

    They are asked together when the first of them is: a call for each level would cost more
    than what is then asked too early.
    """
    groups: dict[tuple[object, ...], list[Hypothesis]] = {}
    for number, level in enumerate(levels):
        for hypothesis in level:
            own = tuple(mistake.id for mistake in hypothesis.mistakes if mistake.given)
            count = len(hypothesis.costly)
            kind = (count, count == 0 and number == 0, hypothesis.expect, own)
            groups.setdefault(kind, []).append(hypothesis)
    return list(groups.values())
