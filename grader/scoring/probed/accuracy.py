"""How many examples a network recognises, how sure that is, and whether another does better."""

from math import comb, sqrt
from statistics import NormalDist

import numpy as np

Z = 1.959964  # of 95 %


def hits(outputs: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Say of each example whether the largest output is that of its label, shape (N,)."""
    right: np.ndarray = outputs.argmax(axis=1) == labels.reshape(-1)
    return right


def interval(right: int, count: int) -> tuple[float, float]:
    """Return the Wilson score interval of a share, at 95 %.

    Source: Wilson, Probable inference, the law of succession, and statistical inference,
    JASA 22 (1927).
    """
    share = right / count
    middle = (share + Z**2 / (2 * count)) / (1 + Z**2 / count)
    half = Z / (1 + Z**2 / count) * sqrt(share * (1 - share) / count + Z**2 / (4 * count**2))
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))


def chance_of_better(one: np.ndarray, other: np.ndarray) -> float:
    """Return the exact one-sided p-value of McNemar's test: that `one` is no better than `other`.

    Only the examples count that just one of the two recognises; were both equally good, each
    of these would be a coin's toss.

    Args:
        one: whether each example is right, shape (N,).
        other: the same of the other network, for the same examples.

    """
    won, lost = int(np.sum(one & ~other)), int(np.sum(other & ~one))
    tosses = won + lost
    ways = sum(comb(tosses, k) for k in range(won, tosses + 1))
    return float(ways / 2**tosses)


def chance_of_guessing(right: int, count: int, share: float) -> float:
    """Return the probability of so many hits, or more, by always naming the most frequent class.

    By a normal approximation with continuity correction, which does for the sizes met here.
    """
    spread = sqrt(count * share * (1 - share)) or 1e-9
    return 1 - NormalDist(count * share, spread).cdf(right - 0.5)


def differ(claimed: float, found: float, sizes: tuple[int, int], sigmas: float = 4.0) -> bool:
    """Say whether two shares differ by more than the noise of two samples of these sizes."""
    middle = min(max((claimed + found) / 2, 0.02), 0.98)
    spread = sqrt(middle * (1 - middle) * (1 / sizes[0] + 1 / sizes[1]))
    return abs(claimed - found) > sigmas * spread + 0.005
