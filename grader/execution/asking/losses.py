"""Steps that call a loss, or its gradient and the loss beside each prediction."""

from collections.abc import Mapping, Sequence

import numpy as np

from grader.execution.asking.asked import Asked
from grader.execution.asking.belonging import own_name, parameters_of, restored
from grader.execution.asking.cases import Case, flat
from grader.execution.asking.definitions import Binding
from grader.execution.asking.derivatives import PLACES, step_size
from grader.execution.asking.functions import argument
from grader.execution.outcome import Step
from grader.rubric.parts import Part

SWAPPED = "swapped"  # withheld: whether the arguments are handed over in the other order

_WORDS = (
    ("pred", "hat", "out", "guess"),
    ("true", "target", "label", "real", "actual", "expected", "desired"),
)
_LETTERS = {"p": 0, "yp": 0, "y_p": 0, "yh": 0, "o": 0, "y": 1, "t": 1, "yt": 1, "y_t": 1}


def ask_loss(part: Part, name: str, cases: list[Case], bindings: Sequence[Binding]) -> Asked:
    """Ask what a loss gives for each case, and of a gradient what its loss does around it.

    Beside "case0" there are "own0" (the loss itself), "around0" (the loss with one entry of
    the last argument moved at a time, `moved`) and "across0" (the same of the first).
    """
    turned = is_turned(parameters_of(name, bindings), cases)
    steps = [Step(_call(name, n, one, turned=turned), f"case{n}") for n, one in enumerate(cases)]
    inputs = flat(cases)
    if part.of is not None and all(len(case.arguments) == 2 for case in cases):
        own = own_name(part, bindings)
        steps += restored(part, bindings)
        other = is_turned(parameters_of(own, bindings), cases)
        for number, case in enumerate(cases):
            steps += _around(own, number, case, turned=other)
            inputs |= _moved(number, case)
    return Asked(tuple(steps), inputs, {SWAPPED: np.array(turned)})


def is_turned(parameters: Sequence[str], cases: Sequence[Case]) -> bool:
    """Say whether a definition names its two arguments in the other order than the cases do."""
    if len(parameters) < 2 or not cases or len(cases[0].arguments) != 2:
        return False
    wanted = [_role(one) for one in cases[0].arguments]
    given = [_role(one) for one in parameters[:2]]
    if None in wanted or wanted[0] == wanted[1]:
        return list(parameters[:2]) == list(cases[0].arguments)[::-1]
    return given == wanted[::-1]


def moved(array: np.ndarray) -> np.ndarray:
    """Return copies of an array with one entry moved in each, by entries and then by places."""
    flat_array = array.astype(float).reshape(-1)
    sizes = step_size(flat_array)
    copies = np.repeat(flat_array[None, None], flat_array.size, axis=0)
    copies = np.repeat(copies, len(PLACES), axis=1)
    for column, place in enumerate(PLACES.values()):
        rows = np.arange(flat_array.size)
        copies[rows, column, rows] += place * sizes
    return copies.reshape(-1, *array.shape)


def _role(parameter: str) -> int | None:
    """Tell predictions (0) from labels (1) by what people call them."""
    for role, words in enumerate(_WORDS):
        if any(word in parameter.casefold() for word in words):
            return role
    return _LETTERS.get(parameter.casefold())


def _call(name: str, number: int, case: Case, *, turned: bool) -> str:
    given = [argument(number, key, case) for key in case.arguments]
    return f"{name}({', '.join(reversed(given) if turned else given)})"


def _around(own: str, number: int, case: Case, *, turned: bool) -> list[Step]:
    first, last = (argument(number, key, case) for key in case.arguments)
    calls = {"around": (first, "one"), "across": ("one", last)}
    steps = [Step(f"float({_call(own, number, case, turned=turned)})", f"own{number}")]
    for which, given in calls.items():
        handed = ", ".join(reversed(given) if turned else given)
        code = f"[float({own}({handed})) for one in {which}_moved{number}]"
        steps.append(Step(code, f"{which}{number}"))
    return steps


def _moved(number: int, case: Case) -> Mapping[str, np.ndarray]:
    first, last = case.arguments.values()
    return {f"around_moved{number}": moved(last), f"across_moved{number}": moved(first)}
