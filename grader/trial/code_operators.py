"""Slips of the hand in functions and classes of numerics, as operators on syntax trees."""

import ast
import copy
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import TypeVar

from grader.trial.surroundings import Surroundings

Node = TypeVar("Node", bound=ast.AST)

_PRODUCTS = ("dot", "matmul", "outer")
_REDUCTIONS = ("sum", "mean", "max", "min", "argmax", "argmin", "std", "var")
_NEARBY: Mapping[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
}
_NUDGE = 0.01


def swapped_operands(node: ast.AST, _: Surroundings) -> Iterator[ast.AST]:
    """Yield a product, or the call of a function of two, with its operands in the other order."""
    if not isinstance(node, ast.Call) or node.keywords:
        return
    if len(node.args) == 2 and not (isinstance(node.func, ast.Name) and node.func.id == "print"):
        yield _with(node, args=node.args[::-1])
    elif isinstance(node.func, ast.Attribute) and node.func.attr in _PRODUCTS and node.args:
        yield _with(node, func=_with(node.func, value=node.args[0]), args=[node.func.value])


def changed_positions(node: ast.AST, around: Surroundings) -> Iterator[ast.AST]:
    """Yield another axis where it is handed over without its name."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return
    place = 1 if around.is_plain_function(node.func) else 0
    if node.func.attr in _REDUCTIONS and len(node.args) > place:
        axis = node.args[place]
        if isinstance(axis, ast.Constant) and type(axis.value) is int:
            other = ast.Constant(1 if axis.value == 0 else 0)
            yield _with(node, args=[*node.args[:place], other, *node.args[place + 1 :]])


def loosened_comparisons(node: ast.AST, _: Surroundings) -> Iterator[ast.AST]:
    """Yield >= for > and the like: what happens at the edge is another matter."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _NEARBY:
        yield _with(node, ops=[_NEARBY[type(node.ops[0])]()])


def nudged_zeros(node: ast.AST, around: Surroundings) -> Iterator[ast.AST]:
    """Yield a small number for 0, where it is compared or computed with."""
    if not isinstance(node, ast.Constant) or type(node.value) not in (int, float) or node.value:
        return
    parent = around.parent(node)
    called = isinstance(parent, ast.Call) and not _is_range(parent)
    if called or isinstance(parent, ast.Compare | ast.BinOp | ast.Return):
        yield ast.Constant(_NUDGE)


def swapped_functions(node: ast.AST, around: Surroundings) -> Iterator[ast.AST]:
    """Yield another function of the same cell where one is handed over or called."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        arity = around.functions.get(node.id)
        others = [name for name, count in around.functions.items() if count == arity]
        if arity is not None and len(others) > 1:
            yield ast.Name(others[(others.index(node.id) + 1) % len(others)], ast.Load())


def unstored_attributes(node: ast.AST, _: Surroundings) -> Iterator[ast.AST]:
    """Yield nothing for what keeps a value in an object: it is forgotten, or stays as it was."""
    if isinstance(node, ast.Assign) and all(isinstance(t, ast.Attribute) for t in node.targets):
        yield ast.Pass()


def swapped_statements(node: ast.AST, _: Surroundings) -> Iterator[ast.AST]:
    """Yield functions with two neighbouring statements in the other order, where it matters."""
    if not isinstance(node, ast.FunctionDef | ast.For):
        return
    for place, (first, second) in enumerate(pairwise(node.body)):
        if _is_step(first) and _is_step(second) and _depend(first, second):
            swapped = [*node.body[:place], second, first, *node.body[place + 2 :]]
            yield _with(node, body=swapped)


def _is_step(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign | ast.AugAssign) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    )


def _depend(first: ast.stmt, second: ast.stmt) -> bool:
    """Say whether one of two statements changes what the other one mentions."""
    changed, mentioned = [], []
    for one in (first, second):
        names = {_dotted(n): n for n in ast.walk(one) if isinstance(n, ast.Name | ast.Attribute)}
        changed.append({k for k, n in names.items() if isinstance(n.ctx, ast.Store)})
        mentioned.append(set(names))
    return bool(changed[0] & mentioned[1]) or bool(changed[1] & mentioned[0])


def _dotted(node: ast.AST) -> str:
    return ast.unparse(node)


def _is_range(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Name) and node.func.id == "range"


def _with(node: Node, **fields: object) -> Node:
    """Copy a node with some fields changed."""
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed
