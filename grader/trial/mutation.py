"""Mutants of a solution: the same notebook with one slip in it, generated from its code."""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

from grader.faults import RubricFault
from grader.trial.handed_out import HandedOut
from grader.trial.operators import OPERATORS
from grader.trial.solution import Solution
from grader.trial.surroundings import Surroundings, imported_names

DELETED = "(deleted)"


@dataclass(frozen=True)
class Mutant:
    """A solution with one slip."""

    operator: str
    place: str  # "line 23"
    original: str  # the statement
    mutated: str
    sources: tuple[str, ...]  # of all code cells
    cell: int = 0
    line: int = 0  # of the cell


@dataclass(frozen=True)
class Slip:
    """A slip in one cell."""

    operator: str
    line: int
    original: str
    mutated: str
    source: str


def mutants_of(solution: Solution, handed_out: HandedOut | None = None) -> list[Mutant]:
    """Return every mutant of a solution once, in the order of its lines.

    Args:
        solution: the solution.
        handed_out: code that students were given; no slips are made in it.

    Raises:
        RubricFault: a cell is not valid Python.
    """
    found: dict[tuple[str, ...], Mutant] = {}
    imported: frozenset[str] = frozenset()
    for number, source in enumerate(solution.sources, start=1):
        tree = _parsed(solution, number)
        given = handed_out.lines(source) if handed_out else frozenset()
        for slip in slips(source, imported):
            if slip.line in given:
                continue
            sources = (*solution.sources[: number - 1], slip.source, *solution.sources[number:])
            place = solution.place(number, slip.line)
            mutant = Mutant(
                slip.operator, place, slip.original, slip.mutated, sources, number, slip.line
            )
            found.setdefault(sources, mutant)
        imported |= imported_names(tree)
    return list(found.values())


def slips(source: str, imported: frozenset[str] = frozenset()) -> list[Slip]:
    """Return the slips that every operator makes in a cell, each once, by line."""
    tree = ast.parse(source)
    plain = ast.unparse(tree)
    found: dict[str, Slip] = {}
    for operator, place, choice in _changes(tree, imported):
        slip = _slip(tree, operator, place, choice, imported)
        if slip is not None and slip.source != plain:
            found.setdefault(slip.source, slip)
    return sorted(found.values(), key=lambda slip: slip.line)


def _changes(tree: ast.Module, imported: frozenset[str]) -> Iterator[tuple[str, int, int]]:
    """Yield operator, the number of the node it changes, and which of its changes it is."""
    around = Surroundings(tree, imported)
    for place, node in enumerate(ast.walk(tree)):
        for operator, change in OPERATORS.items():
            for choice, _ in enumerate(change(node, around)):
                yield operator, place, choice


def _slip(
    tree: ast.Module, operator: str, place: int, choice: int, imported: frozenset[str]
) -> Slip | None:
    """Make one change in a copy of the tree."""
    changed = copy.deepcopy(tree)
    around = Surroundings(changed, imported)
    node = list(ast.walk(changed))[place]
    statement = around.statement(node)
    line, original = getattr(node, "lineno", getattr(statement, "lineno", 1)), _head(statement)
    new = list(OPERATORS[operator](node, around))[choice]
    whole = ast.fix_missing_locations(_Substituted(node, new).visit(changed))
    try:
        source = ast.unparse(whole)
        ast.parse(source)
    except (SyntaxError, ValueError):
        return None
    after = new if node is statement else statement
    mutated = DELETED if isinstance(new, ast.Pass) else _head(after)
    if mutated == original and node is statement:  # what changed lies within
        line, original, mutated = _first_change(node, new)
    return Slip(operator, line, original, mutated, source)


class _Substituted(ast.NodeTransformer):
    """Puts one node in another's place."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self._old, self._new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        """Replace the node; nothing within what replaces it is changed."""
        found: ast.AST = self._new if node is self._old else self.generic_visit(node)
        return found


def _head(statement: ast.AST) -> str:
    """Return the first line of a statement that is not a decorator."""
    lines = ast.unparse(statement).splitlines()
    return next((line for line in lines if not line.startswith("@")), "")


def _first_change(before: ast.AST, after: ast.AST) -> tuple[int, str, str]:
    """Return the first statement inside that another one stands in the place of."""
    bodies = zip(getattr(before, "body", []), getattr(after, "body", []), strict=False)
    for old, new in bodies:
        if ast.dump(old) != ast.dump(new):
            return old.lineno, _head(old), _head(new)
    return getattr(before, "lineno", 1), _head(before), _head(after)


def _parsed(solution: Solution, number: int) -> ast.Module:
    try:
        return ast.parse(solution.sources[number - 1])
    except SyntaxError as error:
        where = solution.place(number, error.lineno or 1)
        raise RubricFault(
            [f"{solution.file}, {where}: is not valid Python: {error.msg}"]
        ) from error
