"""Whether a result looks like those of a training: made-up distributions with known answers."""

from collections.abc import Callable

import numpy as np
import pytest

from grader.scoring.random.closeness import FALSE_REJECTION
from grader.scoring.random.distribution import (
    Listed,
    Spread,
    distribution_from,
    spread_of,
)

N = 20_000
EXACT = np.full(5, 1e-9)
# Five numbers that vary in two directions: the others follow.
MIX = np.array([[1.0, 0.0, 2.0, 1.0, 0.0], [0.0, 0.01, 0.0, -0.01, 0.0]])
MIDDLE = np.array([1.0, 2.0, 3.0, 4.0, 5.0])


def normal(count: int, seed: int) -> np.ndarray:
    return MIDDLE + np.random.default_rng(seed).standard_normal((count, 2)) @ MIX


def skewed(count: int, seed: int) -> np.ndarray:
    return MIDDLE + np.random.default_rng(seed).exponential(size=(count, 2)) @ MIX


def rare(count: int, seed: int) -> np.ndarray:
    """The second direction is hardly ever left alone, and then by far."""
    random = np.random.default_rng(seed)
    jumps = random.standard_t(2.5, size=(count, 2))
    return MIDDLE + jumps @ MIX


@pytest.fixture(scope="module")
def spread() -> Spread:
    return spread_of(normal(N, seed=0))


def test_the_mean_and_the_rank_are_found(spread: Spread) -> None:
    assert spread.degrees == 2
    np.testing.assert_allclose(spread.mean, MIDDLE, atol=0.05)


def test_a_result_in_the_middle_fits(spread: Spread) -> None:
    tested = spread.test(spread.mean[None], EXACT)

    assert tested.fits.tolist() == [True]
    assert tested.p[0] == pytest.approx(1, abs=1e-6)
    assert tested.distance[0] == pytest.approx(0, abs=1e-6)


def test_a_distance_is_squared_and_in_units_of_the_deviation(spread: Spread) -> None:
    three_deviations = MIDDLE + np.array([[3.0, 0.0], [0.0, 3.0]]) @ MIX

    tested = spread.test(three_deviations, EXACT)

    np.testing.assert_allclose(tested.distance, 9, rtol=0.05)
    np.testing.assert_allclose(tested.p, np.exp(-4.5), rtol=0.2)


@pytest.mark.parametrize("draw", [normal, skewed, rare])
def test_a_true_result_is_refused_no_more_often_than_said(
    draw: Callable[..., np.ndarray],
) -> None:
    known = spread_of(draw(N, seed=1))

    refused = sum(
        int((~known.test(draw(100_000, seed=seed), EXACT).fits).sum()) for seed in range(2, 7)
    )

    # 50 of 500,000 are expected at most; the simulated tail itself is only known so well.
    assert refused <= 500_000 * FALSE_REJECTION * 2


def test_normal_results_are_refused_at_about_the_rate_said() -> None:
    far = np.array([MIDDLE + np.array([4.8, 0.0]) @ MIX])

    refused = [not spread_of(normal(N, seed)).test(far, EXACT).fits[0] for seed in range(5)]

    assert np.exp(-(4.8**2) / 2) < FALSE_REJECTION / 5
    assert sum(refused) >= 4


def test_a_result_too_far_out_is_refused(spread: Spread) -> None:
    assert not spread.test(MIDDLE + np.array([[0.0, 7.0]]) @ MIX, EXACT).fits[0]


@pytest.mark.parametrize("number", [np.nan, np.inf])
def test_a_result_that_is_not_finite_fits_nothing(spread: Spread, number: float) -> None:
    broken = np.where(np.arange(5) == 1, number, MIDDLE)[None]

    with np.errstate(invalid="ignore"):
        assert not spread.test(broken, EXACT).fits[0]


def test_the_joint_distribution_counts_and_not_each_entry() -> None:
    random = np.random.default_rng(3)
    first = random.standard_normal(N)
    alike = spread_of(np.stack([first, first + 0.1 * random.standard_normal(N)], axis=1))

    tested = alike.test(np.array([[1.5, 1.5], [1.5, -1.5]]), np.full(2, 1e-9))

    assert tested.fits.tolist() == [True, False]


def test_what_never_varies_must_hold_within_the_precision(spread: Spread) -> None:
    off = spread.mean + np.array([0.0, 0.0, 0.0, 0.0, 4e-5])

    assert spread.test(off[None], np.full(5, 5e-5)).fits[0]
    assert not spread.test(off[None], np.full(5, 1e-6)).inside[0]
    assert not spread.test(off[None], np.full(5, 1e-6)).fits[0]


