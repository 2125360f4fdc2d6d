"""How likely it is that a value agrees with something tried only by accident."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

MOST = 1e-6  # an explanation that accident gives more often is none

_SMALLEST = -20.0  # what is rarer still is told no better
_LARGEST_DIVISOR = 24  # of fractions that turn up in any computation
_LARGEST = 4096  # entries of a constant whose rows are looked at as directions
_MOST_FIBRES = 64
_ALIKE = 1e-9  # of the largest entry: numbers this near each other are one number


@dataclass(frozen=True)
class Look:
    """A part that was looked for: among how many values, how closely it was met.

    `closeness` is the share of the room a value has that agrees as well as this one did,
    `numbers` how many independent numbers agreed.
    """

    values: int
    closeness: float
    numbers: int


def log_chance(tried: int, looks: Iterable[Look]) -> float:
    """Return the logarithm (base 10) of the chance that random values are met as well.

    Args:
        tried: how many explanations were held against the values.
        looks: the parts of the one that was met.

    """
    found = float(np.log10(max(tried, 1)))
    for look in looks:
        closeness = min(max(look.closeness, 1e-18), 1.0)
        found += float(np.log10(max(look.values, 1)) + look.numbers * np.log10(closeness))
    return min(max(found, _SMALLEST), 0.0)


class Structure:
    """What the given constants make of any value: the directions results are combinations of."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        arrays = [np.asarray(value) for value in given.values()]
        self._arrays = [a.astype(float) for a in arrays if a.dtype.kind in "biuf"]
        self._known: dict[int, list[np.ndarray]] = {}

    def independent(self, values: np.ndarray, error: float) -> int:
        """Count the numbers among some entries that do not follow from the others.

        Equal entries are one number, simple fractions (0, 1, 1/2) are none; rows that sum to
        the same leave one to the others; and what is a combination of the constants' own
        rows has as many numbers as the combination has.

        Args:
            values: a value of any shape, exact.
            error: entries nearer to each other than this are not told apart.

        """
        flat = np.abs(values.ravel())
        exact = _ALIKE * float(flat.max(initial=0.0))
        near = max(2 * error, exact)
        told = np.sort(flat[~_are_simple(flat, exact)])
        distinct = int(np.sum(np.diff(told) > near)) + 1 if told.size else 0
        matrix = _as_matrix(values)
        return max(min(distinct, _free_of_sums(matrix, exact), self._combined(matrix, exact)), 0)

    def _combined(self, matrix: np.ndarray, near: float) -> int:
        """Count the numbers of the smallest combination of constants that gives a matrix."""
        rank = int(np.linalg.matrix_rank(matrix, tol=near * np.sqrt(matrix.size)))
        rows, columns = self._span(matrix, near), self._span(matrix.T, near)
        return rank * (rows + columns - rank)

    def _span(self, matrix: np.ndarray, near: float) -> int:
        """Return the dimension of the smallest known span that holds all columns."""
        length = len(matrix)
        for basis in self._spans(length):
            if basis.shape[1] >= length:
                break
            beside = matrix - basis @ (basis.T @ matrix)
            if np.abs(beside).max(initial=0.0) <= near:
                return int(basis.shape[1])
        return length

    def _spans(self, length: int) -> Sequence[np.ndarray]:
        if length not in self._known:
            fibres = [_fibres(array, length) for array in self._arrays if array.size <= _LARGEST]
            several = [found for found in fibres if 0 < found.shape[1] <= _MOST_FIBRES]
            single = [one[:, None] for found in several for one in found.T]
            groups = [np.ones((length, 1)), *single, *several]
            bases = [_basis(group) for group in (*groups, np.hstack(groups))]
            found = [basis for basis in bases if basis.shape[1]]
            self._known[length] = sorted(found, key=lambda basis: basis.shape[1])
        return self._known[length]


def _are_simple(numbers: np.ndarray, near: float) -> np.ndarray:
    """Say of each number whether it is a fraction with a small divisor."""
    divisors = np.arange(1, _LARGEST_DIVISOR + 1).reshape(-1, *[1] * np.ndim(numbers))
    nearest = np.round(numbers * divisors) / divisors
    return np.asarray((np.abs(numbers - nearest) <= near).any(axis=0))


def _free_of_sums(matrix: np.ndarray, near: float) -> int:
    """Count the entries, one less for each row or column of those that sum to the same."""
    least = int(matrix.size)
    for turned in (matrix, matrix.T):
        count, length = turned.shape
        sums = np.abs(turned.sum(axis=1))
        alike = count > 1 and float(np.ptp(turned.sum(axis=1))) <= length * near
        if length > 1 and (alike or _are_simple(sums, length * near).all()):
            least = min(least, count * (length - 1))
    return least


def _as_matrix(values: np.ndarray) -> np.ndarray:
    squeezed = np.squeeze(np.asarray(values, dtype=float))
    if squeezed.ndim < 2:
        return squeezed.reshape(-1, 1)
    return squeezed.reshape(len(squeezed), -1)


def _fibres(array: np.ndarray, length: int) -> np.ndarray:
    """Return the rows of an array that have some length, along any axis, side by side."""
    found = [
        np.moveaxis(array, axis, 0).reshape(length, -1)
        for axis in range(array.ndim)
        if array.shape[axis] == length
    ]
    return np.hstack(found) if found else np.empty((length, 0))


def _basis(vectors: np.ndarray) -> np.ndarray:
    """Return orthonormal directions that span the same."""
    left, sizes, _ = np.linalg.svd(vectors, full_matrices=False)
    return np.asarray(left[:, sizes > 1e-10 * max(sizes.max(initial=0.0), 1e-300)])
