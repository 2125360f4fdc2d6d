"""How many independent numbers an answer holds: what a searcher who sees its structure must find.

Every structure found lowers the count: it is a bound from above that errs low.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import combinations, product
from typing import Any

import numpy as np

_EXACT = 1e-9  # what floating point leaves of an identity
_OF_NO_DIGITS = 1e6  # beyond it, everything is near a whole number
_LARGEST = 12  # of numerator and denominator of a simple number
_COEFFICIENTS = (-3, -2, -1, 0, 1, 2, 3)
_LONGEST = 64  # of a vector that is looked at
_MOST_SPANNING = 16  # given constants of one length
_ENOUGH = 128  # numbers; no search tries that many
_MOST_BASIS = 24  # numbers among which relations are looked for; more of them are enough


def independent_numbers(parts: Mapping[str, np.ndarray], given: Mapping[str, Any]) -> list[float]:
    """Return the numbers that are left when everything is taken away that follows from others.

    Args:
        parts: of an answer.
        given: the constants that are handed out.

    """
    arrays = [np.asarray(part, dtype=np.float64) for part in parts.values()]
    vectors = list(_vectors(given))
    basis: list[float] = []
    for array in arrays:
        _extend(basis, array)
    whole = np.concatenate([array.ravel() for array in arrays])
    bounds = [sum(_linear_freedom(array, vectors) for array in arrays)]
    bounds.append(_linear_freedom(whole, vectors))
    return sorted(basis, key=lambda number: not follows_simply(number))[: min(bounds)]


def is_simple(value: float) -> bool:
    """Say whether a number is one that people guess: a simple fraction, or of few decimals."""
    if not abs(value) < _OF_NO_DIGITS:
        return False
    scale = _EXACT * max(1.0, abs(value))
    return any(_is_whole(value, q, scale * q) for q in (*range(1, _LARGEST + 1), 1000))


@lru_cache(maxsize=4096)  # each number is looked at for every grid
def follows_simply(value: float) -> bool:
    """Say whether a number is a common function of a simple one: a logarithm, a sigmoid."""
    size = abs(value)
    found = [value * value, np.exp(min(value, 30.0))]
    found += [np.log(size), 1 / value] if size else []
    found += [np.log(size / (1 - size))] if 0 < size < 1 else []
    found += [np.arctanh(size)] if size < 1 else []
    return any(is_simple(float(one)) for one in found)


def _extend(basis: list[float], array: np.ndarray) -> None:
    """Add the numbers of an array that do not follow from those before them."""
    for place in np.ndindex(array.shape):
        if len(basis) >= _ENOUGH:
            return
        value = float(array[place])
        follows = _is_related if len(basis) < _MOST_BASIS else _is_multiple_of_any
        if not (is_simple(value) or _completes_sum(array, place) or follows(value, basis)):
            basis.append(value)


def _is_multiple_of_any(value: float, basis: list[float]) -> bool:
    return any(_is_multiple(value, one) for one in basis)


def _completes_sum(array: np.ndarray, place: tuple[int, ...]) -> bool:
    """Say whether a number is the last of a row, along any axis, or of all, whose sum is simple."""
    last = tuple(length - 1 for length in array.shape)
    if array.size > 1 and place == last and is_simple(float(array.sum())):
        return True
    for axis, length in enumerate(array.shape):
        if length > 1 and place[axis] == length - 1:
            row = np.moveaxis(array, axis, -1)[place[:axis] + place[axis + 1 :]]
            if is_simple(float(row.sum())):
                return True
    return False


def _is_related(value: float, basis: list[float]) -> bool:
    if _is_multiple_of_any(value, basis):
        return True
    scale = max(1.0, abs(value))
    for one, other in combinations(basis, 2):
        if _is_multiple(value * one, other) or _is_multiple(value * other, one):
            return True
        if _is_multiple(value, one * other):
            return True
        table = _PAIRS @ np.array([one, other])
        sums = table[:, None] - np.array([1.0, 2.0, 3.0]) * value
        near = np.abs(sums[..., None] - _OFFSETS)
        if (near <= _EXACT * scale).any():
            return True
    return False


_PAIRS = np.array(list(product(_COEFFICIENTS, repeat=2)), dtype=float)
_OFFSETS = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])


def _is_multiple(value: float, other: float) -> bool:
    """Say whether two numbers are equal up to sign and a simple factor."""
    if other == 0 or value == 0:
        return value == other
    ratio = value / other
    return any(
        0 < abs(round(ratio * q)) <= _LARGEST and _is_whole(ratio, q, _EXACT * abs(ratio) * q)
        for q in range(1, _LARGEST + 1)
        if abs(ratio * q) <= _LARGEST + 1
    )


def _is_whole(value: float, times: int, room: float) -> bool:
    """Say whether a multiple of a number is whole."""
    multiple = value * times
    return abs(multiple - round(multiple)) <= room


def _linear_freedom(array: np.ndarray, known: Sequence[np.ndarray]) -> int:
    """Return how many numbers an array takes, by its rank and by the given vectors."""
    found = [array.size]
    if array.ndim == 2:
        rank = int(np.linalg.matrix_rank(array, tol=_EXACT * np.abs(array).max(initial=1e-300)))
        found.append(rank * (array.shape[0] + array.shape[1] - rank))
    for axis, length in enumerate(array.shape):
        rows = np.moveaxis(array, axis, -1).reshape(-1, length)
        alike = [vectors for vectors in known if vectors.shape[1] == length]
        if alike:
            found.append(len(rows) * min(_spanned(rows, alike), _orthogonal(rows, alike)))
    return min(found)


def _spanned(rows: np.ndarray, known: Sequence[np.ndarray]) -> int:
    """Return the least rank of one or two constants' vectors that span all rows."""
    length: int = rows.shape[1]
    some = list(known[:_MOST_SPANNING])
    sets = [*some, *(np.concatenate(pair) for pair in combinations(some, 2))]
    return min((_rank(one) for one in sets if _spans(one, rows)), default=length)


def _spans(vectors: np.ndarray, rows: np.ndarray) -> bool:
    fitted = rows @ np.linalg.pinv(vectors) @ vectors
    return bool(np.abs(fitted - rows).max() <= _EXACT * max(float(np.abs(rows).max()), 1e-300))


def _orthogonal(rows: np.ndarray, known: Sequence[np.ndarray]) -> int:
    """Return the rows' length less the rank of the given vectors orthogonal to all of them."""
    length: int = rows.shape[1]
    vectors = np.concatenate(known)
    size = max(float(np.abs(rows).max()), 1e-300)
    zero = np.abs(rows @ vectors.T).max(axis=0) <= _EXACT * size * np.abs(vectors).sum(axis=1)
    return length - (_rank(vectors[zero]) if zero.any() else 0)


def _rank(vectors: np.ndarray) -> int:
    return int(np.linalg.matrix_rank(vectors))


def _vectors(given: Mapping[str, Any]) -> Iterator[np.ndarray]:
    """Yield given constants as rows of vectors, and turned, and vectors of ones."""
    for value in given.values():
        array = np.asarray(value)
        if array.dtype.kind not in "biuf" or array.ndim not in (1, 2) or array.size < 2:
            continue
        numbers = np.atleast_2d(np.asarray(array, dtype=np.float64))
        if max(numbers.shape) <= _LONGEST and np.isfinite(numbers).all() and np.any(numbers):
            yield numbers
            yield from [numbers.T] if array.ndim == 2 else []
    yield from (np.ones((1, length)) for length in range(2, _LONGEST + 1))
