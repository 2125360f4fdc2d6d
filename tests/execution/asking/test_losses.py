import numpy as np
import pytest

from grader.execution.asking.cases import Case
from grader.execution.asking.definitions import Binding
from grader.execution.asking.losses import SWAPPED, ask_loss, is_turned, moved
from grader.rubric.parts import Part

CASES = [Case("row", {"y_true": np.zeros((1, 3)), "y_pred": np.ones((1, 3))})]
PART = Part(probe="loss", name="f", points=1)


@pytest.mark.parametrize(
    ("parameters", "turned"),
    [
        (("y_true", "y_pred"), False),
        (("y_pred", "y_true"), True),
        (("y_hat", "y"), True),
        (("y", "y_hat"), False),
        (("output", "target"), True),
        (("labels", "predictions"), False),
        (("a", "b"), False),
        (("x", "y"), False),
        (("y_pred",), False),
        ((), False),
    ],
)
def test_the_other_order_is_told_by_what_both_arguments_are_called(
    parameters: tuple[str, ...], turned: bool
) -> None:
    assert is_turned(parameters, CASES) is turned


def test_arguments_in_the_other_order_are_handed_over_so() -> None:
    defined = [Binding("f", 1, "function", "def f(y_pred, y_true): pass")]

    asked = ask_loss(PART, "f", CASES, defined)

    assert asked.steps[0].code == "f(case0_y_pred, case0_y_true)"
    assert asked.withheld[SWAPPED].all()


def test_a_gradient_asks_its_loss_around_both_arguments() -> None:
    part = PART.model_copy(update={"name": "f_grad", "of": "f"})

    asked = ask_loss(part, "f_grad", CASES, [Binding("f", 1, "function", "def f(a, b): pass")])

    assert [step.name for step in asked.steps] == ["case0", "own0", "around0", "across0"]
    assert asked.inputs["around_moved0"].shape == (12, 1, 3)


def test_in_each_copy_one_entry_is_moved() -> None:
    at = np.arange(6.0).reshape(2, 3)

    copies = moved(at)

    assert copies.shape == (24, 2, 3)
    assert ((copies != at).sum(axis=(1, 2)) == 1).all()


def test_without_definitions_the_order_asked_for_is_kept() -> None:
    assert ask_loss(PART, "f", CASES, ()).steps[0].code == "f(case0_y_true, case0_y_pred)"
