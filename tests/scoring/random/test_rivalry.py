"""Which of several ways outdoes which, on normal results whose ways are known."""

from collections.abc import Sequence

import numpy as np

from grader.scoring.random.distribution import Listed, Spread, spread_of
from grader.scoring.random.rivalry import OUTDONE_BY_CHANCE, remaining
from grader.scoring.random.tail import Tail, tail_of

N = 20_000
SLACK = np.full(3, 1e-6)
DEVIATIONS = (1.0, 6.0)
WORTHS = np.array([1.0, 0.5])


def drawn(deviation: float, count: int, seed: int) -> np.ndarray:
    return deviation * np.random.default_rng(seed).standard_normal((count, 3))


NARROW, WIDE = (spread_of(drawn(deviation, N, 0)) for deviation in DEVIATIONS)
POINT = Listed(np.array([[0.1, 0.2, 0.3]]))


def told(
    results: np.ndarray, ways: Sequence[Spread | Listed], worths: np.ndarray = WORTHS
) -> np.ndarray:
    def tails(one: int, others: Sequence[int]) -> list[Tail]:
        way = ways[one]
        mean = np.tile(POINT.rows, (N, 1))
        fresh = mean if isinstance(way, Listed) else drawn(DEVIATIONS[way is WIDE], N, 1)
        own = way.likelihood(fresh, SLACK)
        return [tail_of(ways[other].likelihood(fresh, SLACK) - own) for other in others]

    fits = np.stack([way.test(results, SLACK).fits for way in ways], axis=1)
    likelihood = np.stack([way.likelihood(results, SLACK) for way in ways], axis=1)
    return remaining(fits, likelihood, worths, tails)


def test_a_true_way_is_hardly_ever_outdone() -> None:
    for true, deviation in enumerate(DEVIATIONS):
        left = told(drawn(deviation, 100_000, 2), (NARROW, WIDE))

        refused = (left.any(axis=1) & ~left[:, true]).sum()
        assert refused <= 100_000 * OUTDONE_BY_CHANCE * 3


def test_a_wide_way_is_outdone_by_a_point_that_is_met() -> None:
    left = told(POINT.rows, (POINT, WIDE))

    assert left.tolist() == [[True, False]]


def test_a_point_that_is_missed_outdoes_nothing() -> None:
    assert told(POINT.rows + 1e-3, (POINT, WIDE)).tolist() == [[False, True]]


def test_what_is_not_much_likelier_outdoes_nothing() -> None:
    assert told(np.zeros((1, 3)), (NARROW, WIDE)).tolist() == [[True, True]]


def test_ways_of_the_same_worth_do_not_compete() -> None:
    left = told(POINT.rows, (POINT, WIDE), np.array([0.5, 0.5]))

    assert left.tolist() == [[True, True]]


def test_where_nothing_fits_nothing_remains() -> None:
    assert told(np.full((1, 3), 1e3), (NARROW, WIDE)).tolist() == [[False, False]]
