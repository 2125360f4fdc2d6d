"""One submission before the questions: its values, what the reference predicts, what fits."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import Any

import numpy as np

from grader.observation.model import Observation
from grader.rubric.model import Question, Tolerance
from grader.scoring.asked import Asked
from grader.scoring.constants import are_known, is_constant
from grader.scoring.fit import Fit, best_of, search
from grader.scoring.fitting import Fitting
from grader.scoring.hypothesis import Hypothesis
from grader.scoring.outcomes import Outcome
from grader.scoring.pool import Pool
from grader.scoring.random.simulations import Simulations
from grader.scoring.rounding.amplified import Amplified
from grader.scoring.search.possibilities import Possibilities
from grader.scoring.shared import Shared
from grader.scoring.verdict import Verdict


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
        self.shared = shared
        self.earlier = earlier
        made = {mistake.id for _, fit in earlier for mistake in fit.hypothesis.mistakes}
        self._asked = asked
        self._tried = asked.tried(made)
        followed = self.conventions_before
        self._fitting = Fitting(asked.question, self._tried, shared, earlier, followed)

    @property
    def plain(self) -> Sequence[Hypothesis]:
        """The hypotheses about the assignment's own constants, in the order they are tried in."""
        return self._tried.plain

    @property
    def conventions_before(self) -> dict[str, str]:
        """How the answers this one follows from were read, as far as they are explained."""
        followed = (fit for q, fit in self.earlier if q.id in self.question.follows and fit.full)
        return {
            name: value for fit in followed for name, value in fit.hypothesis.conventions.items()
        }

    @property
    def settled_before(self) -> set[str]:
        """The mistakes that the answers this one follows from were found to be without."""
        followed = [fit for q, fit in self.earlier if q.id in self.question.follows and fit.full]
        asked = [q for q, fit in self.earlier if q.id in self.question.follows and fit.full]
        made = {mistake.id for fit in followed for mistake in fit.hypothesis.mistakes}
        return {mistake.id for question in asked for mistake in question.mistake} - made

    @property
    def accepted(self) -> list[Hypothesis]:
        """The hypotheses without a mistake."""
        return [h for h in self.plain if not h.mistakes]

    @property
    def possibilities(self) -> Possibilities:
        """What is tried where no hypothesis explains an answer."""
        return self._asked.possibilities

    @property
    def simulations(self) -> Simulations:
        """What random trainings lead to under the hypotheses."""
        return self._asked.simulations

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

        return Pool(sources, tolerance or self.tolerance, accepts, self.shared.readings)

    def find(self) -> Fit | None:
        """Return the best explanation of what this submission's run produced."""
        best = self.explain(self.recorded_pool)
        if best is not None and best.full and best.certain and best.credit >= 1:
            return self._as_shown(best)  # the rest is read only where it can change something
        best = best_of([best, self.explain(self.pool)])
        if not self._may_hold_answer(self.pool):
            return best
        fits = partial(self._fitting.borrowed_fits, pool=self.pool)
        other = search(self._tried.borrowing_levels, fits, best)
        # What the assignment's own constants explain needs no others.
        best = best if best is not None and best.full and _same_values(best, other) else other
        if best is not None and best.full:
            return best if self._is_last_word(best) else None
        amplified = Amplified(self.question, self.tolerance, self._tried, self.shared)
        return best_of([best, amplified.fit()])

    def _is_last_word(self, fit: Fit) -> bool:
        """Refuse a mistake that explains a training only before the last, such as a first try."""
        if not self.question.draws or fit.credit >= 1 or not fit.certain:
            return True
        given, last = self.predictions.given, max(_cells(fit))
        known = {match.candidate.values.tobytes() for match in fit.matches.values()}
        later: dict[int, set[tuple[int, ...]]] = {}
        shapes = set(self.part_shapes.values())
        for shape in shapes:
            for candidate in self.recorded_pool.candidates(shape):
                seen = candidate.observation
                moved = seen.cell > last and not seen.path.endswith("grad")
                moved = moved and candidate.values.tobytes() not in known
                if moved and not is_constant(candidate.values, given):
                    later.setdefault(seen.cell, set()).add(shape)
        return not any(held == shapes for held in later.values())

    def _as_shown(self, right: Fit) -> Fit:
        """Take what a cell shows for the answer, where the right value is only held there."""
        if not self.question.shown:
            return right
        cells = _cells(right)
        recorded = [o for o in self.observations.recorded if o.origin in ("printed", "displayed")]
        pool = self.pool_of([recorded, self.observations.printed])
        if all(pool.match(part) for part in right.parts.values()):
            return right
        shown = self.explain(pool)
        if shown is not None and shown.full and shown.certain:
            if shown.credit > 0:
                return shown
            if _cells(shown) <= cells:
                return replace(right, held_only=True)
        others = (c for part in right.parts.values() for c in pool.candidates(part.shape))
        given = self.predictions.given
        doubt = any(
            c.observation.cell in cells and not is_constant(c.values, given) for c in others
        )
        return replace(right, held_only=doubt)

    def explain(self, pool: Pool) -> Fit | None:
        """Return the best explanation of a pool's values from the assignment's own constants."""
        if not self._may_hold_answer(pool):
            return None
        return search(self._tried.plain_levels, partial(self._fitting.fits, pool=pool))

    def _may_hold_answer(self, pool: Pool) -> bool:
        """Say whether a pool has any value of an answer's shape whose meaning is not known."""
        answers = [match.expected for _, fit in self.earlier for match in fit.matches.values()]
        given = self.predictions.given
        values = ((pool.values(shape), shape) for shape in self.shapes)
        return any(len(v) and not are_known(v, shape, given, answers).all() for v, shape in values)

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


def _cells(fit: Fit) -> set[int]:
    """Return the cells of the values a fit rests on."""
    return {match.candidate.observation.cell for match in fit.matches.values()}


def _same_values(one: Fit, other: Fit | None) -> bool:
    """Say whether two fits explain the same values, for points."""
    if other is None or one.credit == 0 or one.matches.keys() != other.matches.keys():
        return False
    pairs = ((match, other.matches[part]) for part, match in one.matches.items())
    return all(np.array_equal(a.candidate.values, b.candidate.values) for a, b in pairs)
