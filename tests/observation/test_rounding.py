import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.observation.rounding import rounding_resolution

VALUES = np.array([0.13238887245, 0.86761112755])


@pytest.mark.parametrize("decimals", [1, 3, 4, 5, 6, 7])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_rounded_entries_tell_their_last_decimal(decimals: int, dtype: type) -> None:
    if dtype is np.float32 and decimals > 4:
        pytest.skip("single precision cannot tell so many decimals from unrounded ones")

    assert rounding_resolution(np.round(VALUES, decimals).astype(dtype)) == 0.5 * 10.0**-decimals


@pytest.mark.parametrize("values", [VALUES, VALUES.astype(np.float32), np.array([1, 2]), []])
def test_unrounded_and_whole_numbers_have_none(values: object) -> None:
    assert rounding_resolution(np.asarray(values)) == 0.0


def test_short_numbers_tell_how_short_they_are() -> None:
    assert rounding_resolution(np.array([0.1, 0.25])) == 0.5e-2


@given(
    numbers=st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=4),
    decimals=st.integers(0, 9),
    nudge=st.sampled_from([0.0, 1e-12, 5e-10, 1e-8]),
)
def test_the_coarsest_decimals_that_hold_all_entries_are_found(
    numbers: list[float], decimals: int, nudge: float
) -> None:
    values = np.round(np.array(numbers), decimals) + nudge

    assert rounding_resolution(values) == coarsest(values)


def coarsest(values: np.ndarray) -> float:
    """Try one number of decimals after the other, as the definition says it."""
    for decimals in range(8):
        scaled = values * 10.0**decimals
        slack = np.maximum(np.finfo(float).eps * np.abs(scaled), 1e-9)
        if slack.max() < 0.02 and (np.abs(scaled - np.round(scaled)) <= slack).all():
            return 0.5 * 10.0**-decimals
    return 0.0
