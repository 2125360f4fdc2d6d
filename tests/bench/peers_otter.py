"""An assignment for otter-grader: `otter assign` on a master notebook, and what was handed in."""

import copy
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat

from tests.bench.environments import BUILD, NotInstalled, call, installed
from tests.bench.peer_tests import FINDER, PeerTest, peer_tests

VERSION = "7.0.0"
# init_cell and check_all_cell put into the student's notebook what we put there ourselves.
SETTINGS = """\
# ASSIGNMENT CONFIG
name: homework
init_cell: false
check_all_cell: false
export_cell: false
generate:
  show_hidden: true
"""
BEGIN = 'import otter\ngrader = otter.Notebook("homework.ipynb")'


def prepared(notebooks: Sequence[Path]) -> tuple[Path, Path, list[Path]]:
    """Give otter's interpreter, its autograder as a zip file, and what was handed in.

    Raises:
        NotInstalled: otter could not be installed, or refused the assignment.

    """
    python = installed("otter", f"otter-grader=={VERSION}")
    folder = BUILD / "otter"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "handed-in").mkdir(parents=True)
    master = folder / "homework.ipynb"
    nbformat.write(_master(_read(notebooks[0])), master)
    call([str(python), "-m", "otter", "assign", str(master), str(folder / "dist")], folder)
    found = sorted((folder / "dist" / "autograder").glob("*.zip"))
    if not found:
        raise NotInstalled("otter assign made no autograder")
    # otter refuses what does not name its assignment in the metadata.
    metadata = _read(folder / "dist" / "student" / master.name).metadata
    handed_in = []
    for path in notebooks:
        handed_in.append(folder / "handed-in" / path.name)
        nbformat.write(_handed_in(_read(path), metadata), handed_in[-1])
    return python, found[0], handed_in


def _read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)


def _master(solution: Any) -> Any:
    """Make the teacher's notebook: the solution, then a question of its own for each test."""
    cells = [cell for cell in solution.cells if cell.cell_type == "code"]
    book = nbformat.v4.new_notebook(metadata=solution.metadata)
    book.cells = [_raw(SETTINGS), _code(FINDER)]
    for number, test in enumerate(peer_tests()):
        answer = cells if number == 0 else [_code("answered = True")]
        book.cells += _question(test, [_code(cell.source) for cell in answer])
    return book


def _question(test: PeerTest, answer: list[Any]) -> list[Any]:
    head = f"# BEGIN QUESTION\nname: {test.name}\npoints: {test.points}"
    hidden = "# HIDDEN\n" if test.hidden else ""
    shown = nbformat.v4.new_output("execute_result", data={"text/plain": "True"}, execution_count=1)
    tested = _code(f"{hidden}{test.expression}")
    tested.outputs = [shown]
    return [
        *(_raw(head), nbformat.v4.new_markdown_cell(f"Compute the {test.name}.")),
        *(_raw("# BEGIN SOLUTION"), *answer, _raw("# END SOLUTION")),
        *(_raw("# BEGIN TESTS"), tested, _raw("# END TESTS")),
        _raw("# END QUESTION"),
    ]


def _handed_in(notebook: Any, metadata: Any) -> Any:
    """Put the calls that otter's own notebooks have around a student's cells."""
    book = copy.deepcopy(notebook)
    checks = [_code(f'grader.check("{test.name}")') for test in peer_tests()]
    book.metadata = metadata
    book.cells = [_code(BEGIN), _code(FINDER), *book.cells, *checks]
    return book


def _code(source: str) -> Any:
    return nbformat.v4.new_code_cell(source)


def _raw(source: str) -> Any:
    return nbformat.v4.new_raw_cell(source)
