import numpy as np
import pytest

from grader.execution.inside.named_constants import NamedConstants

NAMED = NamedConstants(
    {
        "x1": np.ones(3),
        "x2": np.ones(3),
        "x10": np.ones(3),
        "w1": np.ones((3, 4)),
        "w2": np.ones((4, 2)),
        "learning_rate": np.array(0.1),
    }
)


@pytest.mark.parametrize(
    "name", ["w1", "W1", "w_1", "W_1", "weights1", "weight_1", "w1_np", "W1_torch", "w1_init"]
)
def test_a_constant_is_known_by_the_names_students_give_it(name: str) -> None:
    assert NAMED.single(name) == "w1"


@pytest.mark.parametrize("name", ["lr", "learning_rate", "learningRate", "eta"])
def test_a_single_number_is_known_too(name: str) -> None:
    assert NAMED.single(name) == "learning_rate"


@pytest.mark.parametrize("name", ["w", "w11", "p", "grad_w1", "y_pred", "w1_grad", "logits"])
def test_other_names_stand_for_no_constant(name: str) -> None:
    assert NAMED.single(name) is None


@pytest.mark.parametrize("name", ["x", "X", "xs", "inputs", "X_train", "x_np"])
def test_a_name_without_number_stands_for_all_examples_in_their_order(name: str) -> None:
    assert NAMED.series(name) == ("x1", "x2", "x10")


def test_constants_of_different_shapes_are_no_examples() -> None:
    assert NAMED.series("w") == ()
    assert NAMED.examples == 3


def test_the_name_of_a_constant_is_never_read_as_that_of_another() -> None:
    named = NamedConstants({"t": np.ones(3), "y": np.ones(3), "data": np.ones(2)})

    assert [named.single(name) for name in ("t", "T", "y", "data", "targets")] == [
        *("t", "t", "y", "data", "y"),
    ]
