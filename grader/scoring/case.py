"""One submission before the questions: its values, what the reference predicts, what fits."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import islice
from typing import Any

import numpy as np

from grader.faults import ReferenceFault
from grader.observation.model import Observation
from grader.observation.observe import Observations
from grader.recording.model import Recording
from grader.rubric.model import Mistake, Question, Tolerance
from grader.scoring.borrowing import borrowed_givens
from grader.scoring.fit import Fit, best_of, fit_parts, fit_streams, search
from grader.scoring.hypothesis import Hypothesis
from grader.scoring.pool import Pool
from grader.scoring.predictions import Parts, Predictions
from grader.scoring.replay import Streams, keep_streams
from grader.scoring.verdict import Outcome, Verdict

_MOST_TRIED = 150  # combinations of the student's own values in place of constants
_MOST_REPLAYED = 10  # the same where each takes a training


class Case:
    """One submission and one question."""

    def __init__(
        self,
        question: Question,
        hypotheses: Sequence[Hypothesis],
        recording: Recording,
        observations: Observations,
        predictions: Predictions,
        tolerance: Tolerance,
        earlier: Sequence[tuple[Question, Fit]] = (),
    ) -> None:
        self.question = question
        self.recording = recording
        self.observations = observations
        self.predictions = predictions
        self.tolerance = tolerance
        self._earlier = earlier
        tried = [h for h in hypotheses if self._is_tried(h)]
        self.plain = [h for h in tried if not h.borrowed]
        self.borrowing = [h for h in tried if h.borrowed]
        self._streams: dict[int, Streams | None] = {}
        self._replayed: dict[int, Parts | None] = {}
        self._borrowable: dict[str, list[dict[str, np.ndarray]]] = {}

    @property
    def accepted(self) -> list[Hypothesis]:
        """The hypotheses without a mistake."""
        return [h for h in self.plain if not h.mistakes]

    @cached_property
    def recorded_pool(self) -> Pool:
        """The values the recorder saw, of the question's library."""
        return self.pool_of(self.observations.recorded)

    @cached_property
    def pool(self) -> Pool:
        """The values the recorder saw and the numbers printed, of the question's library."""
        seen = (*self.observations.recorded, *self.observations.printed)
        return self.pool_of(seen)

    def pool_of(
        self, observations: Sequence[Observation], tolerance: Tolerance | None = None
    ) -> Pool:
        """Return the candidates among observations that may come from the question's library."""
        library = self.question.library
        known = [o for o in observations if library == "any" or library in o.libraries]
        return Pool(known, tolerance or self.tolerance)

    def find(self) -> Fit | None:
        """Return the best explanation of what this submission's run produced."""
        best: Fit | None = None
        for pool in (self.recorded_pool, self.pool):
            best = best_of([best, self.explain(pool)])
            if best is not None and best.full and best.certain and best.credit >= 1:
                break  # the text is read only where it can change something
        if not self._may_hold_answer(self.pool):
            return best
        return search(self.borrowing, self._borrowed_fits, best)

    def explain(self, pool: Pool) -> Fit | None:
        """Return the best explanation of a pool's values from the assignment's own constants."""
        if not self._may_hold_answer(pool):
            return None
        return search(self.plain, partial(self.fits, pool=pool))

    @cached_property
    def shapes(self) -> set[tuple[int, ...]]:
        """The shapes an answer's parts may have."""
        predicted = (self.predictions.of(hypothesis) for hypothesis in self.plain)
        axis = 1 if self.question.draws else 0
        return {part.shape[axis:] for parts in predicted if parts for part in parts.values()}

    def _may_hold_answer(self, pool: Pool) -> bool:
        """Say whether a pool has any value of an answer's shape whose meaning is not known."""
        return any(
            not self._is_known(candidate.values)
            for shape in self.shapes
            for candidate in pool.candidates(shape)
        )

    def _is_known(self, values: np.ndarray) -> bool:
        """Say whether values were handed out, or answer an earlier question."""
        return is_constant(values, self.predictions.given) or any(
            match.expected.shape == values.shape and np.allclose(match.expected, values, rtol=1e-4)
            for _, fit in self._earlier
            for match in fit.matches.values()
        )

    def _is_tried(self, hypothesis: Hypothesis) -> bool:
        """Say whether a hypothesis is worth its cost: a replay takes a training each.

        Of combined mistakes, only those are replayed one of which this student made before.
        """
        if not self.question.draws or len(hypothesis.costly) < 2:
            return True
        made = {m.id for _, fit in self._earlier for m in fit.hypothesis.mistakes}
        return any(mistake.id in made for mistake in hypothesis.costly)

    def fits(
        self, hypothesis: Hypothesis, pool: Pool, given: Mapping[str, Any] | None = None
    ) -> Iterator[Fit | None]:
        """Yield how well a hypothesis explains the values of a pool, by prediction and replay."""
        borrowed = {} if given is None else dict(given)
        if not self.question.draws:
            parts = self._predicted(hypothesis, borrowed)
            yield fit_parts(hypothesis, parts, pool, borrowed) if parts else None
            return
        parts = self._predicted(hypothesis, borrowed)
        yield fit_streams(hypothesis, parts, pool, borrowed) if parts else None
        parts = self._replay(hypothesis, borrowed)
        if parts:
            yield fit_streams(hypothesis, parts, pool, borrowed, replayed=True)

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

    def _predicted(self, hypothesis: Hypothesis, borrowed: Mapping[str, Any]) -> Parts | None:
        if not borrowed:
            return self.predictions.of(hypothesis)
        return self._ask_borrowed(hypothesis, borrowed, None)

    def _ask_borrowed(
        self, hypothesis: Hypothesis, borrowed: Mapping[str, Any], streams: Streams | None
    ) -> Parts | None:
        """Predict from the student's own values; where they lead nowhere, that is no fault."""
        try:
            given = {**self.predictions.given, **borrowed}
            return self.predictions.ask(hypothesis, given, streams)
        except (ReferenceFault, ArithmeticError, ValueError):
            return None

    def _replay(self, hypothesis: Hypothesis, borrowed: Mapping[str, Any]) -> Parts | None:
        """Return the parts predicted from the submission's own draws, all streams along axis 0."""
        if borrowed:
            return self._ask_replay(hypothesis, borrowed)
        if id(hypothesis) not in self._replayed:
            self._replayed[id(hypothesis)] = self._ask_replay(hypothesis, {})
        return self._replayed[id(hypothesis)]

    def _ask_replay(self, hypothesis: Hypothesis, borrowed: Mapping[str, Any]) -> Parts | None:
        question = self.question
        if not self.recording.draws or question.draws is None or question.rate is None:
            return None
        count = self.predictions.flags_needed(question.draws, hypothesis)
        if count and count not in self._streams:
            rate = float(self.predictions.given[question.rate])
            self._streams[count] = keep_streams(self.recording.draws, count, rate)
        streams = self._streams.get(count)
        if streams is None:
            return None
        if borrowed:
            return self._ask_borrowed(hypothesis, borrowed, streams)
        return self.predictions.ask(hypothesis, self.predictions.given, streams)

    def _borrowed_fits(self, hypothesis: Hypothesis) -> Iterator[Fit | None]:
        """Yield full fits only: a part of an answer says too little about changed constants."""
        for borrowed in self._borrowed(hypothesis):
            for fit in self.fits(hypothesis, self.pool, borrowed):
                if fit is not None and fit.full and not self._rests_on_constants(fit):
                    yield fit

    def _rests_on_constants(self, fit: Fit) -> bool:
        """Say whether changed constants only predict themselves, or others."""
        given = {**self.predictions.given, **fit.borrowed}
        return any(is_constant(match.candidate.values, given) for match in fit.matches.values())

    def _borrowed(self, hypothesis: Hypothesis) -> list[dict[str, np.ndarray]]:
        """Return what may stand for given constants under a hypothesis.

        Numbers are entered once: where an earlier question was answered without a mistake in
        them, there is none, and where with one, it is known.
        """
        [mistake] = [mistake for mistake in hypothesis.mistakes if mistake.given]
        if mistake.id not in self._borrowable:
            fits = [
                fit
                for _, fit in self._earlier
                if mistake.id in {m.id for m in fit.hypothesis.mistakes}
            ]
            known = [dict(fit.borrowed) for fit in fits if fit.borrowed]
            settled = mistake.values == "entered" and mistake.id in self._looked_for
            found = [] if settled else self._search_values(mistake)
            self._borrowable[mistake.id] = [*known, *found]
        return self._borrowable[mistake.id]

    def _search_values(self, mistake: Mistake) -> Iterator[dict[str, np.ndarray]]:
        most = _MOST_REPLAYED if self.question.draws else _MOST_TRIED
        seen = self.observations.recorded
        return islice(borrowed_givens(self.predictions.given, mistake, seen), most)

    @property
    def _looked_for(self) -> set[str]:
        """The mistakes with values of the student's that answered questions were held against."""
        return {m.id for question, fit in self._earlier if fit.full for m in question.mistake}


def is_constant(values: np.ndarray, given: Mapping[str, Any]) -> bool:
    """Say whether values are one of the assignment's own constants."""
    return any(
        np.shape(constant) == values.shape and np.allclose(values, constant, rtol=1e-6)
        for constant in given.values()
    )
