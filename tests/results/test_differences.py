"""Where a value differs, told so that it gives nothing of the expected one away."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.results.differences import FEWEST, difference_of, places_told
from grader.rubric.model import Tolerance
from tests.reporting.made import evidence

TOLERANCE = Tolerance()


def off(actual: Any, expected: Any, **more: Any) -> str:
    piece = evidence(actual=np.asarray(actual), expected=np.asarray(expected), fits=False, **more)
    return difference_of((piece,), TOLERANCE)


def test_the_first_entry_that_is_off_is_told_and_not_the_largest_difference() -> None:
    assert off([1.0, 2.1, 3.0, 99.0], [1.0, 2.0, 3.0, 4.0]) == "first differs at [1]"


def test_a_shape_is_told_before_any_entry() -> None:
    assert off(np.ones((2, 3)), np.ones((3, 2))) == "the shape is (2, 3), (3, 2) was asked for"


def test_an_entry_that_is_no_number_is_told_first() -> None:
    said = off([9.0, np.nan, 3.0, 4.0], [1.0, 2.0, 3.0, 4.0])

    assert said == "the entry [1] is not a finite number"


def test_a_part_is_not_named_as_it_tells_which_reading_came_nearest() -> None:
    assert off([0.0, 2, 3, 4], [1.0, 2, 3, 4], part="x1") == "first differs at [0]"


def test_of_several_values_it_is_not_told_which_came_nearest() -> None:
    """One far above and one far below, and an entry is found by halving."""
    nearest = evidence(fits=False, also=1)

    assert places_told((nearest,), secret=False) == ()


@pytest.mark.parametrize("size", [0, 1, 2, 3])
def test_of_an_answer_of_few_entries_no_place_is_told(size: int) -> None:
    piece = evidence(actual=np.zeros(size), expected=np.ones(size), fits=False)

    assert places_told((piece,), secret=False) == ()
    assert difference_of((piece,), TOLERANCE) == ""


def test_of_a_value_that_reports_keep_secret_no_place_is_told() -> None:
    assert places_told((evidence(fits=False),), secret=True) == ()


def test_the_place_of_an_explained_value_is_told() -> None:
    piece = evidence(fits=True)

    assert places_told((piece,), secret=True) == (piece,)
    assert difference_of((piece,), TOLERANCE) == ""


@given(
    st.lists(st.floats(-9, 9), min_size=FEWEST, max_size=9),
    st.integers(0, 8),
    st.floats(0.1, 1e6),
    st.floats(0.1, 1e6),
)
def test_how_far_entries_are_off_changes_nothing_that_is_told(
    values: list[float], place: int, one: float, other: float
) -> None:
    expected = np.array(values)
    wrong, more_wrong = expected.copy(), expected.copy()
    wrong[place % len(values) :] += one
    more_wrong[place % len(values) :] -= other

    assert off(wrong, expected) == off(more_wrong, expected)


def test_a_value_of_few_digits_is_given_no_room() -> None:
    """A coarse value that is called near would make a search by halving of it."""
    assert off([3.0, 2.0, 1.0, 0.0], [3.2, 2.0, 1.0, 0.0]) == "first differs at [0]"
