"""How much likelier a rival looks by chance, on ratios whose tails are known."""

import numpy as np
import pytest

from grader.scoring.random.tail import tail_of

N = 20_000


def test_a_bar_is_never_below_the_largest_simulated_nor_below_nothing() -> None:
    ratios = np.random.default_rng(1).standard_normal(N)

    assert tail_of(ratios).bar(0.1) == ratios.max()
    assert tail_of(ratios - 1000).bar(0.1) == 0


@pytest.mark.parametrize("shift", [1.0, 3.0, 5.0])
def test_a_normal_ratio_exceeds_its_bar_no_more_often_than_said(shift: float) -> None:
    def ratios(count: int, seed: int) -> np.ndarray:  # of two normals so far apart
        drawn = np.random.default_rng(seed).standard_normal(count)
        return np.asarray(shift * drawn - shift**2 / 2)

    exceeded = [
        int((ratios(500_000, 100 + n) > tail_of(ratios(N, n)).bar(2e-5)).sum()) for n in range(5)
    ]

    assert sum(exceeded) <= 5 * 500_000 * 2e-5 * 1.5


def test_a_tail_does_not_fall_more_slowly_than_it_can() -> None:
    drawn = np.random.default_rng(2).standard_normal((N, 12))
    bounded = 30 - 1e5 * (drawn**2).sum(axis=1)

    assert tail_of(bounded).bar(1e-5) <= -np.log(1e-5)


def test_what_never_meets_a_rival_leaves_the_rarest_chance() -> None:
    assert tail_of(np.full(N, -np.inf)).bar(1e-4) == pytest.approx(-np.log(1e-4))
