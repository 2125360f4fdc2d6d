"""Slips of the hand as operators on syntax trees: what may stand in place of a piece of code."""

import ast
import copy
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from grader.trial.code_operators import (
    changed_positions,
    loosened_comparisons,
    nudged_zeros,
    swapped_functions,
    swapped_operands,
    swapped_statements,
    unstored_attributes,
)
from grader.trial.surroundings import Surroundings

Operator = Callable[[ast.AST, Surroundings], Iterator[ast.AST]]
Node = TypeVar("Node", bound=ast.AST)

_SIGNS: Mapping[type[ast.AST], type[ast.AST]] = {ast.Add: ast.Sub, ast.Sub: ast.Add}
_PRODUCTS: Mapping[type[ast.AST], type[ast.AST]] = {ast.Mult: ast.Div, ast.Div: ast.Mult}
_COMPARISONS: Mapping[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
}
_AXES = ("axis", "dim")
_COUNTERPARTS = {
    "sum": "mean",
    "mean": "sum",
    "maximum": "minimum",
    "minimum": "maximum",
    "max": "min",
    "min": "max",
    "argmax": "argmin",
    "argmin": "argmax",
    "zeros": "ones",
    "ones": "zeros",
    "log": "log1p",
    "exp": "expm1",
    "train": "eval",
    "eval": "train",
    "tanh": "arctan",
    "cosh": "sinh",
    "Tanh": "Sigmoid",
    "Sigmoid": "Tanh",
    "std": "var",
    "rand": "randn",
    "randn": "rand",
}


def flipped_signs(node: ast.AST, _: Surroundings) -> Iterator[ast.AST]:
    """Yield + for -, - for +, and a number for its negative."""
    if isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in _SIGNS:
        yield _with(node, op=_SIGNS[type(node.op)]())
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield node.operand


def dropped_terms(node: ast.AST, _: Surroundings) -> Iterator[ast.AST]:
    """Yield either term of a sum or difference."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        yield node.left
        difference = isinstance(node.op, ast.Sub)
        yield ast.UnaryOp(ast.USub(), node.right) if difference else node.right


def swapped_products(node: ast.AST, _: Surroundings) -> Iterator[ast.AST]:
    """Yield / for * and * for /."""
    if isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in _PRODUCTS:
        yield _with(node, op=_PRODUCTS[type(node.op)]())


def dropped_factors(node: ast.AST, _: Surroundings) -> Iterator[ast.AST]:
    """Yield either factor of a product, and what is divided: the scaling is missing."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.MatMult | ast.Div):
        yield node.left
        if not isinstance(node.op, ast.Div):
            yield node.right


def transposes(node: ast.AST, _: Surroundings) -> Iterator[ast.AST]:
    """Yield a matrix for its transpose, and the transpose where two matrices are multiplied."""
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield node.value
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        yield _with(node, left=node.right, right=node.left)


def changed_axes(node: ast.AST, _: Surroundings) -> Iterator[ast.AST]:
    """Yield another axis."""
    if isinstance(node, ast.keyword) and node.arg in _AXES:
        first = isinstance(node.value, ast.Constant) and node.value.value == 0
        yield _with(node, value=ast.Constant(1 if first else 0))


def shifted_ranges(node: ast.AST, _: Surroundings) -> Iterator[ast.AST]:
    """Yield ranges and slices one longer, one shorter, and one that begins too late."""
    if isinstance(node, ast.Call) and _name(node.func) == "range" and node.args:
        place = min(len(node.args), 2) - 1
        for by in (-1, 1):
            yield _with(node, args=_replaced(node.args, place, _plus(node.args[place], by)))
        if len(node.args) == 1:
            yield _with(node, args=[ast.Constant(1), *node.args])
    if isinstance(node, ast.Slice):
        yield _with(node, lower=_plus(node.lower, 1) if node.lower else ast.Constant(1))
        yield _with(node, upper=_plus(node.upper, -1) if node.upper else ast.Constant(-1))


