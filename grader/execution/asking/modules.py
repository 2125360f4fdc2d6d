"""Steps that make a module of torch's and follow it as it answers."""

from collections.abc import Sequence

import numpy as np

from grader.execution.asking.asked import Asked
from grader.execution.asking.cases import Case
from grader.execution.asking.definitions import Binding
from grader.execution.asking.trainings import TAKEN
from grader.execution.asking.within import answers, learning, modules, taken_along
from grader.execution.outcome import Step
from grader.rubric.parts import Part

EXAMPLES = 6
MODULES, NETWORKS = "_modules_asked", "_networks_asked"


def ask_module(part: Part, name: str, cases: list[Case], bindings: Sequence[Binding]) -> Asked:
    """Ask for the module's affine maps and what lies between them.

    The values: "made" counts what was made, "traced" is how it answers, "standing" what it
    holds, and "own" what the activations of the first network of the notebook's own (the
    part's `of`) make of the same numbers.
    """
    steps = (
        taken_along(MODULES, answers, learning, modules),
        taken_along(NETWORKS, *TAKEN),
        Step(_made(part, name)),
        Step("_asked_kind", "kind"),
        Step(f"{MODULES}.standing(_asked_module)", "standing"),
        Step(f"{MODULES}.trace(_asked_module, x_asked)", "traced"),
        *_own(part),
    )
    return Asked(steps, {"x_asked": _inputs(part, cases)})


def _made(part: Part, name: str) -> str:
    """Write what makes the module; a rubric's own way comes before trying without arguments."""
    if part.build:
        return f"{part.build}\n_asked_module, _asked_kind = network, {MODULES}.told('class')"
    return (
        f"_asked_module, _asked_kind = {MODULES}.made(globals(), {name!r}, {part.sizes!r})\n"
        f"_asked_kind = {MODULES}.told(_asked_kind)"
    )


def _own(part: Part) -> tuple[Step, ...]:
    """Write what asks the activations of the notebook's own network."""
    if part.of is None:
        return ()
    first = (
        f"{NETWORKS}.layers_of({NETWORKS}.first(globals(), {part.of!r}, {part.sizes!r}, "
        f"{part.forward!r}), {part.forward!r})"
    )
    values = "[traced[f'after{n}'] for n in range(20) if f'after{n}' in traced]"
    return (Step(f"{MODULES}.applied({first}, {values}, {part.forward!r})", "own"),)


def _inputs(part: Part, cases: list[Case]) -> np.ndarray:
    """Return examples (N, 1, D), those of the first case where there are any."""
    if cases:
        x = next(iter(cases[0].arguments.values()))
        return np.asarray(x[:EXAMPLES], dtype=float).reshape(len(x[:EXAMPLES]), 1, -1)
    rng = np.random.default_rng(len(part.sizes))
    return rng.uniform(size=(EXAMPLES, 1, part.sizes[0] if part.sizes else 1))
