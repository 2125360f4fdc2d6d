"""Code that probes take along: it runs in a fork of the notebook's process, from its source."""

import ast
import inspect
from functools import cache
from types import ModuleType

from grader.execution.outcome import Step


@cache
def taken_along(name: str, *modules: ModuleType) -> Step:
    """Make the step that puts functions of modules within reach of the steps after it.

    They stand under one name, so that none of the notebook's is covered. What modules import of
    each other has to travel as well, before it.
    """
    source = "\n".join(_own_source(module) for module in modules)
    lines = (
        "import types",
        f"{name} = types.ModuleType({name!r})",
        f"exec({source!r}, {name}.__dict__)",
    )
    return Step("\n".join(lines))


def _own_source(module: ModuleType) -> str:
    """Return a module's source without its imports of the grader's, which is not there."""
    tree = ast.parse(inspect.getsource(module))
    tree.body = [one for one in tree.body if not _is_ours(one)]
    return ast.unparse(tree)


def _is_ours(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ImportFrom) and (statement.module or "").startswith("grader.")
