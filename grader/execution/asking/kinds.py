"""The kinds of parts there are, and what makes the steps of each."""

from collections.abc import Callable, Sequence

from grader.execution.asking.asked import Asked
from grader.execution.asking.cases import Case
from grader.execution.asking.definitions import Binding
from grader.execution.asking.derivatives import ask_derivative
from grader.execution.asking.functions import ask_function
from grader.execution.asking.layers import ask_layer
from grader.execution.asking.losses import ask_loss
from grader.execution.asking.modules import ask_module
from grader.execution.asking.networks import ask_network
from grader.execution.asking.trainings import ask_training
from grader.rubric.parts import Kind, Part

Asker = Callable[[Part, str, list[Case], Sequence[Binding]], Asked]

_ASKERS: dict[Kind, Asker] = {
    "function": ask_function,
    "derivative": ask_derivative,
    "loss": ask_loss,
    "layer": ask_layer,
    "module": ask_module,
    "network": ask_network,
    "training": ask_training,
    "contest": ask_training,
}


def ask(part: Part, name: str, cases: list[Case], bindings: Sequence[Binding]) -> Asked:
    """Make what is asked of a part.

    Args:
        part: of a question.
        name: under which it was found in the notebook.
        cases: inputs, as the reference made them.
        bindings: of the notebook; by them, what belongs together is found.

    """
    return _ASKERS[part.probe](part, name, cases, bindings)
