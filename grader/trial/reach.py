"""What a piece of a notebook's code is part of: which parts of questions rest on it."""

import ast
import symtable
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from grader.rubric.kinds import TRAINED
from grader.rubric.model import Rubric
from grader.rubric.parts import Part
from grader.trial.model import part_key


@dataclass(frozen=True)
class Piece:
    """A statement at the top of a cell: what it defines, what it changes, what it rests on."""

    cell: int
    first: int
    last: int
    defines: str  # the function or class; "" for other statements
    binds: frozenset[str]
    uses: frozenset[str]


@dataclass(frozen=True)
class Touched:
    """The parts, by key, whose own code a line is in, and all that rest on it."""

    own: frozenset[str] = frozenset()
    all: frozenset[str] = frozenset()

    @property
    def first(self) -> frozenset[str]:
        """The parts that have to lose their marks where the line is wrong."""
        return self.own or self.all


class Reach:
    """The code of a notebook, asked which parts a line belongs to."""

    def __init__(self, rubric: Rubric, sources: Sequence[str]) -> None:
        self._pieces = [one for n, source in enumerate(sources, 1) for one in _pieces(source, n)]
        self._parts = {
            part_key(question.id, number): part
            for question in rubric.question
            for number, part in enumerate(question.parts)
        }
        bound = {name for one in self._pieces for name in one.binds}
        # A trained network found otherwise than by its name may rest on anything.
        self._unknown = {
            key
            for key, part in self._parts.items()
            if part.probe in TRAINED and not _names(part) & bound
        }
        self._rests = {key: self._resting(part) for key, part in self._parts.items()}

    def touched(self, cell: int, line: int) -> Touched:
        """Say which parts a line of a cell, both counted from 1, belongs to."""
        piece = next(
            (one for one in self._pieces if one.cell == cell and one.first <= line <= one.last),
            None,
        )
        if piece is None:
            return Touched()
        own = {key for key, part in self._parts.items() if piece.defines in _names(part)}
        rest = {key for key, names in self._rests.items() if names & piece.binds}
        return Touched(frozenset(own), frozenset(own | rest | self._unknown))

    def _resting(self, part: Part) -> set[str]:
        """Return every name that a part rests on, by way of others too."""
        known = _names(part) | set(_built_of(part)) | ({part.of} if part.of else set())
        while True:
            more = {name for one in self._pieces if one.binds & known for name in one.uses}
            if more <= known:
                return known
            known |= more


def _names(part: Part) -> set[str]:
    return {part.name, *part.aliases}


def _built_of(part: Part) -> Iterable[str]:
    """Yield the names that what builds a part mentions."""
    for node in ast.walk(ast.parse(part.build or "")):
        if isinstance(node, ast.Name):
            yield node.id


def _pieces(source: str, cell: int) -> Iterator[Piece]:
    for node in ast.parse(source).body:
        first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", []))])
        defined = isinstance(node, ast.FunctionDef | ast.ClassDef)
        yield Piece(
            cell=cell,
            first=first,
            last=node.end_lineno or node.lineno,
            defines=node.name if isinstance(node, ast.FunctionDef | ast.ClassDef) else "",
            binds=frozenset([node.name] if defined else _bound(node)),  # type: ignore[attr-defined]
            uses=frozenset(_free(symtable.symtable(ast.unparse(node), "cell", "exec"))),
        )


def _bound(node: ast.stmt) -> Iterator[str]:
    """Yield the names a statement binds, and those whose objects it changes."""
    for one in ast.walk(node):
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
            yield one.id
        elif isinstance(one, ast.Attribute | ast.Subscript) and isinstance(one.ctx, ast.Store):
            yield from _base(one)
        elif isinstance(one, ast.Expr) and isinstance(one.value, ast.Call):
            yield from _base(one.value.func)


def _base(node: ast.expr) -> Iterator[str]:
    """Yield the name whose attribute or entry is meant."""
    inner = node
    while isinstance(inner, ast.Attribute | ast.Subscript):
        inner = inner.value
    if isinstance(inner, ast.Name) and inner is not node:
        yield inner.id


def _free(table: symtable.SymbolTable) -> Iterator[str]:
    """Yield the names a statement takes from the notebook."""
    top = table.get_type() == "module"
    for symbol in table.get_symbols():
        if symbol.is_referenced() and (top or symbol.is_global()):
            yield symbol.get_name()
    for inner in table.get_children():
        yield from _free(inner)
