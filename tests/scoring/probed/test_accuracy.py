from math import comb

import numpy as np
import pytest

from grader.scoring.probed.accuracy import (
    chance_of_better,
    chance_of_guessing,
    differ,
    hits,
    interval,
)


def test_the_interval_is_wilsons() -> None:
    """As printed in Newcombe, Two-sided confidence intervals, Statistics in Medicine 17 (1998)."""
    assert interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert interval(0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)


def test_the_interval_stays_within_none_and_all() -> None:
    assert interval(5, 5)[1] == 1.0


def test_only_examples_on_which_they_part_count() -> None:
    one = np.array([True] * 9 + [False] + [True] * 90)
    other = np.array([False] * 9 + [True] + [True] * 90)

    assert chance_of_better(one, other) == pytest.approx((comb(10, 9) + 1) / 2**10)


def test_two_that_agree_everywhere_are_level() -> None:
    same = np.array([True, False, True])

    assert chance_of_better(same, same) == 1.0


def test_the_test_has_its_level() -> None:
    rng = np.random.default_rng(0)
    wins = [chance_of_better(*(rng.random((2, 300)) < 0.8)) < 0.05 for _ in range(1000)]

    assert np.mean(wins) < 0.065


def test_guessing_is_likely_for_a_guesser_only() -> None:
    assert chance_of_guessing(40, 400, 0.1) > 0.4
    assert chance_of_guessing(80, 400, 0.1) < 1e-6


def test_hits_are_those_of_the_largest_output() -> None:
    outputs = np.array([[0.1, 0.9], [0.8, 0.7]])

    assert hits(outputs, np.array([1, 1])).tolist() == [True, False]


def test_shares_differ_beyond_noise_only() -> None:
    assert differ(0.97, 0.82, (360, 360))
    assert not differ(0.84, 0.82, (360, 360))
