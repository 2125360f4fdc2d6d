"""What costs a part points for certain, whatever the reference says: found when publishing.

Faults are filed in the full grading under ids that a rubric may make free; only where every id
that may come of a fault costs points, the fault fails the part in an edition.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from grader.execution.asking.derivatives import PLACES, moved, step_size
from grader.rubric.parts import Part
from grader.scoring.hypothesis import Hypothesis, hypotheses
from grader.scoring.probed.findings import UNNAMED
from grader.scoring.probed.function import group_of
from grader.scoring.probed.limits import LIMITS
from grader.scoring.probed.slopes import Near
from grader.scoring.probed.view import CaseView, View, question_of
from grader.sealing.coded import Reason, Shape

COSTLY = ("", "batch")
"""Groups of cases in which a fault costs points, be it an error or another value."""

_VALUES = (UNNAMED, *LIMITS, "overflow", "batch", "shape")
_LOSSES = ("per-example", "not-reduced", "scaled")
_GRADIENTS = ("wrong-sign", "inconsistent", "inconsistent-batch", "of-the-labels")
_DERIVATIVES = ("takes-output", "wrong-sign")
_EXACT = 1e-5  # what differences leave between a function and its derivative, relatively


@dataclass(frozen=True)
class Known:
    """What the reference says of one part, called with the inputs of an edition."""

    view: View

    @property
    def fails(self) -> list[Reason]:
        """List what fails the part for certain; nothing where the reference has no answer."""
        if not self._predicted:
            return []
        part, found = self.view.part, list[Reason]()
        if _all_cost(part, (*_VALUES, *_LOSSES)):
            found.append("values")
        if _all_cost(part, ("changes-argument",)):
            found.append("argument")
        if _all_cost(part, ("other-library",)):
            found.append("library")
        if self._is_gradient and _all_cost(part, _GRADIENTS) and not self._forgiven:
            found.append("gradient")
        if part.probe == "derivative" and "values" in found and self._go_together:
            found.append("together")
        return found

    @property
    def shapes(self) -> list[Shape | None]:
        """The shape of what comes back for each case, where all hypotheses have the same one."""
        if self.view.part.of is not None:
            return [None for _ in self.view.cases]
        rows = zip(*self._predicted.values(), strict=True)
        shapes = [{array.shape for array in row} for row in rows]
        return [list(next(iter(one))) if len(one) == 1 else None for one in shapes]

    @cached_property
    def _predicted(self) -> dict[int, list[np.ndarray]]:
        """What each hypothesis predicts for all cases, by the hypothesis's place."""
        found = {}
        for place, hypothesis in enumerate(self.view.hypotheses):
            parts = [self.view.predicted(hypothesis, case) for case in self.view.cases]
            if all(parts):
                found[place] = [next(iter(one.values())) for one in parts if one]
            elif None not in parts:
                raise ValueError("some cases have no answer")
        return found

    @property
    def _is_gradient(self) -> bool:
        return self.view.part.probe == "loss" and self.view.part.of is not None

    @property
    def _forgiven(self) -> bool:
        """Whether a mistake that fits the part costs nothing."""
        return any(one.mistakes and one.worth >= 1 for one in self.view.hypotheses)

    @property
    def _go_together(self) -> bool:
        """Whether any accepted derivative is that of any accepted function.

        Then a derivative that is not that of the student's own function says that one of
        the two costs points.
        """
        owner = self._owner
        if owner is None or not _all_cost(self.view.part, _DERIVATIVES):
            return False
        accepted = [n for n in self._predicted if self.view.hypotheses[n].worth >= 1]
        slopes = [self._slopes(one) for one in self._functions(owner)]
        return bool(slopes and accepted) and all(
            _agree(near, self._predicted[n]) for near in slopes for n in accepted
        )

    @property
    def _owner(self) -> Part | None:
        """The part of the function, if any fault of it costs points there, by the same inputs."""
        part = self.view.part
        found = [one for one in self.view.question.parts if one.name == part.of]
        if len(found) != 1 or found[0].probe != "function" or found[0].inputs != part.inputs:
            return None
        return found[0] if found[0].expect and _all_cost(found[0], _VALUES) else None

    def _functions(self, owner: Part) -> Iterator[Hypothesis]:
        view = self.view
        for one in hypotheses(question_of(view.question, owner, view.predictions)):
            if one.worth >= 1:
                yield one

    def _slopes(self, function: Hypothesis) -> list[Near | None]:
        """Return a function of the reference around each case; None for cases left aside."""
        return [
            self._near(function, case) if group_of(case) in COSTLY else None
            for case in self.view.cases
        ]

    def _near(self, function: Hypothesis, case: CaseView) -> Near:
        key, x = next(iter(case.arguments.items()))
        given = {**self.view.predictions.given, **case.arguments}
        around = {"here": x, **{place: moved(x, place) for place in PLACES}}
        values = {}
        for place, at in around.items():
            parts = self.view.predictions.ask(function, {**given, key: at})
            if not parts:
                raise ValueError("the function has no answer")
            values[place] = np.asarray(next(iter(parts.values())), dtype=float).reshape(-1)
        return Near(values, step_size(x).reshape(-1), single=False)


def _agree(near: Sequence[Near | None], derivative: Sequence[np.ndarray]) -> bool:
    """Say whether a derivative is that of a function, wherever that has one slope."""
    seen = False
    for around, given in zip(near, derivative, strict=True):
        if around is None or not around.smooth.any():
            continue
        seen = True
        row = np.asarray(given, dtype=float).reshape(-1)
        if row.size != around.step.size:
            return False
        allowed = _EXACT * np.maximum(1.0, np.abs(around.slopes)) + around.noise
        if not (np.abs(row - around.slopes) <= allowed)[around.smooth].all():
            return False
    return seen


def _all_cost(part: Part, ids: Sequence[str]) -> bool:
    """Say whether the rubric makes none of some findings free that cost points usually."""
    return all(part.worth.get(one, 0.0) < 1 for one in ids)
