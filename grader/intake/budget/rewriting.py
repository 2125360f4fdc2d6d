"""A notebook rewritten within a budget."""

import ast
import math
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from grader.intake.budget.edits import applied, parse_timed
from grader.intake.budget.model import Budgeted, Change, Limits, Scalar
from grader.intake.budget.preparation import superseded
from grader.intake.budget.search import Facts, Search

REWRITING = 1  # to be raised with every change to what notebooks are rewritten to


@dataclass(frozen=True)
class _Finite:
    """The limits that can be written down."""

    set: dict[str, Scalar]
    first: dict[str, int]
    loops: dict[str, int]


def within_budget(notebook: Any, budget: Limits) -> Budgeted:
    """Copy a notebook, and change its code as far as it goes beyond a budget.

    Nothing the notebook does is made longer: a smaller number and shorter data stay, and so
    does what is no number or cannot be sliced. No name is added, all lines keep their places
    but where a body begins with a compound statement, and cells that are no Python stay.
    """
    limits = _finite(budget)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    trees = [parse_timed(cell.source) for cell in code]
    facts = _facts([tree for tree in trees if tree is not None], limits)
    changed = deepcopy(notebook)
    copies = [cell for cell in changed.cells if cell.cell_type == "code"]
    told: list[Change] = []
    for number, (cell, tree) in enumerate(zip(copies, trees, strict=True), start=1):
        if tree is not None:
            cell.source, changes = _rewritten(cell.source, tree, limits, facts, number)
            told += changes
    return Budgeted(changed, tuple(told))


def _rewritten(
    source: str, tree: ast.Module, limits: Limits, facts: Facts, number: int
) -> tuple[str, list[Change]]:
    """Rewrite a cell; one nested deeper than anybody writes stays."""
    search = Search(limits, facts, source, number)
    try:
        search.visit(tree)
        changed = applied(source, search.edits) if search.edits else None
    except RecursionError:
        changed = None
    if changed is None:
        return source, []
    order = sorted(search.changes, key=lambda change: change.line)
    return changed, list(dict.fromkeys(order))


def _finite(budget: Limits) -> _Finite:
    numbers = {name: limit for name, limit in budget.set.items() if math.isfinite(limit)}
    return _Finite(numbers, dict(budget.first), dict(budget.loops))


def _facts(trees: Sequence[ast.Module], limits: Limits) -> Facts:
    nodes = [node for tree in trees for node in ast.walk(tree)]
    try:
        again = superseded(trees, limits.first.keys() - limits.set.keys())
    except RecursionError:
        again = frozenset()
    return Facts(
        superseded=again,
        inspected=frozenset(name for node in nodes if (name := _inspected(node))),
        torch=any(name.split(".")[0] in ("torch", "torchvision") for name in _imported(nodes)),
        plain_range=not any(_binds_range(node) for node in nodes),
    )


def _inspected(node: ast.AST) -> str:
    """Name the variable of which a node reads an attribute."""
    reads = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    return node.value.id if reads else ""  # type: ignore[attr-defined]


def _imported(nodes: Sequence[ast.AST]) -> list[str]:
    names = [one.name for node in nodes if isinstance(node, ast.Import) for one in node.names]
    return names + [one.module or "" for one in nodes if isinstance(one, ast.ImportFrom)]


def _binds_range(node: ast.AST) -> bool:
    match node:
        case ast.Name(id="range", ctx=ast.Store()) | ast.arg(arg="range"):
            return True
        case ast.FunctionDef(name="range") | ast.alias(asname="range"):
            return True
        case ast.ImportFrom(names=names) | ast.Import(names=names):
            return any(one.name in ("range", "*") and not one.asname for one in names)
    return False
