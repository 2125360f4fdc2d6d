"""Likelihood ratios of simulated trainings, made once for each pair and kept on disk."""

import hashlib
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from grader.rubric.model import Question
from grader.scoring.hypothesis import Hypothesis
from grader.scoring.random.closeness import Distribution
from grader.scoring.random.simulations import Simulations
from grader.scoring.random.tail import Tail, tail_of

Way = tuple[Hypothesis, Distribution]
Slack = Callable[[Distribution, np.ndarray], np.ndarray]
"""Returns how far results of a distribution may be off that are as precise as said, (D,)."""

EXACT = 9
"""How many decimals count as all."""

_SEED = 5  # another than that of the distributions


class Ratios:
    """What ratios the results of a question's ways of training have by chance."""

    def __init__(self, question: Question, simulations: Simulations) -> None:
        self._question = question
        self._simulations = simulations

    def tails(self, way: Way, rivals: Sequence[Way], decimals: int, slack: Slack) -> list[Tail]:
        """Return the tail of each rival's likelihood to that of a way, for its results.

        The results are off by as much as they may be.

        Args:
            way: how they came about.
            rivals: what they are held against.
            decimals: how many are known of them.
            slack: how far they may be off.

        """
        hypothesis, distribution = way
        allowed = slack(distribution, precision_of(decimals, distribution))
        key = ("ratios", _SEED, *hypothesis.key, decimals, allowed.tobytes())
        known = _from(self._simulations.kept(self._question, key))
        names = [_name(rival) for rival, _ in rivals]
        missing = [pair for name, pair in zip(names, rivals, strict=True) if name not in known]
        if missing:
            known |= self._made(way, missing, decimals, slack)
            self._simulations.keep(self._question, key, _arrays(known))
        return [known[name] for name in names]

    def _made(
        self, way: Way, rivals: Sequence[Way], decimals: int, slack: Slack
    ) -> dict[str, Tail]:
        hypothesis, distribution = way
        exact = self._simulations.fresh(self._question, hypothesis, _SEED)
        precision = precision_of(decimals, distribution)
        allowed = slack(distribution, precision)
        results = exact + np.random.default_rng(_SEED).uniform(-allowed, allowed, exact.shape)
        own = distribution.likelihood(results, allowed)
        return {
            _name(rival): tail_of(other.likelihood(results, slack(other, precision)) - own)
            for rival, other in rivals
        }


def decimals_of(precision: np.ndarray) -> int:
    """Return how many decimals are known of numbers that may be off by so much."""
    return int(np.clip(np.floor(-np.log10(2.0 * max(precision.max(), 1e-30)) + 1e-6), -9, EXACT))


def precision_of(decimals: int, distribution: Distribution) -> np.ndarray:
    """Return how far each entry of a result may be off of which so many decimals are known."""
    off = 0.0 if decimals >= EXACT else 0.5 * 10.0**-decimals
    return np.full(distribution.typical.shape, off)


def _name(hypothesis: Hypothesis) -> str:
    return hashlib.sha256(repr(hypothesis.key).encode()).hexdigest()[:32]


def _arrays(known: Mapping[str, Tail]) -> dict[str, np.ndarray]:
    return {name: np.array(tail.figures()) for name, tail in known.items()}


def _from(arrays: Mapping[str, np.ndarray]) -> dict[str, Tail]:
    return {name: Tail(*a.tolist()) for name, a in arrays.items() if a.shape == (4,)}
