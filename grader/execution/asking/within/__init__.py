"""Code that probes take along: it runs in a fork of the notebook's process, from its source."""

import inspect
from types import ModuleType

from grader.execution.outcome import Step


def taken_along(module: ModuleType, name: str) -> Step:
    """Make the step that puts a module's functions within reach of the steps after it.

    They stand under one name, so that none of the notebook's is covered.
    """
    source = inspect.getsource(module)
    lines = (
        "import types",
        f"{name} = types.ModuleType({name!r})",
        f"exec({source!r}, {name}.__dict__)",
    )
    return Step("\n".join(lines))
