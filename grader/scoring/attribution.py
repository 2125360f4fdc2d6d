"""Which ways of random training an observed result fits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from grader.rubric.model import Question, Tolerance
from grader.scoring.comparison import allowance
from grader.scoring.distribution import Distribution, Listed, Tested
from grader.scoring.hypothesis import Hypothesis
from grader.scoring.simulations import SCREENED, TRAININGS, Simulations

_SAME = 1e-9  # trainings from the same flags that on average end up this close are the same
_PRICES = 6  # decimals

Shapes = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True)
class Survivor:
    """A hypothesis that a result fits, and how well.

    `distance`, `p` and `likelihood` are those of `Tested`, for this result.
    """

    hypothesis: Hypothesis
    known: Distribution
    distance: float
    p: float
    likelihood: float

    @property
    def listed(self) -> int:
        """How many results there can be, where they were all gone through; else 0."""
        return len(self.known.rows) if isinstance(self.known, Listed) else 0


def testable(question: Question, hypotheses: Iterable[Hypothesis]) -> list[Hypothesis]:
    """List the hypotheses that are told apart by their distributions, each kind once.

    They are about the assignment's own constants and have one costly mistake at most.
    """
    first: dict[tuple[object, ...], Hypothesis] = {}
    for hypothesis in hypotheses:
        plain = not hypothesis.borrowed and len(hypothesis.costly) < 2
        whole = not any(mistake.transform for mistake in hypothesis.mistakes)
        if plain and whole and hypothesis.expect == question.expect:
            first.setdefault(hypothesis.key, hypothesis)
    return list(first.values())


class Attribution:
    """The ways of training that are known for a question, with what they lead to."""

    def __init__(
        self,
        question: Question,
        tolerance: Tolerance,
        hypotheses: Sequence[Hypothesis],
        simulations: Simulations,
    ) -> None:
        self._question = question
        self._tolerance = tolerance
        self._simulations = simulations
        self.hypotheses = testable(question, hypotheses)

    def survivors(
        self, result: np.ndarray, precision: np.ndarray, shapes: Shapes
    ) -> list[Survivor]:
        """Return the hypotheses a result fits, the likeliest first.

        Args:
            result: the parts one after the other, by name, (D,).
            precision: how far each entry may be off by its own rounding, (D,).
            shapes: the parts' shapes, by name.

        """
        found: list[Survivor] = []
        for hypothesis in self.hypotheses:
            survivor = self._survivor(hypothesis, result, precision, shapes)
            # What repeats one that is worth as much or more cannot be told from it.
            if survivor and not any(is_same(survivor.known, other.known) for other in found):
                found.append(survivor)
        return sorted(found, key=lambda survivor: -survivor.likelihood)

    def distribution(
        self, hypothesis: Hypothesis, trainings: int = TRAININGS
    ) -> Distribution | None:
        """Return what a hypothesis leads to; None where it describes no training."""
        return self._simulations.of(self._question, hypothesis, trainings)

    def slack(
        self, distribution: Distribution, precision: np.ndarray, shapes: Shapes
    ) -> np.ndarray:
        """Return how far a result may be off that is as precise as said, (D,)."""
        return np.asarray(precision + _allowances(distribution.typical, shapes, self._tolerance))

    def _survivor(
        self, hypothesis: Hypothesis, result: np.ndarray, precision: np.ndarray, shapes: Shapes
    ) -> Survivor | None:
        """Test a hypothesis: on few trainings first, which nearly all fail by far."""
        rough = self.distribution(hypothesis, SCREENED)
        if rough is None or rough.typical.shape != result.shape:
            return None
        if rough.is_far(result[None], self.slack(rough, precision, shapes))[0]:
            return None
        whole = rough if isinstance(rough, Listed) else self.distribution(hypothesis)
        if whole is None:
            return None
        tested = whole.test(result[None], self.slack(whole, precision, shapes))
        return _survivor_of(hypothesis, whole, tested) if tested.fits[0] else None


def is_same(one: Distribution, other: Distribution) -> bool:
    """Say whether two hypotheses lead to the same results, flag by flag."""
    if type(one) is not type(other) or one.typical.shape != other.typical.shape:
        return False
    return bool(np.abs(one.typical - other.typical).max() <= _SAME)


def worths(survivors: Iterable[Survivor]) -> set[float]:
    """Return the different shares of the points that survivors are worth."""
    return {round(survivor.hypothesis.worth, _PRICES) for survivor in survivors}


def _survivor_of(hypothesis: Hypothesis, known: Distribution, tested: Tested) -> Survivor:
    figures = (tested.distance, tested.p, tested.likelihood)
    return Survivor(hypothesis, known, *(float(figure[0]) for figure in figures))


def _allowances(typical: np.ndarray, shapes: Shapes, tolerance: Tolerance) -> np.ndarray:
    ends = np.cumsum([int(np.prod(shapes[name])) for name in sorted(shapes)])
    parts = np.split(typical, ends[:-1])
    return np.concatenate([allowance(part, tolerance) for part in parts])
