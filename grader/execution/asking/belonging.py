"""The student's function that another one belongs to, and how it is had where its name was lost."""

import ast
from collections.abc import Sequence

from grader.execution.asking.definitions import Binding
from grader.execution.asking.places import name_of
from grader.execution.outcome import Step
from grader.rubric.parts import Part


def own_name(part: Part, bindings: Sequence[Binding]) -> str:
    """Return the name of the student's function that a part belongs to."""
    return name_of(_owner(part), bindings)


def restored(part: Part, bindings: Sequence[Binding]) -> tuple[Step, ...]:
    """Define the function again where its name stands for something else in the end."""
    name = own_name(part, bindings)
    bound = [one for one in bindings if one.name == name]
    defined = [one for one in bound if one.kind == "function"]
    lost = bool(defined) and bound[-1].kind == "value"
    return (Step(defined[-1].source),) if lost else ()


def parameters_of(name: str, bindings: Sequence[Binding]) -> tuple[str, ...]:
    """Return the parameters of a function, or of a class's constructor, as they are named."""
    sources = [one.source for one in bindings if one.name == name and one.kind != "value"]
    return parameters_in(sources[-1]) if sources else ()


def parameters_in(source: str) -> tuple[str, ...]:
    """Return the parameters that a definition has."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef):
            made = [one for one in node.body if _is_constructor(one)]
            return _names(made[-1].args)[1:] if made else ()  # type: ignore[attr-defined]
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            return _names(node.args)
    return ()


def _is_constructor(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef) and node.name == "__init__"


def _names(arguments: ast.arguments) -> tuple[str, ...]:
    return tuple(one.arg for one in (*arguments.posonlyargs, *arguments.args))


def _owner(part: Part) -> Part:
    update: dict[str, object] = {"probe": "function", "name": part.of, "aliases": [], "of": None}
    return part.model_copy(update=update)
