"""Changes to a source by place, so that all else keeps its own."""

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass

from grader.intake.perturbation.source import parse_cell

Place = tuple[int, int]  # line from 1, bytes into it
_TIMED = re.compile(r"^(\s*)(%time(?:it)?)(?=\s)", re.MULTILINE)


@dataclass(frozen=True)
class Edit:
    """A text to stand between two places; what is put in at one place keeps its order."""

    begin: Place
    end: Place
    text: str


def parse_timed(source: str) -> ast.Module | None:
    """Parse a cell like `parse_cell`, and read what a line's %time and %timeit run, too."""
    timed = _TIMED.sub(lambda found: f"{found[1]}{'pass;':{len(found[2])}}", source)
    tree = parse_cell(timed)
    return parse_cell(source) if tree is None and timed != source else tree


def applied(source: str, edits: Iterable[Edit]) -> str | None:
    """Give the changed source; None where that is no Python."""
    content = source.encode()
    starts = [0]
    for line in content.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    pieces, last = list[bytes](), 0
    for edit in sorted(edits, key=lambda one: one.begin):
        pieces += [content[last : _offset(edit.begin, starts)], edit.text.encode()]
        last = _offset(edit.end, starts)
    changed = b"".join([*pieces, content[last:]]).decode()
    return changed if parse_timed(changed) is not None else None


def begin_of(node: ast.expr | ast.stmt) -> Place:
    """Return where a node begins."""
    return node.lineno, node.col_offset


def end_of(node: ast.expr | ast.stmt) -> Place:
    """Return where a node ends."""
    return node.end_lineno or node.lineno, node.end_col_offset or 0


def around(node: ast.expr, before: str, after: str) -> list[Edit]:
    """Put texts before and after a node."""
    begin, end = begin_of(node), end_of(node)
    return [Edit(begin, begin, before), Edit(end, end, after)]


def instead(node: ast.expr, text: str) -> list[Edit]:
    """Put a text in the place of a node."""
    return [Edit(begin_of(node), end_of(node), text)]


def behind(node: ast.expr | ast.stmt, text: str) -> Edit:
    """Put a text behind a node."""
    return Edit(end_of(node), end_of(node), text)


def at_head(body: list[ast.stmt], statement: str, source: str) -> Edit:
    """Put a statement at the head of a body, on a line that is there where that is possible."""
    first = body[0]
    if isinstance(first, ast.Expr) and _is_text(first.value):
        return behind(first, f"; {statement}")
    decorators = getattr(first, "decorator_list", [])
    place = begin_of(decorators[0] if decorators else first)
    line = source.encode().splitlines()[place[0] - 1]
    if not _is_compound(first) and not _is_magic(first, line[place[1] :]):
        return Edit(place, place, f"{statement}; ")
    indent = line[: len(line) - len(line.lstrip())].decode()
    start = (place[0], 0)
    return Edit(start, start, f"{indent}{statement}\n")


def _offset(place: Place, starts: list[int]) -> int:
    return starts[place[0] - 1] + place[1]


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _is_compound(node: ast.stmt) -> bool:
    return hasattr(node, "body") or isinstance(node, ast.Match)


def _is_magic(node: ast.stmt, text: bytes) -> bool:
    """Say whether `pass` was read in place of what is no Python."""
    return isinstance(node, ast.Pass) and not text.startswith(b"pass")