def turned_comparisons(node: ast.AST, _: Surroundings) -> Iterator[ast.AST]:
    """Yield the opposite of a comparison."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _COMPARISONS:
        yield _with(node, ops=[_COMPARISONS[type(node.ops[0])]()])


def changed_constants(node: ast.AST, around: Surroundings) -> Iterator[ast.AST]:
    """Yield other numbers, and False for True, where they stand alone."""
    if not isinstance(node, ast.Constant) or around.in_data(node) or around.is_axis(node):
        return
    known = node.value
    if isinstance(known, bool):
        yield ast.Constant(not known)
    elif isinstance(known, int):
        yield from (ast.Constant(known + by) for by in ((1, -1) if known > 1 else (1,)))
    elif isinstance(known, float):
        yield ast.Constant(2 * known if known else 1.0)
        if 0 < known < 1:
            yield ast.Constant(round(1 - known, 12))


def mistyped_data(node: ast.AST, around: Surroundings) -> Iterator[ast.AST]:
    """Yield rows of numbers whose last one is mistyped."""
    if isinstance(node, ast.List) and node.elts and all(map(around.is_number, node.elts)):
        last = node.elts[-1]
        value = ast.literal_eval(last)
        yield _with(node, elts=[*node.elts[:-1], ast.Constant(value + 1)])


def dropped_arguments(node: ast.AST, around: Surroundings) -> Iterator[ast.AST]:
    """Yield calls with one argument less."""
    if not isinstance(node, ast.Call) or _name(node.func) == "print":
        return
    for place in range(len(node.keywords)):
        yield _with(node, keywords=_without(node.keywords, place))
    if len(node.args) > (1 if around.is_plain_function(node.func) else 0):
        yield _with(node, args=node.args[:-1])


def dropped_calls(node: ast.AST, around: Surroundings) -> Iterator[ast.AST]:
    """Yield what a method or a function was applied to: a copy is missing, a step is left out."""
    if not isinstance(node, ast.Call) or around.is_statement(node):
        return
    if around.is_plain_function(node.func):
        if node.args and _name(node.func) not in ("print", "range", "super"):
            yield node.args[0]
    elif isinstance(node.func, ast.Attribute):
        yield node.func.value


def doubled_calls(node: ast.AST, around: Surroundings) -> Iterator[ast.AST]:
    """Yield a function applied twice."""
    if not isinstance(node, ast.Call) or around.is_statement(node):
        return
    if node.args and around.is_plain_function(node.func) and _name(node.func) != "range":
        yield _with(node, args=[node, *node.args[1:]])


def renamed_functions(node: ast.AST, _: Surroundings) -> Iterator[ast.AST]:
    """Yield the function that is easily taken for another: mean for sum, min for max."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        other = _COUNTERPARTS.get(node.func.attr)
        if other:
            yield _with(node, func=_with(node.func, attr=other))


def deleted_statements(node: ast.AST, around: Surroundings) -> Iterator[ast.AST]:
    """Yield nothing for a statement without which what follows still runs."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        if _name(node.value.func) != "print":
            yield ast.Pass()
    elif isinstance(node, ast.AugAssign) or (
        isinstance(node, ast.Assign) and around.assigned_before(node)
    ):
        yield ast.Pass()


OPERATORS: Mapping[str, Operator] = {
    "sign flipped": flipped_signs,
    "term dropped": dropped_terms,
    "* and / swapped": swapped_products,
    "factor dropped": dropped_factors,
    "transposed": transposes,
    "axis changed": changed_axes,
    "off by one": shifted_ranges,
    "comparison turned": turned_comparisons,
    "constant changed": changed_constants,
    "data mistyped": mistyped_data,
    "argument dropped": dropped_arguments,
    "call dropped": dropped_calls,
    "called twice": doubled_calls,
    "function mistaken": renamed_functions,
    "statement deleted": deleted_statements,
    "operands swapped": swapped_operands,
    "axis moved": changed_positions,
    "comparison loosened": loosened_comparisons,
    "zero nudged": nudged_zeros,
    "function swapped": swapped_functions,
    "not stored": unstored_attributes,
    "order changed": swapped_statements,
}


def _with(node: Node, **fields: object) -> Node:
    """Copy a node with some fields changed."""
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _plus(node: ast.expr, by: int) -> ast.expr:
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return ast.Constant(node.value + by)
    return ast.BinOp(node, ast.Add() if by > 0 else ast.Sub(), ast.Constant(abs(by)))


def _replaced(nodes: list[ast.expr], place: int, node: ast.expr) -> list[ast.expr]:
    return [*nodes[:place], node, *nodes[place + 1 :]]


def _without(nodes: list[ast.keyword], place: int) -> list[ast.keyword]:
    return nodes[:place] + nodes[place + 1 :]


def _name(node: ast.expr) -> str | None:
    return node.id if isinstance(node, ast.Name) else None
