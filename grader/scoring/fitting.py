"""How well hypotheses explain a submission: predicted, replayed, with the student's own values."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from grader.faults import ReferenceFault
from grader.rubric.model import Mistake, Question
from grader.scoring.asked import Tried
from grader.scoring.choices import choices_for
from grader.scoring.constants import is_constant
from grader.scoring.fit import Fit, Level, fit_parts, fit_rows, fit_streams
from grader.scoring.hypothesis import Hypothesis
from grader.scoring.own.borrowing import Choices
from grader.scoring.pool import Pool
from grader.scoring.predictions import Parts
from grader.scoring.replay import Streams
from grader.scoring.shared import Shared

_MOST_TRIED = 150  # combinations of the student's own values in place of constants
_MOST_REPLAYED = 16  # the same where each takes a training
_MOST_SINGLE = 24  # the same for single numbers: a rate, a count


class Fitting:
    """How well hypotheses explain what one submission has left behind for one question."""

    def __init__(
        self,
        question: Question,
        tried: Tried,
        shared: Shared,
        earlier: Sequence[tuple[Question, Fit]],
        followed: Mapping[str, str],
    ) -> None:
        self.question = question
        self.predictions = shared.predictions
        self._tried = tried
        self._shared = shared
        self._earlier = earlier
        self._followed = followed  # how the answers were read that this one follows from
        self._borrowable: dict[tuple[str, ...], Choices] = {}

    def fits(self, level: Level, pool: Pool) -> Iterator[Sequence[Fit | None]]:
        """Yield how well hypotheses explain the values of a pool, by prediction and replay."""
        found = self._tried.agreeing(level, pool) | self._replayed_hits(level, pool)
        for hypothesis in level:
            if id(hypothesis) in found:
                fits = [self._predicted_fit(hypothesis, pool)]
                if self.question.draws:
                    fits += self._replayed_fits(hypothesis, pool, self._shared.nothing_borrowed)
                yield [fit for fit in fits if fit and self._is_believable(fit, pool)]

    def _is_believable(self, fit: Fit, pool: Pool) -> bool:
        """Refuse half a training where the other half stands beside it, and does not fit."""
        if fit.full or not self.question.draws:
            return True
        cells = {match.candidate.observation.cell for match in fit.matches.values()}
        missing = (part for name, part in fit.parts.items() if name not in fit.matches)
        others = (c for part in missing for c in pool.candidates(part.shape))
        given = self.predictions.given
        return not any(
            c.observation.cell in cells and not is_constant(c.values, given) for c in others
        )

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
        fits = []
        for given, borrowed in zip(choices.givens, choices.borrowed, strict=True):
            streams = self._shared.streams(self.question, hypothesis, given)
            if streams is None:
                continue
            if choices is self._shared.nothing_borrowed:
                parts = self._shared.replay(hypothesis, streams)
            else:
                parts = self._ask_borrowed(hypothesis, given, streams)
            if parts:
                fits.append(fit_streams(hypothesis, parts, pool, borrowed, replayed=True))
        return fits

    def _ask_borrowed(
        self, hypothesis: Hypothesis, given: Mapping[str, Any], streams: Streams | None
    ) -> Parts | None:
        """Predict from the student's own values; where they lead nowhere, that is no fault."""
        try:
            return self.predictions.ask(hypothesis, given, streams)
        except (ReferenceFault, ArithmeticError, ValueError):
            return None

    def borrowed_fits(self, level: Level, pool: Pool) -> Iterator[Sequence[Fit | None]]:
        """Yield full fits only: a part of an answer says too little about changed constants."""
        for hypothesis in level:
            choices = self._choices(hypothesis)
            if not choices.borrowed:
                continue
            fits = self._fits_from(hypothesis, pool, choices)
            if self.question.draws:
                fits += self._replayed_fits(hypothesis, pool, choices)
            full = [fit for fit in fits if fit and fit.full and not self._rests_on_constants(fit)]
            if full:
                yield full

    def _fits_from(self, hypothesis: Hypothesis, pool: Pool, choices: Choices) -> list[Fit | None]:
        """Fit what is predicted without draws from each choice of constants."""
        if self.question.draws:
            if self._tried.needs_draws(hypothesis):
                return []
            found = None
        else:
            found = self._agreeing_rows(hypothesis, pool, choices)
        if found is not None:
            return [
                fit_parts(hypothesis, rows[0], pool, choices.borrowed[place])
                for place, rows in found.items()
            ]
        fit = fit_streams if self.question.draws else fit_parts
        return [
            fit(hypothesis, parts, pool, borrowed)
            for given, borrowed in zip(choices.givens, choices.borrowed, strict=True)
            if (parts := self._ask_borrowed(hypothesis, given, None))
        ]

    def _rests_on_constants(self, fit: Fit) -> bool:
        """Say whether changed constants only predict themselves, or others, or nothing at all."""
        if not all(np.any(match.expected) for match in fit.matches.values()):
            return True  # what was set to zero is the result of nothing
        given = {**self.predictions.given, **fit.borrowed}
        return all(is_constant(match.candidate.values, given) for match in fit.matches.values())

    def _choices(self, hypothesis: Hypothesis) -> Choices:
        """Return what may stand for given constants under a hypothesis."""
        [mistake] = [mistake for mistake in hypothesis.mistakes if mistake.given]
        key = (mistake.id, *sorted(mistake.given))
        if key not in self._borrowable:
            most = self._most_tried(mistake)
            found = choices_for(mistake, most, self._shared, self._earlier)
            self._borrowable[key] = self._after_training(mistake, found)
        return self._borrowable[key]

    def _after_training(self, mistake: Mistake, found: Choices) -> Choices:
        """Add what a training without draws leaves behind, from where another may go on."""
        parts = self._tried.part_shapes.keys()
        computed = mistake.values == "computed" and self.question.draws is not None
        if not computed or not parts or not parts <= mistake.given.keys():
            return found
        return self._shared.going_on(self.question, self._tried.plain, parts, found, self._followed)

    def _most_tried(self, mistake: Mistake) -> int:
        if not self.question.draws:
            return _MOST_TRIED
        single = all(np.ndim(self.predictions.given[name]) == 0 for name in mistake.given)
        return _MOST_SINGLE if single else _MOST_REPLAYED
