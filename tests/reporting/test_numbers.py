import numpy as np
import pytest

from grader.reporting.numbers import (
    bytes_text,
    count_text,
    entry_texts,
    points_text,
    seconds_text,
)


@pytest.mark.parametrize(
    ("points", "text"), [(15.0, "15"), (7.5, "7.5"), (0, "0"), (10 / 3, "3.33"), (100, "100")]
)
def test_points_have_no_needless_fraction(points: float, text: str) -> None:
    assert points_text(points) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.04, "0.0 s"), (9.94, "9.9 s"), (59.4, "59 s"), (125, "2 min 5 s")]
)
def test_durations_are_short(seconds: float, text: str) -> None:
    assert seconds_text(seconds) == text


def test_sizes_have_a_unit() -> None:
    assert bytes_text(300 * 2**20) == "300 MiB"
    assert bytes_text(3 * 2**29) == "1.5 GiB"


def test_counts_have_a_plural() -> None:
    assert [count_text(n, "line") for n in (1, 2000)] == ["1 line", "2,000 lines"]


@pytest.mark.parametrize(
    ("array", "texts"),
    [
        ([0.13238887, 0.86761113], ["0.1323889", "0.8676111"]),
        ([1.0, 120.5], ["1.0000", "120.5000"]),
        ([1e-9, 2.5e-9], ["1.0000e-09", "2.5000e-09"]),
        ([0.0, 0.0], ["0.0", "0.0"]),
        ([np.nan, -np.inf, 1.0], ["nan", "-inf", "1.000000"]),
        ([1, 20], ["1", "20"]),
        ([True, False], ["True", "False"]),
        ([1 + 2j], ["1+2j"]),
    ],
)
def test_entries_share_a_precision(array: list[complex], texts: list[str]) -> None:
    assert entry_texts(np.array(array)) == texts


def test_an_array_of_nothing_has_no_entries() -> None:
    assert entry_texts(np.zeros(0)) == []
