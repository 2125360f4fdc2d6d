"""Where a notebook's own functions and classes are defined, and where their names go elsewhere."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from grader.execution.blank import number_cells
from grader.intake.perturbation.source import parse_cell

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_SCOPES = (*_FUNCTIONS, ast.ClassDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(frozen=True)
class Binding:
    """One place where a name of the notebook gets what it stands for."""

    name: str
    cell: int
    kind: Literal["function", "class", "value"]
    source: str = ""  # of a function or class
    methods: frozenset[str] = frozenset()  # of a class
    bases: tuple[str, ...] = ()  # of a class, as they are written
    imported: bool = False


def bindings_of(notebook: Any) -> list[Binding]:
    """List where a notebook binds names at its top level, in order."""
    found: list[Binding] = []
    for index, number in number_cells(notebook):
        source = str(notebook["cells"][index]["source"])
        tree = parse_cell(source)
        if tree is not None:
            found.extend(_within(tree, number))
    return found


def _within(node: ast.AST, cell: int) -> Iterator[Binding]:
    """Yield what the statements of a cell bind; what functions do inside stays theirs."""
    for child in ast.iter_child_nodes(node):
        yield from _of(child, cell)
        if not isinstance(child, (*_SCOPES, *_COMPREHENSIONS)):
            yield from _within(child, cell)


def _of(node: ast.AST, cell: int) -> Iterator[Binding]:
    if isinstance(node, _FUNCTIONS):
        yield Binding(node.name, cell, "function", _text(node))
    elif isinstance(node, ast.ClassDef):
        methods = frozenset(one.name for one in node.body if isinstance(one, _FUNCTIONS))
        bases = tuple(ast.unparse(base) for base in node.bases)
        yield Binding(node.name, cell, "class", _text(node), methods, bases)
    elif isinstance(node, ast.Assign) and _makes_function(node.value):
        names = [target.id for target in node.targets if isinstance(target, ast.Name)]
        yield from (Binding(name, cell, "function", _text(node)) for name in names)
    elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.For | ast.NamedExpr):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        yield from (Binding(name, cell, "value") for one in targets for name in _names(one))
    elif isinstance(node, ast.Import | ast.ImportFrom):
        yield from (
            Binding(alias.asname or alias.name.partition(".")[0], cell, "value", imported=True)
            for alias in node.names
        )


def _makes_function(value: ast.expr) -> bool:
    """Tell `f = lambda x: ...` and `f = np.vectorize(lambda x: ...)` from other values."""
    if isinstance(value, ast.Call):
        return any(isinstance(argument, ast.Lambda) for argument in value.args)
    return isinstance(value, ast.Lambda)


def _names(target: ast.expr) -> Iterator[str]:
    """Yield the names a target binds; an attribute or an entry binds none."""
    if isinstance(target, ast.Name):
        yield target.id
    elif isinstance(target, ast.Tuple | ast.List):
        for one in target.elts:
            yield from _names(one)
    elif isinstance(target, ast.Starred):
        yield from _names(target.value)


def _text(node: ast.stmt) -> str:
    """Return a statement's source, decorators and all, as if it stood alone."""
    try:
        return ast.unparse(node)
    except (RecursionError, ValueError):
        return ""
