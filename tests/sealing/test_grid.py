from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from grader.sealing.grid import Grid

SALTS = st.binary(min_size=16, max_size=16)
TOLERANCES = st.sampled_from([(1e-7, 1e-5), (2e-6, 2e-5), (1e-3, 0.0), (1e-9, 1e-8), (1e-4, 0.05)])
WIDTHS = st.sampled_from([2.0, 4.0, 16.0, 24.0])
NUMBERS = st.one_of(
    st.floats(-1e12, 1e12, allow_nan=False),
    st.sampled_from([0.0, -0.0, 1e-300, -1e-12, 1.0, -1e8, 1e15]),
)


@given(
    NUMBERS,
    st.one_of(st.floats(-1, 1), st.sampled_from([-1.0, 1.0, 0.0])),
    TOLERANCES,
    WIDTHS,
    SALTS,
)
def test_a_value_within_the_tolerance_always_lies_in_a_cell_that_is_listed(
    expected: float, share: float, tolerance: tuple[float, float], width: float, salt: bytes
) -> None:
    atol, rtol = tolerance
    grid = Grid(atol, rtol, width, salt)
    value = expected + share * (atol + rtol * abs(expected))

    listed = grid.reached(np.array([expected]), most=4)

    [cell] = grid.cells(np.array([[value]]))
    assert any(np.array_equal(cell, one) for one in listed)


@given(NUMBERS, TOLERANCES, WIDTHS, SALTS, st.booleans(), st.floats(1.01, 100))
def test_a_value_further_off_than_a_cell_and_two_tolerances_never_does(
    expected: float,
    tolerance: tuple[float, float],
    width: float,
    salt: bytes,
    above: bool,
    times: float,
) -> None:
    atol, rtol = tolerance
    grid = Grid(atol, rtol, width, salt)
    units = float(grid.units(np.array([expected]))[0])
    away = (1 if above else -1) * times * (width + 2.2)
    assume(units + away != units)  # no number of this size is as near
    value = _of_units(units + away, atol, rtol)

    listed = grid.reached(np.array([expected]), most=4)

    [cell] = grid.cells(np.array([[value]]))
    assert not any(np.array_equal(cell, one) for one in listed)


def _of_units(units: float, atol: float, rtol: float) -> float:
    """Go back from units to a value, by the inverse formula."""
    if rtol == 0:
        return units * atol
    return float(np.sign(units) * np.expm1(min(abs(units) * rtol, 700)) * atol / rtol)


@given(st.lists(st.floats(-10, 10), min_size=3, max_size=3), SALTS)
def test_all_corners_of_the_tolerance_are_listed_together(row: list[float], salt: bytes) -> None:
    grid = Grid(1e-3, 0.0, 4.0, salt)
    values = np.array(row)

    listed = {one.tobytes() for one in grid.reached(values, most=8)}

    for corner in np.ndindex(2, 2, 2):
        moved = values + 1e-3 * (2.0 * np.array(corner) - 1)
        assert grid.cells(moved[None])[0].tobytes() in listed


def test_a_part_lies_in_the_same_cells_alone_and_behind_others() -> None:
    grid = Grid(1e-6, 1e-5, 16.0, b"s" * 16)
    row = np.array([[0.25, -3.5, 7e-4, 12.0]])

    whole = grid.cells(row)

    assert np.array_equal(whole[:, 2:], grid.cells(row[:, 2:], start=2))


def test_another_salt_shifts_the_cells() -> None:
    row = np.linspace(-1, 1, 64)[None]

    cells = [Grid(1e-6, 1e-5, 16.0, bytes([n]) * 16).cells(row) for n in range(2)]

    assert not np.array_equal(*cells)


def test_units_are_the_integral_of_one_over_the_tolerance() -> None:
    grid = Grid(2e-3, 1e-2, 16.0, b"s" * 16)
    steps = np.linspace(0, 5, 200_001)
    mids = (steps[1:] + steps[:-1]) / 2

    integral = np.sum(np.diff(steps) / (2e-3 + 1e-2 * mids))

    assert grid.units(np.array([5.0]))[0] == pytest.approx(integral, rel=1e-6)
    assert grid.units(np.array([-5.0]))[0] == pytest.approx(-integral, rel=1e-6)


def test_an_answer_near_too_many_corners_has_no_cells() -> None:
    grid = Grid(1.0, 0.0, float(Fraction(3, 2)), b"s" * 16)

    assert grid.reached(np.zeros(40), most=32) == []
