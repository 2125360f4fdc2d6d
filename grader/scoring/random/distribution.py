"""What results of a random training look like, and whether an observed one looks like it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from grader.scoring.random.chi_square import chi_square_tail
from grader.scoring.random.closeness import Distribution, Tested

_FLAT = 1e-9  # of the widest direction: what varies less does not vary, but for rounding
_ROUNDED = 1e-12  # of the largest entry
_FARTHEST = 1 / 20  # of the simulated results are kept
_SHARPEST = 1e-9
_FAR = 10  # times the squared distance of the farthest simulated result


@dataclass(frozen=True)
class Spread:
    """Results that vary in `degrees` directions and are fixed in all others.

    Args:
        mean: (D,).
        basis: the directions they vary in, orthonormal columns, (D, degrees).
        variances: along these, (degrees,).
        farthest: the simulated results farthest out, in these directions, (F, degrees).
        count: how many were simulated.
    """

    mean: np.ndarray
    basis: np.ndarray
    variances: np.ndarray
    farthest: np.ndarray
    count: int

    @property
    def typical(self) -> np.ndarray:
        """The mean, (D,)."""
        return self.mean

    @property
    def degrees(self) -> int:
        """The rank of the covariance."""
        return len(self.variances)

    def test(self, results: np.ndarray, slack: np.ndarray) -> Tested:
        """Hold results (M, D) against it, which may be off by `slack` (D,) each.

        The directions in which nothing varies are constraints: what is left there must not
        exceed what the slack of all entries can add up to. In the others the squared
        Mahalanobis distance counts, its covariance widened by that of errors spread evenly
        over the slack, slack^2 / 3.

        A distance has two p-values: the chi-square one, right where the results are normal,
        and the share of simulated results that lie at least as far out, (1 + n) / (1 + N),
        right whatever their shape, but no finer than their number. The larger counts: a
        result is refused where both say so. Short tails are then refused less often than
        one in 10,000 times, long ones about as often.
        """
        moved = results - self.mean
        along = moved @ self.basis
        across = self._fixed @ self._fixed.T
        reach = np.abs(across) @ slack + _ROUNDED * np.abs(self.mean).max()
        inside = (np.abs(moved @ across) <= reach).all(axis=1)
        widened = self._widened(slack)
        distance = _squared(along, widened)
        known = np.sort(_squared(self.farthest, widened))
        beyond = len(known) - np.searchsorted(known, distance * (1 - 1e-9), side="left")
        share = (1 + beyond) / (1 + self.count)
        p = np.maximum(chi_square_tail(distance, self.degrees), share)
        return Tested(distance, inside, p)

    def likelihood(self, results: np.ndarray, slack: np.ndarray) -> np.ndarray:
        """Return the logarithm of the normal density, (M,); where nothing varies, of the errors."""
        moved = results - self.mean
        across = self._fixed
        fixed = (across.T * _variances(np.maximum(slack, _SHARPEST))) @ across
        found = np.full(len(results), -0.5 * results.shape[1] * np.log(2 * np.pi))
        for along, covariance in ((self.basis, self._widened(slack)), (across, fixed)):
            size = np.linalg.slogdet(covariance)[1]
            found -= (_squared(moved @ along, covariance) + size) / 2
        return found

    def is_far(self, results: np.ndarray, slack: np.ndarray) -> np.ndarray:
        """Say which results (M, D) lie much farther out than any that was simulated.

        What seems never to vary is not asked for: few trainings may miss what happens seldom.
        """
        widened = self._widened(slack)
        limit = _FAR * _squared(self.farthest, widened).max(initial=1.0)
        return np.asarray(_squared((results - self.mean) @ self.basis, widened) > limit)

    def arrays(self) -> dict[str, np.ndarray]:
        """Return its fields."""
        return {
            "mean": self.mean,
            "basis": self.basis,
            "variances": self.variances,
            "farthest": self.farthest,
            "count": np.array(self.count),
        }

    @cached_property
    def _fixed(self) -> np.ndarray:
        """The directions in which nothing varies, (D, D - degrees)."""
        whole = np.linalg.qr(self.basis, mode="complete")[0]
        return np.asarray(whole[:, self.degrees :])

    def _widened(self, slack: np.ndarray) -> np.ndarray:
        """Return the covariance in the directions of the basis, errors included."""
        errors = (self.basis.T * _variances(slack)) @ self.basis
        return np.asarray(np.diag(self.variances) + errors)


@dataclass(frozen=True)
class Listed:
    """All results there can be: rows of shape (R, D), R >= 1."""

    rows: np.ndarray

    @property
    def typical(self) -> np.ndarray:
        """The mean of all, (D,)."""
        return np.asarray(self.rows.mean(axis=0))

    @property
    def degrees(self) -> int:
        """None: a result is one of the list, or it is not."""
        return 0

    def test(self, results: np.ndarray, slack: np.ndarray) -> Tested:
        """Look results (M, D) up, which may be off by `slack` (D,) each; p is 1 or 0."""
        distance, members = self._met(results, np.maximum(slack, _SHARPEST))
        inside = members > 0
        return Tested(distance, inside, inside.astype(np.float64))

    def likelihood(self, results: np.ndarray, slack: np.ndarray) -> np.ndarray:
        """Return the logarithm of the density of errors spread evenly about the rows, (M,).

        It is minus infinity where none of the rows is met.
        """
        sharp = np.maximum(slack, _SHARPEST)
        members = self._met(results, sharp)[1]
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(members / len(self.rows)) - np.log(2 * sharp).sum())

    def is_far(self, results: np.ndarray, slack: np.ndarray) -> np.ndarray:
        """Say which results (M, D) are not in the list."""
        return ~self.test(results, slack).inside

    def arrays(self) -> dict[str, np.ndarray]:
        """Return its fields."""
        return {"rows": self.rows}

    def _met(self, results: np.ndarray, sharp: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the least squared distance of results to a row, and how many rows they meet.

        The distance is infinite where none is met.
        """
        order = np.argsort(results[:, 0])
        first = results[order, 0]
        distance, members = np.full(len(results), np.inf), np.zeros(len(results))
        for row in self.rows:
            # Next to none of many results meet a row: its first entry tells most of them.
            ends = np.searchsorted(first, [row[0] - sharp[0], row[0] + sharp[0]], side="left")
            near = order[ends[0] : ends[1] + 1]
            off = np.abs(results[near] - row) / sharp
            met = (off <= 1).all(axis=1)
            members[near] += met
            found = np.where(met, 3 * (off**2).sum(axis=1), np.inf)
            distance[near] = np.minimum(distance[near], found)
        return distance, members


