"""Which of the ways of training that results fit are outdone by others that fit far better."""

from collections.abc import Callable

import numpy as np

from grader.scoring.random.tail import Tail

OUTDONE_BY_CHANCE = 1e-4
"""How often a result's true way of training is outdone by one that is worth something else."""

_PRICES = 6  # decimals

Tails = Callable[[int, list[int]], list[Tail]]
"""Returns the tails of the ratios of some ways' likelihood to one way's, for its results."""


def remaining(
    fits: np.ndarray, likelihood: np.ndarray, worths: np.ndarray, tails: Tails
) -> np.ndarray:
    """Say which ways of training results may still have come about in.

    Each way is held against the likeliest of those that are worth something else. It is outdone
    if that one's likelihood is so many times its own as it hardly ever is for results of the
    way itself. By the lemma of Neyman and Pearson no other test between two ways tells more
    results apart at the same risk, which is shared evenly by all rivals that a result fits.
    The likeliest of all always remains.

    Args:
        fits: which ways M results fit, (M, W).
        likelihood: logarithms, (M, W).
        worths: of the ways, (W,).
        tails: of the ratios.

    """
    fitting = np.where(fits, likelihood, -np.inf)
    left = fits.copy()
    for worth in np.unique(worths.round(_PRICES)).tolist():
        others = np.abs(worths - worth) > 10.0**-_PRICES
        rivals = fits[:, others].sum(axis=1)
        best = np.where(others, fitting, -np.inf).argmax(axis=1)
        for one in np.flatnonzero(~others).tolist():
            met = np.flatnonzero(fits[:, one] & (rivals > 0))
            met = met[fitting[met, best[met]] > likelihood[met, one]]
            named = np.unique(best[met]).tolist()
            for rival, tail in zip(named, tails(one, named) if named else (), strict=True):
                rows = met[best[met] == rival]
                ratios = likelihood[rows, rival] - likelihood[rows, one]
                left[rows[ratios > _bars(tail, rivals[rows])], one] = False
    return left


def _bars(tail: Tail, rivals: np.ndarray) -> np.ndarray:
    """Return what ratios must exceed where there are so many rivals, (M,)."""
    known = {count: tail.bar(OUTDONE_BY_CHANCE / count) for count in set(rivals.tolist())}
    return np.array([known[count] for count in rivals.tolist()])
