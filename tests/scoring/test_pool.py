"""Many predictions held against a pool at once: as each by itself."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.observation.model import Observation
from grader.rubric.model import Tolerance
from grader.scoring.comparison import allowance
from grader.scoring.pool import Pool

NUMBERS = st.sampled_from([0.0, 1.0, 2.0, 0.5, 0.50001, 0.5000001, -0.25, 1e-9, np.nan, np.inf])
FINITE = NUMBERS.filter(np.isfinite)
TYPES = st.sampled_from(["float64", "float32", "text"])
RESOLUTIONS = st.sampled_from([0.0, 5e-5, 5e-3])


def seen(values: np.ndarray, resolution: float, dtype: str) -> Observation:
    return Observation(
        values=values,
        resolution=np.full(values.shape, resolution),
        origin="variable",
        cell=1,
        last_cell=1,
        path="v",
        libraries=frozenset({"numpy"}),
        dtype=dtype,
    )


@given(
    values=st.lists(
        st.tuples(hnp.arrays(float, (2, 2), elements=NUMBERS), RESOLUTIONS, TYPES), max_size=6
    ),
    expected=hnp.arrays(
        float, st.tuples(st.integers(0, 5), st.just(2), st.just(2)), elements=FINITE
    ),
)
def test_predictions_agree_together_as_each_does_by_itself(
    values: list[tuple[np.ndarray, float, str]], expected: np.ndarray
) -> None:
    pool = Pool([[seen(*one) for one in values]], Tolerance())

    agree = pool.agreeing(expected)

    assert agree.tolist() == [pool.match(one) is not None for one in expected]


def test_only_what_is_accepted_is_a_candidate() -> None:
    observations = [seen(np.array([0.25, 0.75]), 0.0, "float64")]

    pool = Pool([observations], Tolerance(), lambda one: "torch" in one.libraries)

    assert pool.candidates((2,)) == []


def test_what_is_too_small_for_a_shape_is_not_looked_at() -> None:
    class Untouched(Observation):
        def __getattribute__(self, name: str) -> object:
            if name in ("resolution", "libraries", "path"):
                raise AssertionError(name)
            return super().__getattribute__(name)

    small = Untouched(
        np.zeros(3), np.zeros(3), "variable", 1, 1, "v", frozenset({"numpy"}), "float64"
    )

    assert Pool([[small]], Tolerance()).candidates((2, 2)) == []


def test_matrices_printed_below_each_other_are_read_one_by_one() -> None:
    first, second = np.arange(12.0).reshape(3, 4) / 7, np.arange(12.0).reshape(3, 4) / 9
    text = np.round(np.vstack([first, second]), 6)
    half = np.full(text.shape, 5e-7)
    printed = Observation(text, half, "text", 1, 1, "line 1", frozenset({"numpy"}), "text")
    pool = Pool([[printed]], Tolerance())

    match = pool.match(second)

    assert match is not None
    assert match.candidate.path == "line 1[3:6]"


def test_saturated_values_agree_only_as_far_as_they_differ_from_whole_numbers() -> None:
    expected = np.array([0.99999, 0.00001])

    assert allowance(expected, Tolerance(rtol=2e-5, atol=2e-6)).max() < 1.01e-7
    assert allowance(np.array([1.0, 2.0]), Tolerance(rtol=2e-5, atol=0)).max() == 4e-5