def spread_of(results: np.ndarray) -> Spread:
    """Describe simulated results (N, D), N >= 2; what varies by rounding only does not vary."""
    mean = results.mean(axis=0)
    _, sizes, directions = np.linalg.svd(results - mean, full_matrices=False)
    deviations = sizes / np.sqrt(len(results) - 1)
    least = max(_FLAT * deviations[0], _ROUNDED * float(np.abs(results).max()))
    rank = int((deviations > least).sum())
    basis, variances = directions[:rank].T, deviations[:rank] ** 2
    along = (results - mean) @ basis
    kept = max(1, round(_FARTHEST * len(results)))
    order = np.argsort((along**2 / variances).sum(axis=1))[-kept:]
    return Spread(mean, basis, variances, along[order], len(results))


def distribution_from(arrays: Mapping[str, np.ndarray]) -> Distribution | None:
    """Restore what was kept of a distribution; None where that is not it."""
    if set(arrays) == {"rows"} and arrays["rows"].ndim == 2 and len(arrays["rows"]):
        return Listed(arrays["rows"])
    if set(arrays) != {"mean", "basis", "variances", "farthest", "count"}:
        return None
    count = arrays["count"]
    fields = {name: array for name, array in arrays.items() if name != "count"}
    size, rank = len(np.atleast_1d(fields["mean"])), len(np.atleast_1d(fields["variances"]))
    shapes = {"mean": (size,), "variances": (rank,), "basis": (size, rank)}
    fitting = all(fields[name].shape == shape for name, shape in shapes.items())
    if not fitting or count.shape or fields["farthest"].shape[1:] != (rank,):
        return None
    return Spread(**fields, count=int(count))


def _variances(slack: np.ndarray) -> np.ndarray:
    """Return the variances of errors spread evenly over +-slack."""
    return np.asarray(slack**2 / 3)


def _squared(moved: np.ndarray, covariance: np.ndarray) -> np.ndarray:
    """Return the squared Mahalanobis distances of rows (M, K)."""
    if not covariance.size:
        return np.zeros(len(moved))
    white = np.linalg.solve(np.linalg.cholesky(covariance), moved.T)
    return np.asarray((white**2).sum(axis=0))
