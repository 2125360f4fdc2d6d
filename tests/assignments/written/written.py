"""Two functions and their derivatives: the reference of an assignment whose answers are code."""

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

GIVEN = {"power": 2}


def square(
    given: Mapping[str, Any], *, sign: Literal["even", "odd"] = "even"
) -> dict[str, np.ndarray]:
    """Return x squared; an odd square keeps the sign of x."""
    x = np.asarray(given["x"], dtype=np.float64)
    return {"result": x * x if sign == "even" else x * np.abs(x)}


def square_slope(
    given: Mapping[str, Any], *, factor: Literal["two", "one"] = "two"
) -> dict[str, np.ndarray]:
    """Return the derivative of x squared; without the factor two it is but x."""
    x = np.asarray(given["x"], dtype=np.float64)
    return {"result": 2 * x if factor == "two" else x}


def step(
    given: Mapping[str, Any], *, at_zero: Literal["zero", "half", "one"] = "zero"
) -> dict[str, np.ndarray]:
    """Return 1 where x is positive, else 0, with a convention for x = 0."""
    x = np.asarray(given["x"], dtype=np.float64)
    edge = {"zero": 0.0, "half": 0.5, "one": 1.0}[at_zero]
    return {"result": np.heaviside(x, edge)}


def numbers(seed: int) -> dict[str, dict[str, np.ndarray]]:
    """Return values of x of every shape, away from 0."""
    rng = np.random.default_rng(seed)
    return {
        "one value": {"x": _away(rng, ())},
        "a vector": {"x": _away(rng, (5,))},
        "a batch": {"x": _away(rng, (3, 4))},
    }


def numbers_and_zero(seed: int) -> dict[str, dict[str, np.ndarray]]:
    """Return the same, and zeros."""
    return {**numbers(seed), "zero": {"x": np.zeros((1, 2))}}


def _away(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Draw numbers of both signs, none of them near 0."""
    signs = rng.choice([-1.0, 1.0], size=shape)
    drawn: np.ndarray = np.asarray(signs * rng.uniform(0.3, 3.0, size=shape))
    return drawn
