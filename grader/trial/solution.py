"""The notebook a rubric names as its solution: where it is, and its cells."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from typing import Any

import nbformat

from grader.faults import IntakeFault, RubricFault
from grader.intake import read_notebook
from grader.rubric.model import Rubric
from grader.rubric.toml import is_file, read_bytes
from grader.rubric.wording import quote, suggestion

_MARKER = re.compile(r"^#[ \t]*%%(.*)$", re.MULTILINE)
_TEXT = re.compile(r"\[(?:markdown|md|raw)\]")


@dataclass(frozen=True)
class Solution:
    """The code cells of a solution, in order, and the lines of the file they begin in."""

    file: Path
    sources: tuple[str, ...]
    lines: tuple[int, ...]  # 0 where the file's own lines say nothing to a person

    def place(self, cell: int, line: int) -> str:
        """Name a line of a code cell, both counted from 1."""
        first = self.lines[cell - 1]
        return f"line {first + line - 1}" if first else f"cell {cell}, line {line}"


def find_solution(rubric: Rubric, rubric_path: Path) -> Solution | None:
    """Read the solution of a rubric that was read from `rubric_path`; None where it names none.

    Raises:
        RubricFault: it is not there, or is no notebook.
    """
    if rubric.solution is None:
        return None
    return read_solution(notebook_file(rubric.solution, rubric_path, "solution"))


def find_template(rubric: Rubric, rubric_path: Path) -> Solution | None:
    """Read the notebook that is handed out, as `find_solution` does.

    Raises:
        RubricFault: it is not there, or is no notebook.
    """
    if rubric.template is None:
        return None
    return read_solution(notebook_file(rubric.template, rubric_path, "template"))


def notebook_file(name: str, rubric_path: Path, key: str) -> Path:
    """Find the file a rubric names under a key, as its solution or as its template.

    Raises:
        RubricFault: the file is not there, or not in the rubric's folder.
    """
    says = f'{rubric_path}: "{key}"'
    parts = PureWindowsPath(name)  # knows / and \ and drives, whatever the machine
    if parts.anchor or ".." in parts.parts:
        raise RubricFault([f"{says} must stay in the rubric's folder; found {quote(name)}"])
    file = rubric_path.parent.joinpath(*parts.parts)
    if not is_file(file):
        folder = rubric_path.parent
        near = sorted(path.name for end in ("py", "ipynb") for path in folder.glob(f"*.{end}"))
        end = suggestion(name, near, "notebooks beside the rubric")
        raise RubricFault([f"{says} names a file that does not exist: {quote(name)}{end}"])
    return file


def read_solution(file: Path) -> Solution:
    """Read a notebook, or a Python file whose cells begin with "# %%".

    Raises:
        RubricFault: it cannot be read, or has no code.
    """
    cells = list(_script_cells(file) if file.suffix == ".py" else _notebook_cells(file))
    if not cells:
        raise RubricFault([f"{file}: has no code cell"])
    return Solution(file, tuple(source for source, _ in cells), tuple(line for _, line in cells))


def notebook_of(sources: Sequence[str]) -> Any:
    """Make a notebook of code cells."""
    cells: list[dict[str, object]] = [
        {
            "cell_type": "code",
            "id": f"cell-{number}",
            "metadata": {},
            "source": source,
            "outputs": [],
            "execution_count": None,
        }
        for number, source in enumerate(sources, start=1)
    ]
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    return nbformat.from_dict(notebook)  # type: ignore[no-untyped-call]


def _script_cells(file: Path) -> Iterator[tuple[str, int]]:
    """Yield the code of each cell, and the line it begins in."""
    try:
        text = read_bytes(file).decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise RubricFault([f"{file}: is not UTF-8 text"]) from error
    markers = [(0, 0, ""), *((m.start(), m.end(), m[1]) for m in _MARKER.finditer(text))]
    ends = [start for start, _, _ in markers[1:]] + [len(text)]
    for (_, begin, title), end in zip(markers, ends, strict=True):
        code = text[begin:end]
        if code.strip() and not _TEXT.search(title):
            skipped = len(code) - len(code.lstrip())
            yield code.strip(), text.count("\n", 0, begin + skipped) + 1


def _notebook_cells(file: Path) -> Iterator[tuple[str, int]]:
    try:
        notebook = read_notebook(file)
    except IntakeFault as fault:
        raise RubricFault([f"{file}: {fault}"]) from fault
    return ((c.source, 0) for c in notebook.cells if c.cell_type == "code" and c.source.strip())
