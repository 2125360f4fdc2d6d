"""The source of a cell as Python sees it: parsed without magics, and changed in places."""

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass

_LONGEST = 200_000  # characters; a person types less, and parsing costs memory
_MAGIC = re.compile(r"\s*[%!?]|\s*[\w.,\s]+=\s*[%!]|.*\?\s*$")
_PYTHON_CELL = re.compile(r"\s*%%(?:time|timeit|capture|prun|check)\b")
_UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)


@dataclass(frozen=True)
class Edit:
    """A text to stand in place of a node of the tree."""

    node: ast.expr
    text: str


def parse_cell(source: str) -> ast.Module | None:
    """Parse the Python of a cell; None where there is none that can be read.

    Magics are passed over; all nodes stand where they stand in the source.
    """
    if len(source) > _LONGEST:
        return None
    try:
        return ast.parse(source)
    except _UNREADABLE:
        pass
    try:
        return ast.parse(_without_magics(source))
    except _UNREADABLE:
        return None


def apply_edits(source: str, edits: Iterable[Edit]) -> str:
    """Put texts in the place of nodes; the source as it is where that gives no Python."""
    lines = source.encode().splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    content = source.encode()
    for edit in sorted(edits, key=lambda one: (one.node.lineno, one.node.col_offset), reverse=True):
        begin, end = _span(edit.node, starts)
        content = content[:begin] + edit.text.encode() + content[end:]
    changed = content.decode()
    return changed if parse_cell(changed) is not None else source


def text_of(node: ast.expr, source: str) -> str:
    """Return what stands in the source at a node."""
    return ast.get_source_segment(source, node) or ""


def _span(node: ast.expr, starts: list[int]) -> tuple[int, int]:
    """Return where a node begins and ends, in bytes."""
    last = node.end_lineno or node.lineno
    begin = starts[node.lineno - 1] + node.col_offset
    return begin, starts[last - 1] + (node.end_col_offset or 0)


def _without_magics(source: str) -> str:
    lines = source.split("\n")
    if lines[0].lstrip().startswith("%%") and not _PYTHON_CELL.match(lines[0]):
        raise SyntaxError("the cell is in another language")
    return "\n".join(_masked(line) if _MAGIC.match(line) else line for line in lines)


def _masked(line: str) -> str:
    return line[: len(line) - len(line.lstrip())] + "pass"
