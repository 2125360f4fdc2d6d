"""Steps that build a layer, go forward and back through it, and look at what it keeps."""

from collections.abc import Sequence

import numpy as np

from grader.execution.asking.asked import Asked
from grader.execution.asking.cases import Case, flat, sent_name
from grader.execution.asking.definitions import Binding
from grader.execution.asking.functions import argument
from grader.execution.outcome import Step
from grader.rubric.parts import Part

OUTPUTS_FIRST = "outputs_first"  # whether its constructor takes them in this order
COLUMNS = "columns"  # whether it takes examples as columns
_TURNED = "turned"  # hands arrays over, and takes them back, the way it wants them
FORWARD, BACKWARD = "forward_renamed", "backward_renamed"  # withheld: under another name
INITIAL = (70, 27)  # of layers whose weights are counted: no two usual variances are alike
LAYERS = 30


def ask_layer(part: Part, name: str, cases: list[Case], bindings: Sequence[Binding]) -> Asked:
    """Ask for a fresh layer in each case what it gives and keeps.

    In "layer0", "kept0" and "after0" there are the numbers it keeps: new, once it went
    forward, and once it went back; "forward0", "backward0" and, forward once more, "again0"
    are what it gave. Then it goes forward with the input's sign reversed ("onward0") and back
    once more: "backward_again0", "later0". "initial" has layers that were only built. A case
    has the input of the layer, the gradient of its output and the learning rate.
    """
    methods = {method for one in bindings if one.name == name for method in one.methods}
    forward, backward = _method(part.forward, methods), _method(part.backward, methods)
    steps = [Step(name, "asked"), *_ordered(name, cases, forward)]
    for number, case in enumerate(cases):
        steps += _steps(name, number, case, (forward, backward))
    steps.append(Step(f"[{_built(name, *INITIAL)} for _ in range({LAYERS})]", "initial"))
    withheld = {
        FORWARD: np.array(forward != part.forward),
        BACKWARD: np.array(backward != part.backward),
    }
    return Asked(tuple(steps), flat(cases), withheld)


def _ordered(name: str, cases: list[Case], forward: str) -> list[Step]:
    """Find out in which order the constructor wants the sizes, and whether examples are columns.

    The usual way is left only where it fails and another does not.
    """
    if not cases:
        return []
    built, sent = _built(name, *_sizes(cases[0])), sent_name(0, next(iter(cases[0].arguments)))
    code = f"""
{OUTPUTS_FIRST} = {COLUMNS} = False
def {_TURNED}(value):
    return value.T if {COLUMNS} and hasattr(value, "T") else value
for {COLUMNS}, {OUTPUTS_FIRST} in ((False, False), (False, True), (True, False), (True, True)):
    try:
        {built}.{forward}({_TURNED}({sent}))
        break
    except Exception:
        pass
else:
    {OUTPUTS_FIRST} = {COLUMNS} = False
"""
    return [Step(code), Step(OUTPUTS_FIRST, OUTPUTS_FIRST), Step(COLUMNS, COLUMNS)]


def _steps(name: str, number: int, case: Case, methods: tuple[str, str]) -> list[Step]:
    x, grad, rate = case.arguments
    layer, sent = f"layer{number}", sent_name(number, x)
    forward, backward = (f"{_TURNED}({layer}.{method}(" for method in methods)
    back = f"{backward}{_TURNED}({sent_name(number, grad)}), {argument(number, rate, case)}))"
    return [
        Step(_built(name, *_sizes(case)), layer),
        Step(f"{forward}{_TURNED}({sent})))", f"forward{number}"),
        Step(layer, f"kept{number}"),
        Step(back, f"backward{number}"),
        Step(layer, f"after{number}"),
        Step(f"{forward}{_TURNED}({sent})))", f"again{number}"),
        Step(f"{forward}{_TURNED}(-{sent})))", f"onward{number}"),
        Step(back, f"backward_again{number}"),
        Step(layer, f"later{number}"),
    ]


def _sizes(case: Case) -> tuple[int, int]:
    """Return the inputs and the outputs of the layer of a case."""
    x, grad, _ = case.arguments.values()
    return x.shape[-1], grad.shape[-1]


def _built(name: str, inputs: int, outputs: int) -> str:
    return f"({name}({outputs}, {inputs}) if {OUTPUTS_FIRST} else {name}({inputs}, {outputs}))"


def _method(wanted: str, methods: set[str]) -> str:
    """Return the name of a method; of another one that is called alike, where it is the only."""
    start = wanted.partition("_")[0].casefold()
    alike = [one for one in methods if one.casefold().startswith(start)]
    return alike[0] if wanted not in methods and len(alike) == 1 else wanted
