"""Steps that ask the networks a notebook has trained about examples it has never seen."""

from collections.abc import Mapping, Sequence

import numpy as np

from grader.execution.asking.asked import Asked
from grader.execution.asking.cases import Case, sent_name
from grader.execution.asking.definitions import Binding
from grader.execution.asking.within import answers, networks, origins, prepared, taken_along
from grader.execution.outcome import Step
from grader.rubric.parts import Part

NETWORKS = "_networks_asked"
MOST_NETWORKS = 8
TAKEN = (answers, prepared, origins, networks)


def ask_training(part: Part, name: str, cases: list[Case], bindings: Sequence[Binding]) -> Asked:
    """Ask every network there is for its outputs: the values "network0", "network1" and so on.

    Of a case, the first array travels; all others, its labels, are withheld.
    """
    sent = ", ".join(
        sent_name(n, next(iter(case.arguments))) for n, case in enumerate(cases) if case.arguments
    )
    wanted = _wanted(part, bindings)
    steps = (_described(wanted, sent, part.forward, number) for number in range(MOST_NETWORKS))
    travelling, withheld = _parted(cases)
    build = (Step(part.build),) if part.build else ()
    return Asked((*build, taken_along(NETWORKS, *TAKEN), *steps), travelling, withheld)


def _described(wanted: str, sent: str, forward: str, number: int) -> Step:
    arguments = f"globals(), {wanted!r}, [{sent}], {forward!r}, {number}"
    return Step(f"{NETWORKS}.described({arguments})", f"network{number}")


def _wanted(part: Part, bindings: Sequence[Binding]) -> str:
    """Return the variable asked for, under the first of its names that the notebook binds."""
    bound = {one.name for one in bindings}
    return next((name for name in (part.name, *part.aliases) if name in bound), part.name)


def _parted(cases: list[Case]) -> tuple[Mapping[str, np.ndarray], Mapping[str, np.ndarray]]:
    """Part what travels from what is withheld."""
    travelling: dict[str, np.ndarray] = {}
    withheld: dict[str, np.ndarray] = {}
    for number, case in enumerate(cases):
        for place, (name, array) in enumerate(case.arguments.items()):
            (withheld if place else travelling)[sent_name(number, name)] = array
    return travelling, withheld
