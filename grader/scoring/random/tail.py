"""How much likelier a rival may look by chance: the upper tail of a log likelihood ratio."""

from dataclasses import dataclass

import numpy as np

_TOP = 50  # of the ratios say how the tail goes on


@dataclass(frozen=True)
class Tail:
    """The largest of the ratios log p'(x) - log p(x) of results x that came about as p says.

    Args:
        count: how many results there were.
        largest: of their ratios.
        start: what `_TOP` of them reach.
        excess: how much more than that these are, on average.
    """

    count: float
    largest: float
    start: float
    excess: float

    def bar(self, chance: float) -> float:
        """Return what a ratio exceeds with at most this chance.

        It is never below the largest that was simulated, nor below 0. Where the chance is
        too small for the number of results, the tail is taken to fall exponentially, but no
        more slowly than it can: were both densities exact, a ratio would exceed b with a
        chance of at most exp(-b), whatever they are (Markov).
        """
        most = -np.log(chance)
        if np.isfinite(self.start):
            most = min(most, self.start + self.excess * np.log(_TOP / (self.count * chance)))
        return float(max(self.largest, most, 0.0))

    def figures(self) -> tuple[float, float, float, float]:
        """Return its fields."""
        return self.count, self.largest, self.start, self.excess


def tail_of(ratios: np.ndarray) -> Tail:
    """Describe the tail of ratios (N,), N >= 1, of which some may be minus infinity."""
    top = np.sort(ratios)[-_TOP:]
    if len(top) < _TOP or not np.isfinite(top[0]):
        return Tail(len(ratios), float(top[-1]), -np.inf, 0.0)
    return Tail(len(ratios), float(top[-1]), float(top[0]), float((top - top[0]).mean()))
