"""How often accident would have met as much, and how many numbers really agreed."""

import numpy as np
import pytest

from grader.scoring.search.coincidence import Look, Structure, log_chance

X = np.sqrt([[1.3, 2.1, 3.7], [4.4, 5.9, 6.1]])
DRAW = np.random.default_rng(3)


@pytest.fixture
def structure() -> Structure:
    return Structure({"x": X, "name": "text", "rate": 0.4})


def test_the_chance_is_what_simulation_finds() -> None:
    tried, values, closeness, numbers = 40, 5, 0.02, 2
    hits = 0
    for _ in range(4000):
        expected = DRAW.uniform(-1, 1, size=(tried, 1, numbers))
        actual = DRAW.uniform(-1, 1, size=(1, values, numbers))
        hits += bool((np.abs(expected - actual) <= closeness).all(axis=2).any())

    chance = 10 ** log_chance(tried, [Look(values, closeness, numbers)])

    assert hits / 4000 <= chance * 1.2
    assert hits / 4000 >= chance / 3


def test_more_tries_make_an_accident_likelier_and_more_numbers_rarer() -> None:
    once = log_chance(100, [Look(1, 1e-4, 2)])

    assert log_chance(1000, [Look(1, 1e-4, 2)]) == pytest.approx(once + 1)
    assert log_chance(100, [Look(10, 1e-4, 2)]) == pytest.approx(once + 1)
    assert log_chance(100, [Look(1, 1e-4, 3)]) == pytest.approx(once - 4)
    assert log_chance(100, [Look(1, 1e-4, 2), Look(1, 1e-4, 2)]) == pytest.approx(once - 8)


@pytest.mark.parametrize(
    "look", [Look(1, 1e-9, 0), Look(1, 1.0, 5), Look(1, 50.0, 5), Look(0, 1.0, 1)]
)
def test_what_is_no_evidence_is_as_good_as_certain_by_chance(look: Look) -> None:
    assert log_chance(100, [look]) == 0


def test_nothing_is_called_rarer_than_can_be_known() -> None:
    assert log_chance(1, [Look(1, 0.0, 40)]) == -20


def test_unlike_entries_are_numbers_of_their_own(structure: Structure) -> None:
    assert structure.independent(DRAW.normal(size=(4, 3)), 1e-12) == 12
    assert structure.independent(DRAW.normal(size=5), 1e-12) == 5


@pytest.mark.parametrize(
    ("values", "numbers"),
    [
        (np.zeros((4, 3)), 0),
        (np.array([0.5, 1 / 3, 7.0]), 0),
        (np.array(np.pi), 1),
        (np.full((4, 3), np.pi), 1),
        (np.array([np.pi, -np.pi, np.e]), 2),
        (np.tile([[0.123], [0.777]], 7) * np.pi, 2),
        (np.array([[0.13238887, 0.86761113]]), 1),
        (np.outer([np.e, 1.9, 2.3], np.sqrt([2.0, 3, 5, 7])), 6),
    ],
    ids=["zeros", "fractions", "one", "equal", "signs", "columns", "sum", "outer product"],
)
def test_entries_that_follow_from_others_do_not_count(
    structure: Structure, values: np.ndarray, numbers: int
) -> None:
    assert structure.independent(values, 1e-12) == numbers


def test_a_combination_of_the_constants_has_as_many_numbers_as_it_combines(
    structure: Structure,
) -> None:
    assert structure.independent(np.pi * X[0], 1e-12) == 1
    assert structure.independent(np.pi * X[0] + np.e * X[1], 1e-12) == 2
    assert structure.independent(np.outer(np.pi * X[0] + X[1], np.ones(4)), 1e-12) == 2


def test_entries_that_the_error_blurs_are_one_number(structure: Structure) -> None:
    values = np.array([0.7123, 0.7131, 0.3377])

    assert structure.independent(values, 1e-9) == 3
    assert structure.independent(values, 1e-3) == 2


def test_a_structure_without_constants_knows_none() -> None:
    assert Structure({}).independent(np.array([np.pi, np.e]), 1e-12) == 2
