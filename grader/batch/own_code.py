"""A notebook that was run with other sources, shown with its own: in its cells and its errors."""

import difflib
import re
from collections.abc import Iterator
from typing import Any

import nbformat

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def with_own_code(executed: Any, handed_in: Any) -> Any:
    """Copy an executed notebook with the sources it was handed in with.

    Tracebacks in which a changed line stands show the line as it was, without colours.
    """
    sources = [cell.source for cell in handed_in.cells if cell.cell_type == "code"]
    code = [cell for cell in executed["cells"] if cell["cell_type"] == "code"]
    changed = [
        pair
        for cell, source in zip(code, sources, strict=False)
        for pair in _changed_lines(cell["source"], source)
    ]
    own = iter(sources)
    cells = [
        _with_source(cell, next(own, cell["source"]), changed)
        if cell["cell_type"] == "code"
        else cell
        for cell in executed["cells"]
    ]
    return nbformat.from_dict({**executed, "cells": cells})  # type: ignore[no-untyped-call]


def _with_source(cell: Any, source: str, changed: list[tuple[str, str]]) -> dict[str, Any]:
    outputs = [_with_lines(output, changed) for output in cell["outputs"]]
    return {**cell, "source": source, "outputs": outputs}


def _with_lines(output: Any, changed: list[tuple[str, str]]) -> Any:
    if output["output_type"] != "error":
        return output
    return {**output, "traceback": [_restored(text, changed) for text in output["traceback"]]}


def _restored(text: str, changed: list[tuple[str, str]]) -> str:
    plain = _COLOUR.sub("", text)
    restored = plain
    for ran, own in changed:
        whole = re.compile(rf"{re.escape(ran)}[ \t]*$", re.MULTILINE)
        restored = own.join(whole.split(restored))
    return text if restored == plain else restored


def _changed_lines(ran: str, own: str) -> Iterator[tuple[str, str]]:
    """Pair the lines that ran with those they were made from; none, for a line of its own."""
    left, right = ran.splitlines(), own.splitlines()
    for kind, a, b, c, d in difflib.SequenceMatcher(
        None, left, right, autojunk=False
    ).get_opcodes():
        lines = right[c:d] if kind != "equal" else []
        for place, line in enumerate(left[a:b] if kind != "equal" else [], start=d - c - (b - a)):
            if line.strip():
                yield line.strip(), lines[place].strip() if place >= 0 else ""
