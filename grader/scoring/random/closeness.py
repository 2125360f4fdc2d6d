"""How close observed results are to what one way of training gives."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

FALSE_REJECTION = 1e-4
"""How often a result is refused that did come about in the way it is held against."""


@dataclass(frozen=True)
class Tested:
    """How M observed results fit, each array of shape (M,).

    Args:
        distance: squared Mahalanobis distance from the mean; of trainings that were all
            counted, the squared distance to the nearest in units of what it may be off by.
        inside: whether what never varies is as it has to be.
        p: the share of true results at least as far out; see `Spread.test`.
    """

    distance: np.ndarray
    inside: np.ndarray
    p: np.ndarray

    @property
    def fits(self) -> np.ndarray:
        """Say which results are not refused."""
        return np.asarray(self.inside & (self.p >= FALSE_REJECTION))


class Distribution(Protocol):
    """The results that one way of training gives, as vectors of D entries."""

    @property
    def typical(self) -> np.ndarray:
        """A result in the middle, (D,)."""

    @property
    def degrees(self) -> int:
        """In how many directions results vary freely."""

    def test(self, results: np.ndarray, slack: np.ndarray) -> Tested:
        """Hold results (M, D) against it, which may be off by `slack` (D,) each."""

    def likelihood(self, results: np.ndarray, slack: np.ndarray) -> np.ndarray:
        """Return the natural logarithm of the density at results (M, D), (M,).

        It is comparable between ways of training of any kind, as long as the slack is alike.
        """

    def is_far(self, results: np.ndarray, slack: np.ndarray) -> np.ndarray:
        """Say which results (M, D) are so far out that more trainings would change nothing."""

    def arrays(self) -> Mapping[str, np.ndarray]:
        """Return what to keep of it."""
