import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from grader.execution.asking.cases import Case
from grader.execution.asking.definitions import Binding
from grader.execution.asking.derivatives import PLACES, ask_derivative, moved, step_size
from grader.rubric.parts import Part

PART = Part(probe="derivative", name="f_grad", of="f", points=1)
CASES = [Case("numbers", {"x": np.array([-2.0, 0.5])})]
DEFINED = [Binding("f", 1, "function", "def f(x):\n    return x"), Binding("f_grad", 1, "function")]


def test_a_derivative_is_asked_first_and_then_its_function_around_the_input() -> None:
    asked = ask_derivative(PART, "f_grad", CASES, DEFINED)

    names = [step.name for step in asked.steps]
    assert names[0] == "case0"
    assert set(names[1:]) == {"own0", "through0", *(f"own0_{place}" for place in PLACES)}
    assert set(asked.inputs) == {"case0_x", *(f"moved0_{place}" for place in PLACES)}


def test_without_a_function_only_the_derivative_is_asked() -> None:
    asked = ask_derivative(PART.model_copy(update={"of": None}), "f_grad", CASES, DEFINED)

    assert [step.name for step in asked.steps] == ["case0"]


def test_a_function_whose_name_was_lost_is_defined_again() -> None:
    asked = ask_derivative(PART, "f_grad", CASES, [*DEFINED, Binding("f", 2, "value")])

    assert [step.code for step in asked.steps if not step.name] == [DEFINED[0].source]


def test_a_function_written_otherwise_is_found_by_its_plain_name() -> None:
    bindings = [Binding("F_", 1, "function", "def F_(x): return x"), DEFINED[1]]

    asked = ask_derivative(PART, "f_grad", CASES, bindings)

    assert any(step.code.startswith("F_(") for step in asked.steps)


@given(st.floats(-1e6, 1e6))
def test_a_moved_entry_lies_a_whole_number_of_steps_away(x: float) -> None:
    at = np.array([x])

    found = {place: (moved(at, place) - at) / step_size(at) for place in PLACES}

    assert all(abs(found[place][0] - PLACES[place]) < 1e-6 for place in PLACES)
