"""Which ways of random training an observed result fits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from grader.rubric.model import Question, Tolerance
from grader.scoring.comparison import allowance
from grader.scoring.hypothesis import Hypothesis
from grader.scoring.random.closeness import Distribution, Tested
from grader.scoring.random.distribution import Listed
from grader.scoring.random.ratios import Ratios, Way, decimals_of, precision_of
from grader.scoring.random.rivalry import remaining
from grader.scoring.random.simulations import SCREENED, TRAININGS, Simulations
from grader.scoring.random.tail import Tail

_SAME = 1e-9  # trainings from the same flags that on average end up this close are the same
_PRICES = 6  # decimals

Shapes = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True)
class Survivor:
    """A hypothesis that a result fits, and how well.

    `distance` and `p` are those of `Tested`, `likelihood` is that of the distribution, for this
    result.
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


@dataclass(frozen=True)
class Survivors:
    """The hypotheses a result fits: those that remain, and those outdone, the likeliest first."""

    remaining: Sequence[Survivor] = ()
    outdone: Sequence[Survivor] = ()

    @property
    def next_best(self) -> Survivor | None:
        """The likeliest one that is worth something else than the first, if any."""
        others = (*self.remaining[1:], *self.outdone)
        other = [s for s in others if len(worths([s, self.remaining[0]])) > 1]
        return max(other, key=lambda survivor: survivor.likelihood, default=None)


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
        self._ratios = Ratios(question, simulations)
        self.hypotheses = testable(question, hypotheses)

    def survivors(self, result: np.ndarray, precision: np.ndarray, shapes: Shapes) -> Survivors:
        """Return the hypotheses a result fits, and which of them others outdo.

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
        found.sort(key=lambda survivor: -survivor.likelihood)
        ways = [(survivor.hypothesis, survivor.known) for survivor in found]
        likelihood = np.array([[survivor.likelihood for survivor in found]])
        fits = np.ones((1, len(found)), dtype=bool)
        left = self.remaining(ways, fits, likelihood, decimals_of(precision), shapes)[0]
        return Survivors(
            [survivor for survivor, stays in zip(found, left, strict=True) if stays],
            [survivor for survivor, stays in zip(found, left, strict=True) if not stays],
        )

    def remaining(
        self,
        ways: Sequence[Way],
        fits: np.ndarray,
        likelihood: np.ndarray,
        decimals: int,
        shapes: Shapes,
    ) -> np.ndarray:
        """Say which ways that results fit are not outdone by others; see `rivalry.remaining`."""

        def tails(one: int, others: Sequence[int]) -> list[Tail]:
            def slack(known: Distribution, precision: np.ndarray) -> np.ndarray:
                return self.slack(known, precision, shapes)

            rivals = [ways[other] for other in others]
            return self._ratios.tails(ways[one], rivals, decimals, slack)

        worth = np.array([hypothesis.worth for hypothesis, _ in ways])
        return remaining(fits, likelihood, worth, tails)

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
        if not tested.fits[0]:
            return None
        like = self.slack(whole, precision_of(decimals_of(precision), whole), shapes)
        likelihood = whole.likelihood(result[None], like)
        return _survivor_of(hypothesis, whole, tested, likelihood)


def is_same(one: Distribution, other: Distribution) -> bool:
    """Say whether two hypotheses lead to the same results, flag by flag."""
    if type(one) is not type(other) or one.typical.shape != other.typical.shape:
        return False
    return bool(np.abs(one.typical - other.typical).max() <= _SAME)


def worths(survivors: Iterable[Survivor]) -> set[float]:
    """Return the different shares of the points that survivors are worth."""
    return {round(survivor.hypothesis.worth, _PRICES) for survivor in survivors}


def _survivor_of(
    hypothesis: Hypothesis, known: Distribution, tested: Tested, likelihood: np.ndarray
) -> Survivor:
    figures = (tested.distance, tested.p, likelihood)
    return Survivor(hypothesis, known, *(float(figure[0]) for figure in figures))


def _allowances(typical: np.ndarray, shapes: Shapes, tolerance: Tolerance) -> np.ndarray:
    ends = np.cumsum([int(np.prod(shapes[name])) for name in sorted(shapes)])
    parts = np.split(typical, ends[:-1])
    return np.concatenate([allowance(part, tolerance) for part in parts])
