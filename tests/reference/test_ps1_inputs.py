"""The inputs PS1 is probed with: seeded, of the promised shapes, fit for what they are for."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference import ps1, ps1_inputs

SEEDS = st.integers(0, 2**32 - 1)
MAKERS = [
    ps1.activation_inputs,
    ps1.derivative_inputs,
    ps1.loss_inputs,
    ps1.affine_inputs,
    ps1.network_inputs,
]


def shapes(cases):
    return {case: [array.shape for array in arrays.values()] for case, arrays in cases.items()}


def flat(cases):
    return np.concatenate([np.ravel(array) for case in cases.values() for array in case.values()])


@pytest.mark.parametrize("make", MAKERS)
def test_a_seed_always_makes_the_same_inputs_and_others_make_others(
    make: Callable[[int], ps1_inputs.Cases],
) -> None:
    assert np.array_equal(flat(make(1)), flat(make(1)))
    assert shapes(make(1)) == shapes(make(2))
    assert not np.array_equal(flat(make(1)), flat(make(2)))


@given(seed=SEEDS)
@settings(max_examples=20)
def test_ordinary_values_have_both_signs_and_stay_clear_of_zero(seed: int) -> None:
    for case in ps1.derivative_inputs(seed).values():
        assert np.abs(case["x"]).min() >= 0.1
        assert np.abs(case["x"]).max() <= 3


def test_large_values_overflow_exp_and_what_is_made_of_it_on_both_sides() -> None:
    x = ps1.activation_inputs(3)["large values"]["x"]

    with np.errstate(over="ignore"):
        assert np.isinf(np.exp(x)).sum() == 2
        assert np.isinf(np.exp(-x)).sum() == 2


def test_whole_numbers_are_whole() -> None:
    assert ps1.activation_inputs(3)["whole numbers"]["x"].dtype.kind == "i"


def test_losses_are_called_with_every_shape_in_use() -> None:
    assert shapes(ps1.loss_inputs(0)) == {
        "one example": [(1, 10)] * 2,
        "a vector": [(10,)] * 2,
        "a batch": [(4, 10)] * 2,
        "a batch of single rows": [(4, 1, 10)] * 2,
        "a perfect prediction": [(1, 10)] * 2,
    }


def test_a_perfect_prediction_has_no_loss() -> None:
    case = ps1.loss_inputs(4)["a perfect prediction"]

    assert ps1.mse(case)["result"] == 0
    assert not ps1.mse_grad(case)["result"].any()


def test_layers_get_one_example_and_a_batch() -> None:
    assert shapes(ps1.affine_inputs(0)) == {
        "one example": [(1, 5), (1, 3), ()],
        "a batch": [(4, 5), (4, 3), ()],
    }


@given(seed=SEEDS)
@settings(max_examples=10)
def test_networks_get_one_hot_labels(seed: int) -> None:
    case = ps1.network_inputs(seed)["many examples"]

    assert case["x"].shape == (40, 1, 5)
    assert (case["y"].sum(axis=1) == 1).all()
    assert set(np.unique(case["y"])) == {0.0, 1.0}


def test_digits_are_made_from_the_file_of_that_name() -> None:
    data = {"x_test": np.full((3, 28, 28), 200, dtype=np.uint8), "y_test": np.array([1, 2, 3])}

    cases = ps1.unseen_digits(0, {"mnist": data})

    assert shapes(cases) == {"unseen digits": [(3, 1, 784), (3,)]}
    assert sorted(cases["unseen digits"]["labels"]) == [1, 2, 3]
