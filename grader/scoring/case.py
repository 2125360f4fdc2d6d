"""One submission before the questions: its values, what the reference predicts, what fits."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import Any

from grader.faults import ReferenceFault
from grader.observation.model import Observation
from grader.rubric.model import Question, Tolerance
from grader.scoring.asked import Asked
from grader.scoring.borrowing import Choices
from grader.scoring.choices import choices_for
from grader.scoring.constants import are_known, is_constant
from grader.scoring.fit import Fit, Level, best_of, fit_parts, fit_rows, fit_streams, search
from grader.scoring.hypothesis import Hypothesis
from grader.scoring.pool import Pool
from grader.scoring.predictions import Parts
from grader.scoring.replay import Streams
from grader.scoring.shared import Shared
from grader.scoring.verdict import Outcome, Verdict

_MOST_TRIED = 150  # combinations of the student's own values in place of constants
_MOST_REPLAYED = 10  # the same where each takes a training


class Case:
    """One submission and one question."""

    def __init__(
        self, asked: Asked, shared: Shared, earlier: Sequence[tuple[Question, Fit]] = ()
    ) -> None:
        self.question = asked.question
        self.tolerance: Tolerance = asked.tolerance
        self.recording = shared.recording
        self.observations = shared.observations
        self.predictions = shared.predictions
        self._shared = shared
        self._earlier = earlier
        made = {mistake.id for _, fit in earlier for mistake in fit.hypothesis.mistakes}
        self._tried = asked.tried(made)
        self._borrowable: dict[str, Choices] = {}

    @property
    def plain(self) -> Sequence[Hypothesis]:
        """The hypotheses about the assignment's own constants, in the order they are tried in."""
        return self._tried.plain

    @property
    def accepted(self) -> list[Hypothesis]:
        """The hypotheses without a mistake."""
        return [h for h in self.plain if not h.mistakes]

    @property
    def shapes(self) -> Sequence[tuple[int, ...]]:
        """The shapes an answer's parts may have, the likeliest first."""
        return self._tried.shapes

    @property
    def part_shapes(self) -> Mapping[str, tuple[int, ...]]:
        """The shapes of the parts by their names, as the first that is predicted has them."""
        return self._tried.part_shapes

    @cached_property
    def recorded_pool(self) -> Pool:
        """The values the recorder saw, of the question's library."""
        return self.pool_of([self.observations.recorded])

    @cached_property
    def pool(self) -> Pool:
        """The values the recorder saw and the numbers printed, of the question's library."""
        return self.pool_of([self.observations.recorded, self.observations.printed])

    def pool_of(
        self,
        sources: Sequence[Sequence[Observation]],
        tolerance: Tolerance | None = None,
        *,
        other_library: bool = False,
    ) -> Pool:
        """Return the candidates among observations that may come from the question's library.

        Args:
            sources: the observations.
            tolerance: instead of the question's own.
            other_library: those that come from another library for sure, instead.

        """
        library = self.question.library

        def accepts(seen: Observation) -> bool:
            return (library == "any" or library in seen.libraries) is not other_library

        return Pool(sources, tolerance or self.tolerance, accepts, self._shared.readings)

    def find(self) -> Fit | None:
        """Return the best explanation of what this submission's run produced."""
        best = self.explain(self.recorded_pool)
        if best is not None and best.full and best.certain and best.credit >= 1:
            return best  # the text is read only where it can change something
        best = best_of([best, self.explain(self.pool)])
        if not self._may_hold_answer(self.pool):
            return best
        return search(self._tried.borrowing_levels, self._borrowed_fits, best)

    def explain(self, pool: Pool) -> Fit | None:
        """Return the best explanation of a pool's values from the assignment's own constants."""
        if not self._may_hold_answer(pool):
            return None
        return search(self._tried.plain_levels, partial(self._fits, pool=pool))

    def _may_hold_answer(self, pool: Pool) -> bool:
        """Say whether a pool has any value of an answer's shape whose meaning is not known."""
        answers = [match.expected for _, fit in self._earlier for match in fit.matches.values()]
        given = self.predictions.given
        values = ((pool.values(shape), shape) for shape in self.shapes)
        return any(len(v) and not are_known(v, shape, given, answers).all() for v, shape in values)

    def _fits(self, level: Level, pool: Pool) -> Iterator[Sequence[Fit | None]]:
        """Yield how well hypotheses explain the values of a pool, by prediction and replay."""
        found = self._tried.agreeing(level, pool) | self._replayed_hits(level, pool)
        for hypothesis in level:
            if id(hypothesis) in found:
                fits = [self._predicted_fit(hypothesis, pool)]
                if self.question.draws:
                    fits += self._replayed_fits(hypothesis, pool, self._shared.nothing_borrowed)
                yield fits

    def _replayed_hits(self, level: Level, pool: Pool) -> set[int]:
        """Return the ids of the hypotheses of which a replay may agree with a pool's values."""
        hits: set[int] = set()
        for batch, ids in self._tried.batches(level) if self.question.draws else ():
            choices = self._shared.nothing_borrowed
            predicted = self._shared.predicted(self.question, batch, choices) if batch else None
            if predicted is None:
                hits.update(one for some in ids.values() for one in some)
            else:
                hits.update(one for place in predicted.agreeing(pool) for one in ids.get(place, ()))
        return hits

    def _predicted_fit(self, hypothesis: Hypothesis, pool: Pool) -> Fit | None:
        parts = self.predictions.of(hypothesis)
        fit = fit_streams if self.question.draws else fit_parts
        return fit(hypothesis, parts, pool) if parts else None

    def verdict(self, outcome: Outcome, explanation: str, **more: Any) -> Verdict:
        """Return a verdict on the question, with no points unless `more` says otherwise."""
        question = self.question
        return Verdict(
            **{
                "question": question.id,
                "title": question.title,
                "points": 0.0,
                "max_points": question.points,
                "outcome": outcome,
                "explanation": explanation,
                "show_expected": question.show_expected,
                **more,
            }
        )

    def _replayed_fits(
        self, hypothesis: Hypothesis, pool: Pool, choices: Choices
    ) -> list[Fit | None]:
        """Fit what is predicted from the submission's own draws and each choice of constants."""
        found = self._agreeing_rows(hypothesis, pool, choices)
        if found is None:
            return self._singly_replayed_fits(hypothesis, pool, choices)
        return [
            fit_rows(hypothesis, rows, pool, choices.borrowed[place], replayed=True)
            for place, rows in found.items()
        ]

    def _agreeing_rows(
        self, hypothesis: Hypothesis, pool: Pool, choices: Choices
    ) -> Mapping[int, Sequence[Parts]] | None:
        """Return what agrees in any part, by the place of its constants; None if not asked so."""
        batch = self._tried.batch_of(hypothesis)
        predicted = self._shared.predicted(self.question, batch, choices) if batch else None
        if batch is None or predicted is None:
            return None
        return predicted.agreeing(pool).get(batch.place(hypothesis), {})

    def _singly_replayed_fits(
        self, hypothesis: Hypothesis, pool: Pool, choices: Choices
    ) -> list[Fit | None]:
        streams = self._shared.streams(self.question, hypothesis)
        if streams is None:
            return []
        if choices is self._shared.nothing_borrowed:
            predicted = [self._shared.replay(hypothesis, streams)]
        else:
            predicted = [self._ask_borrowed(hypothesis, g, streams) for g in choices.givens]
        return [
            fit_streams(hypothesis, parts, pool, borrowed, replayed=True)
            for parts, borrowed in zip(predicted, choices.borrowed, strict=True)
            if parts
        ]

    def _ask_borrowed(
        self, hypothesis: Hypothesis, given: Mapping[str, Any], streams: Streams | None
    ) -> Parts | None:
        """Predict from the student's own values; where they lead nowhere, that is no fault."""
        try:
            return self.predictions.ask(hypothesis, given, streams)
        except (ReferenceFault, ArithmeticError, ValueError):
            return None

    def _borrowed_fits(self, level: Level) -> Iterator[Sequence[Fit | None]]:
        """Yield full fits only: a part of an answer says too little about changed constants."""
        for hypothesis in level:
            choices = self._choices(hypothesis)
            if not choices.borrowed:
                continue
            fits = self._fits_from(hypothesis, choices)
            if self.question.draws:
                fits += self._replayed_fits(hypothesis, self.pool, choices)
            full = [fit for fit in fits if fit and fit.full and not self._rests_on_constants(fit)]
            if full:
                yield full

    def _fits_from(self, hypothesis: Hypothesis, choices: Choices) -> list[Fit | None]:
        """Fit what is predicted without draws from each choice of constants."""
        if self.question.draws:
            if self._tried.needs_draws(hypothesis):
                return []
            found = None
        else:
            found = self._agreeing_rows(hypothesis, self.pool, choices)
        if found is not None:
            return [
                fit_parts(hypothesis, rows[0], self.pool, choices.borrowed[place])
                for place, rows in found.items()
            ]
        fit = fit_streams if self.question.draws else fit_parts
        return [
            fit(hypothesis, parts, self.pool, borrowed)
            for given, borrowed in zip(choices.givens, choices.borrowed, strict=True)
            if (parts := self._ask_borrowed(hypothesis, given, None))
        ]

    def _rests_on_constants(self, fit: Fit) -> bool:
        """Say whether changed constants only predict themselves, or others."""
        given = {**self.predictions.given, **fit.borrowed}
        return any(is_constant(match.candidate.values, given) for match in fit.matches.values())

    def _choices(self, hypothesis: Hypothesis) -> Choices:
        """Return what may stand for given constants under a hypothesis."""
        [mistake] = [mistake for mistake in hypothesis.mistakes if mistake.given]
        if mistake.id not in self._borrowable:
            most = _MOST_REPLAYED if self.question.draws else _MOST_TRIED
            self._borrowable[mistake.id] = choices_for(mistake, most, self._shared, self._earlier)
        return self._borrowable[mistake.id]
