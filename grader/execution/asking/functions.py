"""Steps that call a function, once for each case."""

from collections.abc import Sequence

from grader.execution.asking.asked import Asked
from grader.execution.asking.cases import Case, flat, sent_name
from grader.execution.asking.definitions import Binding
from grader.execution.outcome import Step
from grader.rubric.parts import Part


def ask_function(part: Part, name: str, cases: list[Case], bindings: Sequence[Binding]) -> Asked:
    """Ask what a function gives for each case: the values "case0", "case1" and so on."""
    steps = (Step(call(name, number, case), f"case{number}") for number, case in enumerate(cases))
    return Asked(tuple(steps), flat(cases))


def call(name: str, number: int, case: Case) -> str:
    """Write a call with the arguments of a case."""
    return f"{name}({', '.join(argument(number, key, case) for key in case.arguments)})"


def argument(number: int, key: str, case: Case) -> str:
    """Write an argument; a single number is handed over as a number."""
    sent = sent_name(number, key)
    return sent if case.arguments[key].ndim else f"{sent}.item()"
