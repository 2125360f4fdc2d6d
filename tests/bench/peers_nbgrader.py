"""A course for nbgrader: a source notebook with solutions and tests, and what was handed in."""

import copy
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat

from tests.bench.environments import BUILD, call, installed
from tests.bench.peer_tests import FINDER, PeerTest, peer_tests

VERSION = "0.9.6"
ASSIGNMENT = "homework"
SETTINGS = """\
c = get_config()
c.CourseDirectory.course_id = "course"
"""


def prepared(notebooks: Sequence[Path], courses: int) -> tuple[Path, list[Path]]:
    """Give nbgrader's interpreter, and courses that are ready for `nbgrader autograde`.

    Every worker gets a course of its own: two that write one gradebook wait for each other.

    Raises:
        NotInstalled: nbgrader could not be installed, or refused the assignment.

    """
    python = installed("nbgrader", f"nbgrader=={VERSION}")
    return python, [
        _course(BUILD / f"course-{number}", python, notebooks) for number in range(courses)
    ]


def _course(folder: Path, python: Path, notebooks: Sequence[Path]) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    source = folder / "source" / ASSIGNMENT
    source.mkdir(parents=True)
    (folder / "nbgrader_config.py").write_text(SETTINGS)
    nbformat.write(_source(_read(notebooks[0])), source / f"{ASSIGNMENT}.ipynb")
    nbgrader = [str(python), "-m", "nbgrader"]
    call([*nbgrader, "generate_assignment", ASSIGNMENT, "--create"], folder)
    release = _read(folder / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb")
    for path in notebooks:
        place = folder / "submitted" / path.stem / ASSIGNMENT
        place.mkdir(parents=True)
        nbformat.write(_handed_in(_read(path), release), place / f"{ASSIGNMENT}.ipynb")
    return folder


def _read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)


def _source(solution: Any) -> Any:
    """Make the teacher's notebook: three cells to fill in, and the tests behind them."""
    book = _with_answers(solution)
    for cell in _answers(book):
        cell.source = f"### BEGIN SOLUTION\n{cell.source}\n### END SOLUTION"
    book.cells.append(_cell(FINDER, "finder"))
    book.cells.extend(_test_cell(test) for test in peer_tests())
    return book


def _handed_in(notebook: Any, release: Any) -> Any:
    """Put a student's cells in front of the tests of the notebook that was handed out."""
    book = _with_answers(notebook)
    locked = (cell for cell in release.cells if cell.metadata.get("nbgrader", {}).get("locked"))
    book.cells.extend(copy.deepcopy(cell) for cell in locked)
    return book


def _with_answers(notebook: Any) -> Any:
    """Mark the first, the middle and the last code cell as answers."""
    book = copy.deepcopy(notebook)
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    for number, cell in enumerate((code[0], code[len(code) // 2], code[-1]), start=1):
        cell.outputs, cell.execution_count = [], None
        cell.metadata["nbgrader"] = _marks(f"answer-{number}", solution=True)
    return book


def _answers(book: Any) -> list[Any]:
    return [cell for cell in book.cells if cell.metadata.get("nbgrader", {}).get("solution")]


def _test_cell(test: PeerTest) -> Any:
    source = f"assert {test.expression}"
    if test.hidden:
        source = f"### BEGIN HIDDEN TESTS\n{source}\n### END HIDDEN TESTS"
    return _cell(source, test.name, points=test.points)


def _cell(source: str, name: str, *, points: int | None = None) -> Any:
    marks = _marks(name, solution=False)
    if points is not None:
        marks |= {"grade": True, "points": points}
    return nbformat.v4.new_code_cell(source, metadata={"nbgrader": marks})


def _marks(name: str, *, solution: bool) -> dict[str, Any]:
    """Write the metadata by which nbgrader knows a cell."""
    return {
        "grade": False,
        "grade_id": name,
        "locked": not solution,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
