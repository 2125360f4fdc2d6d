"""The values of expressions that are made of numbers only, found without running them."""

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

Kind = Literal["number", "list", "range", "numpy", "torch"]
_LONGEST = 10_000  # entries
_MOST_STEPS = 200_000  # expressions of a notebook; loops in loops would never end
_NOTHING: Mapping[str, float] = {}
_FAILURES = (ArithmeticError, ValueError, TypeError, IndexError, MemoryError, RecursionError)
_OPERATIONS = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.FloorDiv: np.floor_divide,
    ast.Pow: np.power,
}


@dataclass(frozen=True)
class Value:
    """What an expression is worth: its numbers, and what Python holds them in.

    `leaves` are the nodes that each number stands in alone, in the shape of the numbers; None
    where numbers are computed together.
    """

    numbers: np.ndarray
    kind: Kind
    whole: bool  # whether its type holds whole numbers only
    leaves: np.ndarray | None = None

    @property
    def is_array(self) -> bool:
        """Whether it is an array or a tensor."""
        return self.kind in ("numpy", "torch")


def with_numbers(value: Value, numbers: np.ndarray, leaves: np.ndarray | None) -> Value:
    """Return a value of the same kind with its numbers otherwise arranged."""
    return replace(value, numbers=numbers, leaves=leaves)


class Expressions:
    """Expressions of a notebook that imports NumPy and PyTorch under certain names."""

    def __init__(self, imports: Mapping[str, str], call: "Call") -> None:
        """Take what evaluates calls, and what each name was imported from: np is numpy."""
        self.imports = imports
        self._call = call
        self._steps = 0

    def value_of(self, node: ast.expr, names: Mapping[str, float] = _NOTHING) -> Value | None:
        """Return what an expression is worth; None where more than numbers goes into it.

        Args:
            node: the expression.
            names: of loops around it, with the numbers they stand for.

        """
        try:
            with np.errstate(all="ignore"):
                return self._value_of(node, names)
        except _FAILURES:
            return None

    def _value_of(self, node: ast.expr, names: Mapping[str, float]) -> Value | None:
        self._steps += 1
        if self._steps > _MOST_STEPS:
            return None
        return self._single(node, names) or self._composed(node, names)

    def _single(self, node: ast.expr, names: Mapping[str, float]) -> Value | None:
        match node:
            case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
                return _number(float(number), isinstance(number, int), node, names)
            case ast.Name(id=name) if name in names:
                return Value(np.asarray(names[name]), "number", names[name].is_integer())
            case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=operand):
                return self._signed(node, sign, operand, names)
        return None

    def _composed(self, node: ast.expr, names: Mapping[str, float]) -> Value | None:
        match node:
            case ast.List(elts=elements) | ast.Tuple(elts=elements):
                return self._list([self._value_of(element, names) for element in elements])
            case ast.ListComp(elt=element, generators=[one]):
                return self._comprehension(element, one, names)
            case ast.BinOp(left=left, op=operator, right=right):
                pair = (self._value_of(left, names), self._value_of(right, names))
                return _operation(node, operator, *pair, names)
            case ast.Attribute(value=inner, attr="T"):
                value = self._value_of(inner, names)
                return _transposed(value) if value and value.is_array else None
            case ast.Call():
                return self._call(self, node, names)
        return None

    def _signed(
        self, node: ast.expr, sign: ast.unaryop, operand: ast.expr, names: Mapping[str, float]
    ) -> Value | None:
        value = self._value_of(operand, names)
        if value is None or value.kind in ("list", "range"):
            return None
        numbers = -value.numbers if isinstance(sign, ast.USub) else value.numbers
        return _computed(value.kind, numbers, value.whole, node, names)

    def _list(self, values: Sequence[Value | None]) -> Value | None:
        found = [value for value in values if value is not None and value.kind != "range"]
        if not found or len(found) < len(values) or len({v.numbers.shape for v in found}) != 1:
            return None
        known = [value.leaves for value in found if value.leaves is not None]
        leaves = np.stack(known) if len(known) == len(found) else None
        if leaves is None and any(value.is_array for value in found):
            return None  # a list of arrays is no list of lists
        whole = all(value.whole for value in found)
        return Value(np.stack([value.numbers for value in found]), "list", whole, leaves)

    def _comprehension(
        self, element: ast.expr, loop: ast.comprehension, names: Mapping[str, float]
    ) -> Value | None:
        over = self._value_of(loop.iter, names)
        if over is None or over.numbers.ndim != 1 or loop.ifs or loop.is_async:
            return None
        if not isinstance(loop.target, ast.Name) or over.numbers.size > _LONGEST // 10:
            return None
        target = loop.target.id
        each = [self._value_of(element, {**names, target: n}) for n in over.numbers.tolist()]
        return self._list(each)


Call = Callable[[Expressions, ast.Call, Mapping[str, float]], Value | None]


def _number(number: float, whole: bool, node: ast.expr, names: Mapping[str, float]) -> Value:
    return _computed("number", np.asarray(number), whole, node, names)


def _computed(
    kind: Kind, numbers: np.ndarray, whole: bool, node: ast.expr, names: Mapping[str, float]
) -> Value:
    """Return a value whose node stands for it; not in a loop, where it stands for several."""
    leaf = None
    if kind == "number" and not names:
        leaf = np.empty((), dtype=object)
        leaf[()] = node
    return Value(numbers, kind, whole, leaf)


def _operation(
    node: ast.expr,
    operator: ast.operator,
    left: Value | None,
    right: Value | None,
    names: Mapping[str, float],
) -> Value | None:
    if left is None or right is None or type(operator) not in _OPERATIONS:
        return None
    kinds = {left.kind, right.kind}
    if not kinds <= {"number", "numpy", "list"} and not kinds <= {"number", "torch"}:
        return None
    if "list" in kinds and "numpy" not in kinds:
        return None
    kind: Kind = "torch" if "torch" in kinds else "numpy" if "numpy" in kinds else "number"
    numbers = np.asarray(_OPERATIONS[type(operator)](left.numbers, right.numbers))
    whole = left.whole and right.whole and not isinstance(operator, ast.Div)
    return _computed(kind, numbers, whole, node, names)


def _transposed(value: Value) -> Value:
    return with_numbers(value, value.numbers.T, None if value.leaves is None else value.leaves.T)
