from typing import Any

import numpy as np
import pytest

from grader.reporting.relation import relation_of
from tests.reporting.made import evidence

RIGHT = np.array([[0.1, -0.2, 0.35], [0.4, 0.51, -0.61]])


def relation(actual: Any, expected: Any = RIGHT) -> str:
    pieces = evidence(actual=np.asarray(actual), expected=np.asarray(expected), fits=False)
    return relation_of([pieces])


@pytest.mark.parametrize(
    ("factor", "said"),
    [
        (2, "exactly twice"),
        (0.5, "exactly half"),
        (1 / 3, "exactly a third of"),
        (7, "exactly 7 times"),
        (1 / 6, "exactly 1/6 of"),
        (5 / 3, "exactly 5/3 of"),
        (-1, "the negative of"),
        (-2, "exactly twice (with the opposite sign)"),
    ],
)
def test_a_simple_multiple_is_named(factor: float, said: str) -> None:
    assert relation(factor * RIGHT) == f"{said} the expected value"
    assert relation((factor * RIGHT).astype(np.float32)) == f"{said} the expected value"


@pytest.mark.parametrize(
    "actual",
    [
        RIGHT,
        1.2345 * RIGHT,
        2 * RIGHT + 1e-3,
        0 * RIGHT,
        np.full_like(RIGHT, np.nan),
        2 * RIGHT * [1, 1, np.inf],
        2 * RIGHT.ravel(),
        np.round(2 * RIGHT, 1),
        200 * RIGHT,
    ],
)
def test_no_multiple_is_made_up(actual: np.ndarray) -> None:
    assert relation(actual) == ""


def test_a_single_number_is_a_multiple_of_too_much() -> None:
    assert relation(0.5, 0.25) == "exactly twice the expected value"
    assert relation(0.5, 0.75) == ""


def test_rounded_values_are_compared_to_their_digits() -> None:
    assert relation(np.round(2 * RIGHT + 4e-5, 4)) == "exactly twice the expected value"
