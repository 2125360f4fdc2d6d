import numpy as np
import pytest

from grader.reporting.comparison import LARGEST, Grid, difference_grid, value_grid, worst_place


def _texts(grid: Grid) -> list[list[str]]:
    return [[entry.text for entry in entries] for _, entries in grid.rows]


def test_a_matrix_keeps_its_rows_and_indices() -> None:
    grid = value_grid(np.array([[1, 2, 3], [4, 5, 6]]), "c")

    assert _texts(grid) == [["1", "2", "3"], ["4", "5", "6"]]
    assert grid.columns == ("0", "1", "2")
    assert [label for label, _ in grid.rows] == ["0", "1"]
    assert grid.shape == "(2, 3)"


def test_rows_of_a_stack_of_matrices_are_labelled_by_all_their_indices() -> None:
    grid = value_grid(np.arange(8).reshape(2, 2, 2), "c")

    assert [label for label, _ in grid.rows] == ["0, 0", "0, 1", "1, 0", "1, 1"]


@pytest.mark.parametrize("shape", [(0,), (0, 3), (3, 0)])
def test_an_empty_array_has_no_entries(shape: tuple[int, ...]) -> None:
    grid = value_grid(np.zeros(shape), "c")

    assert [entries for _, entries in grid.rows if entries] == []


def test_a_large_array_is_capped_and_says_so() -> None:
    grid = value_grid(np.zeros((100, 13)), "c")

    assert (len(grid.rows), len(grid.columns)) == (LARGEST, LARGEST)
    assert grid.more_rows
    assert grid.more_columns


def test_a_difference_is_shaded_by_its_share_of_the_largest_expected_entry() -> None:
    expected = np.array([10.0, 0.0, 0.0, 0.0, 0.0, 0.0])
    difference = np.array([0, 1e-6, 1e-4, 1e-2, 0.5, 2.0])

    grid = difference_grid(expected + difference, expected, "c")

    assert grid is not None
    assert [entry.level for entry in grid.rows[0][1]] == [0, 0, 1, 2, 3, 4]


def test_a_difference_has_a_sign() -> None:
    grid = difference_grid(np.array([1.5, 1.0, 1.0]), np.array([1.0, 1.0, 1.25]), "c")

    assert grid is not None
    assert _texts(grid) == [["+0.5", "0", "-0.25"]]


@pytest.mark.parametrize("odd", [np.nan, np.inf])
def test_what_is_not_a_number_has_a_shade_of_its_own(odd: float) -> None:
    grid = difference_grid(np.array([odd, 1.0]), np.array([1.0, 1.0]), "c")

    assert grid is not None
    assert [entry.level for entry in grid.rows[0][1]] == [5, 0]


def test_arrays_of_other_shapes_have_no_difference() -> None:
    assert difference_grid(np.zeros(2), np.zeros(3), "c") is None
    assert worst_place(np.zeros(2), np.zeros(3)) == ""


def test_booleans_and_unsigned_integers_are_subtracted_as_numbers() -> None:
    grid = difference_grid(np.array([0, 5], np.uint8), np.array([1.0, 5.0]), "c")

    assert grid is not None
    assert _texts(grid) == [["-1", "0"]]


def test_the_worst_place_is_an_index() -> None:
    assert worst_place(np.array([[0.0, 1.0], [9.0, 1.0]]), np.ones((2, 2))) == "[1, 0]"
    assert worst_place(np.array([0.0, np.nan]), np.array([9.0, 0.0])) == "[1]"
