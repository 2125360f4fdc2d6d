"""Steps that call a derivative, and the function it belongs to a little beside each input."""

from collections.abc import Sequence

import numpy as np

from grader.execution.asking.asked import Asked
from grader.execution.asking.belonging import own_name, restored
from grader.execution.asking.cases import Case, flat, sent_name
from grader.execution.asking.definitions import Binding
from grader.execution.asking.functions import ask_function
from grader.execution.outcome import Step
from grader.rubric.parts import Part

STEP = float(np.finfo(np.float64).eps) ** 0.2  # what four points make the least error with
PLACES = {"down2": -2, "down1": -1, "up1": 1, "up2": 2}  # in steps


def ask_derivative(part: Part, name: str, cases: list[Case], bindings: Sequence[Binding]) -> Asked:
    """Ask what a derivative gives for each case, and what its function does around it.

    Beside "case0" there are "own0" (the function at the input), "own0_up1" and its like (all
    entries moved together: what is differentiated works entry by entry) and "through0" (the
    derivative, called with the function's output).
    """
    asked = ask_function(part, name, cases, bindings)
    if part.of is None:
        return asked
    own = own_name(part, bindings)
    steps, inputs = list(restored(part, bindings)), dict(flat(cases))
    for number, case in enumerate(cases):
        key = next(iter(case.arguments))
        steps += [_around(own, number, place) for place in PLACES]
        steps += _beside(own, name, number, sent_name(number, key))
        inputs |= {moved_name(number, p): moved(case.arguments[key], p) for p in PLACES}
    return Asked((*asked.steps, *steps), inputs)


def step_size(x: np.ndarray) -> np.ndarray:
    """Return by how much each entry is moved."""
    return np.asarray(STEP * np.maximum(1.0, np.abs(x.astype(float))))


def moved(x: np.ndarray, place: str) -> np.ndarray:
    """Return an input with all its entries moved to a place beside them."""
    return np.asarray(x.astype(float) + PLACES[place] * step_size(x))


def moved_name(number: int, place: str) -> str:
    """Return the name a moved input travels under; no argument of a case is called so."""
    return f"moved{number}_{place}"


def _around(own: str, number: int, place: str) -> Step:
    return Step(f"{own}({moved_name(number, place)}[()])", f"own{number}_{place}")


def _beside(own: str, name: str, number: int, sent: str) -> list[Step]:
    return [
        Step(f"{own}({sent}[()] + 0.0)", f"own{number}"),
        Step(f"{name}({own}({sent}[()] + 0.0))", f"through{number}"),
    ]
