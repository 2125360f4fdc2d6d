import itertools
from collections.abc import Callable

import numpy as np
import pytest

from grader.execution.inside.central_differences import differentiate

AT = np.array([[0.1, 0.2], [0.5, -1.5]])


def cubes(w: np.ndarray) -> float:
    return float((w**3).sum())


def test_a_smooth_function_is_differentiated_in_every_entry() -> None:
    found = differentiate(cubes, AT)

    assert found is not None
    np.testing.assert_allclose(found[0], 3 * AT**2, atol=1e-8)
    assert found[1] == cubes(AT)


def test_the_point_itself_is_left_alone_by_a_function_that_changes_its_argument() -> None:
    def spoils(w: np.ndarray) -> float:
        w *= 2
        return float(w.sum())

    found = differentiate(spoils, AT)

    assert found is not None
    np.testing.assert_allclose(found[0], np.full(AT.shape, 2.0), atol=1e-8)
    assert AT[0, 0] == 0.1


def test_single_precision_is_differentiated_with_wider_steps() -> None:
    found = differentiate(lambda w: float((w.astype(np.float32) ** 2).sum()), AT)

    assert found is not None
    np.testing.assert_allclose(found[0], 2 * AT, atol=2e-3)


COUNTER = itertools.count()


@pytest.mark.parametrize(
    "function",
    [
        lambda w: None,
        lambda w: 1.0,
        lambda w: float(w.sum()) + next(COUNTER),
        lambda w: float(np.round(w.sum(), 3)),
        lambda w: float(np.abs(w - AT + 1e-6).sum()),
        lambda w: float(w.sum()) if (w == AT).all() else None,
    ],
    ids=["no number", "constant", "changing", "rounded", "kink", "raises beside the point"],
)
def test_what_has_no_slope_there_gives_none(
    function: Callable[[np.ndarray], float | None],
) -> None:
    assert differentiate(function, AT) is None


def test_a_function_that_takes_too_long_is_called_only_twice() -> None:
    calls = []

    def slow(w: np.ndarray) -> float:
        calls.append(1)
        return float(np.sort(np.random.default_rng(0).random(3_000_000))[0] + w.sum())

    assert differentiate(slow, np.ones(400)) is None
    assert len(calls) == 2
