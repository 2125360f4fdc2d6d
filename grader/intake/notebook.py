"""A file read to a notebook of nbformat 4, or the reason why it cannot be."""

from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from grader.faults import IntakeFault
from grader.intake.cells import tidy_cells
from grader.intake.content import decoded, file_content, foreign_format
from grader.intake.parsing import parse_object
from grader.intake.submission import display_name
from grader.intake.versions import cells_of

MINOR = 5


def read_notebook(path: Path) -> NotebookNode:
    """Read a notebook of any nbformat up to 4; the file's content decides, not its name.

    The result is valid nbformat 4.5. The file is not changed.

    Raises:
        IntakeFault: a sentence for the student, with the line where there is one.

    """
    try:
        return _notebook(file_content(path))
    except IntakeFault as fault:
        raise IntakeFault(f"{display_name(path.name)} {fault}") from None


def _notebook(content: bytes) -> NotebookNode:
    """Dispatch on what the content is; a further format is one more case here."""
    if foreign := foreign_format(content):
        raise IntakeFault(f"is {foreign}, not a notebook")
    return _from_json(decoded(content))


def _from_json(text: str) -> NotebookNode:
    data = parse_object(text)
    language = _language(_metadata(data))
    if language and not language.lower().startswith(("python", "ipython")):
        raise IntakeFault(f"is written in {language[:30]!r}; only Python is graded")
    notebook: NotebookNode = nbformat.from_dict(  # type: ignore[no-untyped-call]
        {
            "nbformat": nbformat.current_nbformat,
            "nbformat_minor": MINOR,
            "metadata": _metadata(data),
            "cells": tidy_cells(cells_of(data)),
        }
    )
    if not _is_valid(notebook):
        _drop_metadata(notebook)
    return notebook


def _metadata(data: dict[str, Any]) -> dict[str, Any]:
    metadata = data.get("metadata")
    return metadata if isinstance(metadata, dict) else {}


def _language(metadata: dict[str, Any]) -> str:
    """Return the language a notebook says it is written in, "" where it does not say."""
    for table, key in (("language_info", "name"), ("kernelspec", "language")):
        named = metadata.get(table)
        if isinstance(named, dict) and isinstance(named.get(key), str):
            return str(named[key])
    return ""


def _is_valid(notebook: NotebookNode) -> bool:
    try:
        nbformat.validate(notebook)
    except nbformat.ValidationError:
        return False
    return True


def _drop_metadata(notebook: NotebookNode) -> None:
    """Drop all metadata: it steers nothing, and what breaks the format is in it."""
    notebook.metadata = {}
    for cell in notebook.cells:
        cell.metadata = {}