def test_a_sum_that_is_fixed_may_be_off_by_the_rounding_of_all_its_terms() -> None:
    first = np.random.default_rng(4).standard_normal(N)
    known = spread_of(np.stack([first, 1 - first], axis=1))
    rounded = known.mean + np.array([4e-5, 4e-5])

    assert known.test(rounded[None], np.full(2, 5e-5)).fits[0]
    assert not known.test(known.mean[None] + 6e-5, np.full(2, 5e-5)).fits[0]


def test_rounded_results_are_refused_no_more_often(spread: Spread) -> None:
    rounded = np.round(normal(100_000, seed=8), 2)

    tested = spread.test(rounded, np.full(5, 0.005))

    assert (~tested.fits).sum() <= 100_000 * FALSE_REJECTION * 3


def test_rounding_makes_less_sure(spread: Spread) -> None:
    slightly_off = MIDDLE + np.array([[0.0, 6.0]]) @ MIX

    exact, coarse = (spread.test(slightly_off, np.full(5, slack)) for slack in (1e-9, 0.1))

    assert not exact.fits[0]
    assert coarse.fits[0]


def test_a_way_that_fits_more_closely_is_likelier() -> None:
    wide, narrow = spread_of(normal(N, 5)), spread_of(MIDDLE + (normal(N, 5) - MIDDLE) / 10)
    near = MIDDLE + np.array([[0.05, 0.05]]) @ MIX

    assert narrow.likelihood(near, EXACT)[0] > wide.likelihood(near, EXACT)[0]


def test_results_that_are_all_alike_are_fixed_in_every_direction() -> None:
    known = spread_of(np.tile(MIDDLE, (50, 1)))

    tested = known.test(np.stack([MIDDLE, MIDDLE + 1e-3]), np.full(5, 1e-5))

    assert known.degrees == 0
    assert tested.fits.tolist() == [True, False]


def test_few_trainings_rule_out_only_what_is_far(spread: Spread) -> None:
    rough = spread_of(normal(400, seed=9))
    results = MIDDLE + np.array([[0.0, 0.0], [3.0, 3.0], [40.0, 0.0]]) @ MIX
    beside = MIDDLE + np.array([[0.0, 0.0, 0.0, 0.0, 9.0]])

    assert rough.is_far(results, EXACT).tolist() == [False, False, True]
    assert not rough.is_far(beside, EXACT)[0]


def test_of_all_results_there_can_be_one_has_to_be_met() -> None:
    known = Listed(np.array([[0.0, 1.0], [1.0, 0.0]]))
    slack = np.full(2, 1e-4)

    tested = known.test(np.array([[0.0, 1.00005], [0.5, 0.5], [0.0, 0.0]]), slack)

    assert tested.fits.tolist() == [True, False, False]
    assert tested.p.tolist() == [1.0, 0.0, 0.0]
    assert known.is_far(np.array([[1.0, 0.0], [0.5, 0.5]]), slack).tolist() == [False, True]


def test_a_likelihood_is_the_logarithm_of_the_normal_density() -> None:
    known = spread_of(np.random.default_rng(7).standard_normal((N, 2)) * [1.0, 3.0])

    found = known.likelihood(np.array([[0.0, 0.0], [1.0, 3.0]]), np.full(2, 1e-9))

    np.testing.assert_allclose(found, -np.log(2 * np.pi * 3) - np.array([0.0, 1.0]), atol=0.1)


def test_the_likelihood_of_a_listed_result_is_spread_over_all_and_over_the_rounding() -> None:
    known = Listed(np.array([[0.0, 1.0], [1.0, 0.0], [0.0, 1.0 + 1e-5], [5.0, 5.0]]))

    found = known.likelihood(np.array([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]]), np.full(2, 1e-4))

    box = -2 * np.log(2e-4)
    np.testing.assert_allclose(found, [np.log(1 / 4) + box, np.log(2 / 4) + box, -np.inf])


@pytest.mark.parametrize("known", [spread_of(normal(100, 6)), Listed(np.eye(3))], ids=type)
def test_a_distribution_can_be_kept(known: Spread | Listed) -> None:
    restored = distribution_from(known.arrays())

    assert type(restored) is type(known)
    assert restored is not None
    for name, array in known.arrays().items():
        np.testing.assert_array_equal(restored.arrays()[name], array)


@pytest.mark.parametrize(
    "change",
    [
        {"mean": np.zeros(4)},
        {"basis": np.zeros((5, 1))},
        {"variances": np.zeros((2, 2))},
        {"farthest": np.zeros((5, 3))},
        {"count": np.zeros(2)},
        {"more": np.zeros(1)},
        {"mean": np.float64(1)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_is_no_distribution_is_not_taken_for_one(change: dict[str, np.ndarray]) -> None:
    kept = spread_of(normal(100, 6)).arrays() | change

    assert distribution_from(kept) is None
    assert distribution_from({"rows": np.zeros((0, 3))}) is None
