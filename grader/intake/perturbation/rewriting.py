"""A notebook with the given constants changed in its source, and which of them were found."""

import ast
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.intake.perturbation.calls import value_of_call
from grader.intake.perturbation.constants import Changes, Piece, find_change, is_same, pieces_of
from grader.intake.perturbation.evaluation import Expressions, Value
from grader.intake.perturbation.source import Edit, apply_edits, parse_cell, text_of

_SHAPED = frozenset(
    {"zeros", "ones", "empty", "full", "reshape", "view", "rand", "randn", "random", "expand"}
    | {"normal", "uniform", "randint", "integers", "permute", "transpose", "tile", "repeat"}
)
_SHAPES = frozenset({"size", "shape", "figsize", "axis", "dim"})  # keywords


@dataclass(frozen=True)
class Perturbed:
    """A notebook without outputs, and the names of the constants that were found, and not."""

    notebook: Any
    found: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class _Place:
    """An expression of a cell that is worth a constant, or a piece of some."""

    cell: int
    node: ast.expr
    value: Value
    new: np.ndarray
    names: frozenset[str]
    piece: Piece | None = None


def perturb(notebook: Any, changes: Changes) -> Perturbed:
    """Change constants wherever they stand in a notebook's source in a form that is known.

    Rows or columns that stand by themselves are taken for a matrix's own where all of them do.
    """
    sources = [cell.source if cell.cell_type == "code" else "" for cell in notebook.cells]
    trees = [parse_cell(source) for source in sources]
    expressions = Expressions(_imports(trees), value_of_call)
    places = [
        place
        for number, tree in enumerate(trees)
        if tree is not None
        for place in _places(_Search(expressions, changes, number), tree)
    ]
    chosen = _without_stray_pieces(places)
    texts = [(place, edits) for place in chosen if (edits := _edits(place, sources[place.cell]))]
    changed = deepcopy(notebook)
    for number, cell in enumerate(changed.cells):
        if cell.cell_type == "code":
            own = [edit for place, edits in texts if place.cell == number for edit in edits]
            cell.source = apply_edits(cell.source, own)
            cell.outputs, cell.execution_count = [], None
    known = [changed.cells[n].source != source for n, source in enumerate(sources)]
    names = {name for place, _ in texts if known[place.cell] for name in place.names}
    found = tuple(name for name in changes if name in names)
    return Perturbed(changed, found, tuple(name for name in changes if name not in names))


class _Search:
    """Looks for constants in a cell, the outermost expressions first."""

    def __init__(self, expressions: Expressions, changes: Changes, cell: int) -> None:
        self._expressions = expressions
        self._changes = changes
        self._pieces = pieces_of(changes)
        self._cell = cell

    def places(self, node: ast.AST) -> Iterator[_Place]:
        """Yield where constants stand in a tree."""
        if isinstance(node, ast.expr):
            found = list(self._read(node))
            yield from found
            if any(place.piece is None for place in found):
                return
        for child in _children(node):
            yield from self.places(child)

    def _read(self, node: ast.expr) -> Iterator[_Place]:
        value = self._expressions.value_of(node)
        if value is None or value.kind in ("number", "range"):
            return
        hit = find_change(value.numbers, self._changes)
        if hit is not None:
            yield _Place(self._cell, node, value, hit.new, hit.names)
            return
        plain = np.squeeze(value.numbers)
        for piece in self._pieces:
            if is_same(plain, piece.change.old):
                new = piece.change.new.reshape(value.numbers.shape)
                yield _Place(self._cell, node, value, new, frozenset([piece.name]), piece)


def _places(search: _Search, tree: ast.Module) -> list[_Place]:
    """List where constants stand in a cell; none in one nested deeper than anybody writes."""
    try:
        return list(search.places(tree))
    except RecursionError:
        return []


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the parts of a node in which constants may stand: not in shapes and indices."""
    match node:
        case ast.JoinedStr():
            return
        case ast.Subscript(value=inner):
            yield inner
        case ast.Call(func=called, args=arguments, keywords=keywords):
            shaped = _name(called) in _SHAPED
            yield called
            yield from (
                a for a in arguments if not (shaped and isinstance(a, ast.Tuple | ast.List))
            )
            yield from (word.value for word in keywords if word.arg not in _SHAPES)
        case _:
            yield from ast.iter_child_nodes(node)


def _name(called: ast.expr) -> str:
    if isinstance(called, ast.Attribute):
        return called.attr
    return called.id if isinstance(called, ast.Name) else ""


def _without_stray_pieces(places: Sequence[_Place]) -> list[_Place]:
    """Drop rows and columns of which the others are nowhere, and those read twice."""
    seen = {(p.piece.name, p.piece.axis, p.piece.index) for p in places if p.piece}
    chosen: list[_Place] = []
    taken: set[ast.expr] = set()
    for place in places:
        piece = place.piece
        if piece is not None:
            others = [(piece.name, piece.axis, index) for index in range(piece.count)]
            if not seen.issuperset(others) or place.node in taken:
                continue
            taken.update(n for n in ast.walk(place.node) if isinstance(n, ast.expr))
        chosen.append(place)
    return chosen


def _edits(place: _Place, source: str) -> list[Edit]:
    """Write a constant's new numbers: where the old ones stand singly, in their places."""
    value, new = place.value, place.new
    if value.leaves is not None:
        pairs = zip(value.leaves.ravel().tolist(), new.ravel().tolist(), strict=True)
        return [Edit(leaf, _written(leaf, number)) for leaf, number in pairs]
    whole = bool((new == np.round(new)).all())
    numbers = repr((new.astype(int) if whole and value.whole else new).tolist())
    if value.kind == "list":
        return [Edit(place.node, numbers)]
    old = f"({text_of(place.node, source)})"
    if value.kind == "torch":
        return (
            [Edit(place.node, f"{old}.new_tensor({numbers})")] if whole or not value.whole else []
        )
    typed = f".astype({old}.dtype)" if whole or not value.whole else ""
    return [Edit(place.node, f"({old} * 0 + {numbers}){typed}")]


def _written(leaf: ast.expr, number: float) -> str:
    inner = leaf.operand if isinstance(leaf, ast.UnaryOp) else leaf
    whole = isinstance(inner, ast.Constant) and isinstance(inner.value, int)
    return str(int(number)) if whole and number.is_integer() else repr(float(number))


def _imports(trees: Sequence[ast.Module | None]) -> dict[str, str]:
    """Say what each name of a notebook was imported from."""
    found = {"np": "numpy", "numpy": "numpy", "torch": "torch"}
    for tree in trees:
        for node in ast.walk(tree) if tree is not None else ():
            if isinstance(node, ast.Import):
                found |= {one.asname or one.name: one.name for one in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
    return found
