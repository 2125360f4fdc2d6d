"""A notebook as it is run: its sources, and nothing else a student could steer the run with."""

from typing import Any

import nbformat


def blank_copy(notebook: Any) -> Any:
    """Build a new notebook of the same cells, without outputs, counts, metadata, kernel or ids.

    Tags such as "skip-execution", kernel names and output settings are metadata, so none
    of them reaches the run. The notebook handed in is left as it is.
    """
    data = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"language_info": {"name": "python"}},
        "cells": [_blank_cell(cell, place) for place, cell in enumerate(notebook["cells"], 1)],
    }
    return nbformat.from_dict(data)  # type: ignore[no-untyped-call]


def is_run(cell: Any) -> bool:
    """Say whether a cell reaches the kernel: code that is more than white space."""
    return cell["cell_type"] == "code" and bool(cell["source"].strip())


def number_cells(notebook: Any) -> list[tuple[int, int]]:
    """Give (index, number) of every code cell; numbers count the code cells from 1."""
    code = [i for i, cell in enumerate(notebook["cells"]) if cell["cell_type"] == "code"]
    return [(index, number) for number, index in enumerate(code, start=1)]


def _blank_cell(cell: Any, place: int) -> dict[str, Any]:
    """Copy one cell; a cell of a kind nobody knows becomes raw text."""
    kind = cell.get("cell_type")
    blank: dict[str, Any] = {
        "cell_type": kind if kind in ("code", "markdown") else "raw",
        "id": f"cell-{place}",
        "metadata": {},
        "source": _text(cell.get("source", "")),
    }
    if kind == "code":
        return {**blank, "execution_count": None, "outputs": []}
    if kind == "markdown" and isinstance(cell.get("attachments"), dict):
        return {**blank, "attachments": cell["attachments"]}
    return blank


def _text(source: Any) -> str:
    """Join a source stored as lines, and replace what no UTF-8 text can hold."""
    text = source if isinstance(source, str) else "".join(map(str, source))
    return text.encode("utf-8", "replace").decode("utf-8")
