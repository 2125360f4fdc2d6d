"""The value of printed numbers, and the rounding error their digits leave."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Rounding:
    """What is known of how some numbers were rounded when they were printed together.

    `common`: those without an exponent were rounded at the same place, as in NumPy's arrays,
    where "0.5" beside "0.13238887" means 0.50000000. `exact_points`: "1." is exactly 1, as
    in torch's tensors. `exact_integers`: "1" is exactly 1.
    """

    common: bool = False
    exact_points: bool = False
    exact_integers: bool = True


def read_literals(literals: Sequence[str], rounding: Rounding) -> tuple[np.ndarray, np.ndarray]:
    """Read numbers, and half a unit of the last digit of each.

    Args:
        literals: as printed: "0.5", "1.e-05", "nan", "1. +2.j".
        rounding: how they were rounded.

    Returns:
        Values and resolutions, each of shape (len(literals),); values are complex128 where
        one of them is complex, and then a resolution bounds the error's modulus.

    """
    if not any(literal[-1] == "j" for literal in literals):
        return _read_real(literals, rounding)
    parts = [part for literal in literals for part in _split_complex(literal)]
    values, resolutions = (column.reshape(-1, 2) for column in _read_real(parts, rounding))
    pairs = np.ascontiguousarray(values).view(np.complex128)[:, 0]
    return pairs, np.hypot(resolutions[:, 0], resolutions[:, 1])


def _split_complex(literal: str) -> tuple[str, str]:
    """Split '1. +2.j' into '1.' and '+2.'; what is not printed is exactly '0'."""
    if literal[-1] != "j":
        return literal, "0"
    body = literal[:-1]
    cut = max(body.rfind("+"), body.rfind("-"))
    if cut > 0 and body[cut - 1] in "eE":
        cut = max(body.rfind("+", 0, cut), body.rfind("-", 0, cut))
    return (body[:cut].rstrip(), body[cut:]) if cut > 0 else ("0", body)


def _read_real(literals: Sequence[str], rounding: Rounding) -> tuple[np.ndarray, np.ndarray]:
    places = [_decimal_places(literal) for literal in literals]
    common = max((count for count in places if count is not None), default=-1)
    smallest = common if rounding.common else -1
    resolutions = [
        _half_unit(literal, count, smallest, rounding)
        for literal, count in zip(literals, places, strict=True)
    ]
    return np.array([float(literal) for literal in literals]), np.array(resolutions)


def _decimal_places(literal: str) -> int | None:
    """Count the digits after the point: -1 for an integer, None with an exponent or no digits."""
    if literal.isdigit():
        return -1
    if literal[-1] in "nNfy" or "e" in literal or "E" in literal:
        return None
    point = literal.find(".")
    return -1 if point < 0 else len(literal) - point - 1


def _half_unit(literal: str, places: int | None, smallest: int, rounding: Rounding) -> float:
    if places is None:
        return _half_unit_of_exponent(literal)
    if places == 0 and rounding.exact_points:
        return 0.0
    places = max(places, smallest)
    if places < 0:
        return 0.0 if rounding.exact_integers else 0.5
    return float(f"5e-{places + 1}")


def _half_unit_of_exponent(literal: str) -> float:
    if literal[-1] in "nNfy":
        return 0.0
    mantissa, _, exponent = literal.lower().partition("e")
    return float(f"5e{int(exponent) - len(mantissa.partition('.')[2]) - 1}")
