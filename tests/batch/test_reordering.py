"""A notebook run a second time, in the order of its execution counts."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat
import pytest

from grader.batch.recorder import Manner, Order, RecordingDesk
from grader.batch.reordering import back_in_place, in_order
from grader.execution.blank import blank_copy
from grader.execution.outcome import CellRun, Execution
from grader.intake import Submission
from grader.recording.model import Recording
from grader.recording.store import load
from grader.recording.workspace import recording_path
from grader.rubric.model import Limits
from grader.scoring.reproduction import reproduction_of


def book(*cells: tuple[str, int | None, str]) -> Any:
    """A notebook of (source, count, stored output); a text cell stands first."""
    code = [
        nbformat.v4.new_code_cell(
            source,
            execution_count=count,
            outputs=[nbformat.v4.new_output("stream", text=output)] if output else [],
        )
        for source, count, output in cells
    ]
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Title"), *code])


ORDERED = book(("a", 1, "1"), ("b", 2, "2"), ("c", 3, "3"))
SWAPPED = book(("a", 1, "1"), ("b", 3, "3"), ("c", 2, "2"))


class Counting:
    """A runner in which every cell prints how many ran before it, itself counted."""

    def __init__(self, fails_at: int = 0) -> None:
        self.ran: list[str] = []
        self._fails_at = fails_at

    def execute(self, notebook: Any, **options: Any) -> Execution:
        run = blank_copy(notebook)
        code = [cell for cell in run.cells if cell.cell_type == "code"]
        self.ran.append("".join(cell.source for cell in code))
        if len(self.ran) == self._fails_at:
            raise RuntimeError("no kernel")
        for place, cell in enumerate(code, start=1):
            cell.outputs = [nbformat.v4.new_output("stream", text=str(place))]
        runs = tuple(CellRun(place, "", "ok") for place in range(1, len(code) + 1))
        return Execution(run, runs, b"", 0.1, 0, "", {})

    def close(self) -> None:
        pass


class Desk(RecordingDesk):
    def __init__(self, manner: Manner, runner: Counting) -> None:
        self._given = runner
        super().__init__(manner)

    def _open_runner(self) -> Any:
        return self._given


def record(handed_in: Any, folder: Path, runner: Counting) -> Recording:
    path = folder / "ann.ipynb"
    nbformat.write(handed_in, path)
    desk = Desk(Manner(limits=Limits(), workspace=folder / "w"), runner)
    desk.work(Order(Submission("ann", path.name, path, None, "0" * 64), "k"))
    return load(recording_path(folder / "w", "ann"))


def sources(notebook: Any, kinds: Sequence[str] = ("code",)) -> str:
    return "".join(cell.source for cell in notebook.cells if cell.cell_type in kinds)


def test_code_cells_are_put_in_order_and_back() -> None:
    ordered = in_order(SWAPPED, (1, 3, 2))

    again = back_in_place(ordered, SWAPPED, (1, 3, 2))

    assert sources(ordered, ("code", "markdown")) == "acb"
    assert sources(again, ("code", "markdown")) == "# Titleabc"
    assert sources(SWAPPED) == "abc"


def test_outputs_that_another_order_explains_have_it_run(tmp_path: Path) -> None:
    runner = Counting()

    recording = record(SWAPPED, tmp_path, runner)

    assert runner.ran == ["abc", "acb"]
    printed = [c.outputs[0].text for c in recording.reordered.cells if c.cell_type == "code"]
    assert printed == ["1", "3", "2"]
    reproduction = reproduction_of(recording)
    assert reproduction is not None
    assert "(cells 1, 3, 2) it does." in reproduction.sentence


@pytest.mark.parametrize(
    "handed_in",
    [
        ORDERED,
        book(("a", 1, "9"), ("b", 2, ""), ("c", 3, "3")),  # differs, in order
        book(("a", 3, "1"), ("b", 2, "2"), ("c", 1, "")),  # out of order, and agrees
        book(("a", 3, ""), ("b", 2, ""), ("c", 1, "")),  # nothing stored
        book(("a", 2, "9"), ("b", 2, "8"), ("c", 1, "")),  # counts repeat
    ],
)
def test_what_needs_no_second_run_gets_none(handed_in: Any, tmp_path: Path) -> None:
    runner = Counting()

    recording = record(handed_in, tmp_path, runner)

    assert runner.ran == ["abc"]
    assert recording.reordered is None


def test_a_second_run_that_fails_leaves_the_first(tmp_path: Path) -> None:
    recording = record(SWAPPED, tmp_path, Counting(fails_at=2))

    assert (recording.key, recording.fault, recording.reordered) == ("k", "", None)
    assert len(recording.cells) == 3
