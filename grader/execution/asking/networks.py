"""Steps that build a network from the student's own layers, and have it predict."""

from collections.abc import Sequence

from grader.execution.asking.asked import Asked
from grader.execution.asking.cases import Case, flat, sent_name
from grader.execution.asking.definitions import Binding
from grader.execution.asking.within import answers, predictions, taken_along
from grader.execution.outcome import Step
from grader.rubric.parts import Part

NETWORKS = "_networks_asked"


def ask_network(part: Part, name: str, cases: list[Case], bindings: Sequence[Binding]) -> Asked:
    """Ask a network for outputs, and with labels for loss and accuracy.

    The part's `build` makes `network` out of layers, which it may leave behind as the list
    `layers`; else they are found in the network. The values, for the case n: "plain<n>" is
    what `predict` gives for the examples, "case<n>" what it gives with labels, "own<n>" what
    the layers give one by one.
    """
    built = part.build or f"network = {name}()"
    first = sent_name(0, next(iter(cases[0].arguments))) if cases else "None"
    found = f"globals().get('layers') or {NETWORKS}.layers_of(network, {part.forward!r})"
    asked = [step for n, case in enumerate(cases) for step in _of_case(part, n, case)]
    steps = (
        Step(f"callable({name})", "class"),
        taken_along(NETWORKS, answers, predictions),
        Step(built),
        Step(f"len({found})", "built"),
        Step(f"{NETWORKS}.mended({found}, {first}, {part.forward!r})", "mended"),
        *asked,
    )
    return Asked(steps, flat(cases))


def _of_case(part: Part, number: int, case: Case) -> tuple[Step, ...]:
    sent = [sent_name(number, key) for key in case.arguments]
    layers = f"globals().get('layers') or {NETWORKS}.layers_of(network, {part.forward!r})"
    return (
        Step(f"{NETWORKS}.composed({layers}, {sent[0]}, {part.forward!r})", f"own{number}"),
        Step(f"{NETWORKS}.asked(network, [{sent[0]}])", f"plain{number}"),
        Step(f"{NETWORKS}.asked(network, [{', '.join(sent)}])", f"case{number}"),
        Step(f"{NETWORKS}.own_loss(network, {sent[-1]}, own{number})", f"loss{number}"),
    )
