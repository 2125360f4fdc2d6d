import numpy as np
import pytest

from grader.observation.literals import Literals

SOURCE = 'a = [0.1324, 0.8676]  # as printed\nx1 = [1, 2, 3]\nprint("0.0145")'


@pytest.mark.parametrize(
    "values",
    [[0.1324, 0.8676], [-0.1324], [0.1324, 1.0, 0.0], np.float32([0.1324, 0.8676])],
)
def test_numbers_that_stand_in_the_source_are_held(values: list[float]) -> None:
    assert Literals([SOURCE]).hold(np.asarray(values))


@pytest.mark.parametrize("values", [[0.13238887, 0.86761113], [0.1324, 0.86761113], [1.0, 2.0], []])
def test_numbers_that_were_computed_or_say_nothing_are_not(values: list[float]) -> None:
    assert not Literals([SOURCE]).hold(np.asarray(values))
