import numpy as np
import pytest

from grader.execution.asking.cases import Case
from grader.execution.asking.definitions import Binding
from grader.execution.asking.layers import BACKWARD, FORWARD, ask_layer
from grader.rubric.parts import Part
from grader.scoring.probed.initialisation import methods

PART = Part(probe="layer", name="L", points=1)
CASES = [
    Case(
        "row",
        {"x": np.ones((1, 5)), "output_grad": np.ones((1, 3)), "rate": np.array(0.1)},
    )
]


def test_the_class_is_looked_at_before_anything_is_built() -> None:
    asked = ask_layer(PART, "L", CASES, ())

    assert (asked.steps[0].code, asked.steps[0].name) == ("L", "asked")


def test_a_layer_goes_forward_and_back_and_is_looked_at_between() -> None:
    names = [step.name for step in ask_layer(PART, "L", CASES, ()).steps]

    assert names[-10:] == [
        "layer0", "forward0", "kept0", "backward0", "after0",
        "again0", "onward0", "backward_again0", "later0", "initial",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("methods_there", "renamed"),
    [
        ({"forward_propagation", "backward_propagation"}, (False, False)),
        ({"forward", "backward_propagation"}, (True, False)),
        ({"forward", "backward"}, (True, True)),
        ({"forward", "forward2"}, (False, False)),
        (set(), (False, False)),
    ],
)
def test_a_method_of_another_name_is_taken_where_it_is_the_only_one_alike(
    methods_there: set[str], renamed: tuple[bool, bool]
) -> None:
    bindings = [Binding("L", 1, "class", "", frozenset(methods_there))]

    asked = ask_layer(PART, "L", CASES, bindings)

    assert (asked.withheld[FORWARD].item(), asked.withheld[BACKWARD].item()) == renamed


def test_the_sizes_tried_tell_inputs_from_outputs_by_every_method() -> None:
    from grader.execution.asking.layers import INITIAL

    assert INITIAL[0] != INITIAL[1]
    assert len({(m.kurtosis, round(m.variance, 6)) for m in methods(*INITIAL)}) == len(
        methods(*INITIAL)
    )
