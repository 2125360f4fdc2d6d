import numpy as np
import pytest

from grader.observation.literals import Literals

SOURCE = 'a = [0.1324, 0.8676]\nx1 = [1, 2, 3]\nprint("0.0145")'


@pytest.mark.parametrize(
    "values",
    [[0.1324, 0.8676], [-0.1324], [0.1324, 1.0, 0.0], np.float32([0.1324, 0.8676])],
)
def test_numbers_that_stand_in_the_source_are_held(values: list[float]) -> None:
    assert Literals([SOURCE]).hold(np.asarray(values))


@pytest.mark.parametrize("values", [[0.13238887, 0.86761113], [0.1324, 0.86761113], [1.0, 2.0], []])
def test_numbers_that_were_computed_or_say_nothing_are_not(values: list[float]) -> None:
    assert not Literals([SOURCE]).hold(np.asarray(values))


def test_digits_rounded_away_in_printing_may_be_anything() -> None:
    typed = Literals(["t = [0.13238887, 0.86761113]"])

    assert typed.hold(np.array([0.1324, 0.8676]), np.array([5e-5, 5e-5]))
    assert not typed.hold(np.array([0.1334, 0.8676]), np.array([5e-5, 5e-5]))


def test_digits_too_coarse_to_tell_anything_are_no_literals() -> None:
    assert not Literals(["t = 0.13238887"]).hold(np.array([0.132]), np.array([0.05]))


def test_a_number_behind_an_escape_stands_in_the_source() -> None:
    assert Literals(['print("0.1324 0.8676\\n0.0145 0.9855")']).hold(np.array([0.0145, 0.9855]))


@pytest.mark.parametrize(
    "source",
    [
        "p = f(x)  # 0.1324 0.8676",
        'def f(x):\n    """Return [0.1324, 0.8676]."""\n    return x',
        "assert np.allclose(p, [0.1324, 0.8676])",
        "print(np.isclose(p, [0.1324, 0.8676]))",
        "ok = p[0] == 0.1324 and p[1] == 0.8676",
    ],
)
def test_what_is_only_remarked_or_compared_is_no_literal(source: str) -> None:
    assert not Literals([source]).hold(np.array([0.1324, 0.8676]))
