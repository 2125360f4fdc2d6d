"""Which values are known: the constants an assignment hands out, and answers found before."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

_ABSOLUTE = 1e-8


def is_constant(values: np.ndarray, given: Mapping[str, Any]) -> bool:
    """Say whether values are one of the assignment's own constants."""
    return bool(are_known(np.ravel(values)[None], values.shape, given)[0])


def are_known(
    values: np.ndarray,
    shape: tuple[int, ...],
    given: Mapping[str, Any],
    answers: Iterable[np.ndarray] = (),
) -> np.ndarray:
    """Say of several values whether each is a constant, or one of some answers.

    Args:
        values: one value in each row, (V, entries).
        shape: what all of them have.
        given: the constants the assignment hands out.
        answers: what else is known.

    """
    found = np.zeros(len(values), dtype=bool)
    for constant in given.values():
        if np.shape(constant) == shape:
            found |= _are_close(values, np.ravel(constant), 1e-6)
    for answer in answers:
        if answer.shape == shape:
            found |= _are_close(answer.ravel(), values, 1e-4)
    return found


def _are_close(actual: np.ndarray, expected: np.ndarray, share: float) -> np.ndarray:
    """Compare rows as `numpy.allclose` does."""
    near = np.abs(actual - expected) <= _ABSOLUTE + share * np.abs(expected)
    return np.asarray((near & np.isfinite(expected)).all(axis=1))
