import numpy as np
import pytest

from grader.sealing.freedom import follows_simply, independent_numbers, is_simple

RANDOM = np.random.default_rng(20)


def rows_of_probabilities(shape: tuple[int, int]) -> np.ndarray:
    found = RANDOM.random(shape)
    return np.asarray(found / found.sum(axis=1, keepdims=True))


def low_rank() -> np.ndarray:
    return np.outer(RANDOM.normal(size=5), RANDOM.normal(size=6))


@pytest.mark.parametrize(
    ("array", "at_most"),
    [
        (RANDOM.normal(size=(3, 4)), 12),
        (rows_of_probabilities((1, 2)), 1),
        (rows_of_probabilities((2, 2)), 2),
        (rows_of_probabilities((4, 4)), 12),
        (np.repeat(RANDOM.normal(size=(3, 1)), 4, axis=1), 3),
        (np.outer([1.0, 2.0, 3.0], RANDOM.normal(size=4)), 4),
        (low_rank(), 10),
        (np.array([0.0, 1.0, 0.5, 0.25, 7.0]), 0),
        (np.array([0.7312894, -0.7312894, 2 * 0.7312894, 0.7312894 / 3]), 1),
        (np.array([0.31894217, 0.55512934, 0.31894217 + 0.55512934]), 2),
        (np.array([0.31894217, 0.55512934, 0.79131651]), 2),  # an arithmetic progression
    ],
)
def test_structure_lowers_the_count_of_numbers(array: np.ndarray, at_most: int) -> None:
    assert len(independent_numbers({"a": array}, {})) == at_most


def test_what_is_a_combination_of_given_rows_is_worth_their_number() -> None:
    inputs = RANDOM.normal(size=(2, 6))
    product = inputs.T @ RANDOM.normal(size=(2, 5))

    assert len(independent_numbers({"a": product}, {"x": inputs})) == 10


def test_residuals_are_worth_less_by_what_they_are_orthogonal_to() -> None:
    t = np.array([0.13, 1.4, 2.2, 3.9, 5.1])
    columns = np.stack([t, np.ones(5)], axis=1)
    residuals = RANDOM.normal(size=5)
    residuals -= columns @ np.linalg.lstsq(columns, residuals, rcond=None)[0]

    found = independent_numbers({"early": residuals[:2], "late": residuals[2:]}, {"t": t})

    assert len(found) == 3


def test_parts_that_depend_on_each_other_count_once() -> None:
    part = RANDOM.normal(size=4)

    assert len(independent_numbers({"one": part, "other": -2 * part}, {})) == 4


@pytest.mark.parametrize("value", [0.0, 1.0, -2.5, 1 / 3, 0.125, 41.0, 0.377])
def test_simple_numbers_are_guessed(value: float) -> None:
    assert is_simple(value)


@pytest.mark.parametrize("value", [1 / (1 + np.exp(-1.88)), np.sqrt(2), np.log(3), np.exp(-0.25)])
def test_common_functions_of_simple_numbers_are_seen(value: float) -> None:
    assert not is_simple(value)
    assert follows_simply(value)


def test_numbers_at_random_are_neither() -> None:
    numbers = RANDOM.random(500)

    assert not any(is_simple(float(n)) or follows_simply(float(n)) for n in numbers)
