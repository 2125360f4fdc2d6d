"""How a family offers to predict many of its settings in one go.

A family is a plain function of the constants and one setting; that is its definition, and all
anybody has to write. Where many settings are asked for together, as every replay of a random
training does, it may say in addition how to predict them at once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import numpy as np

Streams = Mapping[int, tuple[np.ndarray, np.ndarray]]
"""Streams of keep flags and the probability of each being 1, (S, K) and (S,), by their K."""

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Rows:
    """What was predicted: R rows, each under one setting, from one set of constants.

    Rows a setting does not describe are left out.

    Args:
        settings: the index of each row's setting, shape (R,).
        givens: the index of its constants, shape (R,).
        streams: the index of its stream among those of its length, shape (R,).
        parts: the parts of the answer, each of shape (R, ...).
    """

    settings: np.ndarray
    givens: np.ndarray
    streams: np.ndarray
    parts: Mapping[str, np.ndarray]


class Together(Protocol):
    """Some settings of a family, ready to be predicted together."""

    def __call__(self, givens: Sequence[Mapping[str, Any]], streams: Streams) -> list[Rows]:
        """Predict every setting from every set of constants and every stream that fits.

        Raises:
            ValueError: these cannot be predicted together; the family still can one by one.
        """


def at_once(prepare: Callable[[Sequence[Mapping[str, Any]]], Together]) -> Callable[[F], F]:
    """Mark a family as able to predict many settings at once.

    The family keeps the mark as its attribute `at_once`. What `prepare` returns agrees with
    the family called once for each of the settings it was made for, up to rounding. Which
    settings predict nothing without keep flags must not depend on the constants' values.
    """

    def mark(family: F) -> F:
        family.at_once = prepare  # type: ignore[attr-defined]
        return family

    return mark
