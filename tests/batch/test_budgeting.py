"""Notebooks run within a budget: short, told, and read as they were handed in."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import nbformat
import pytest

from grader.batch import record, record_class
from grader.batch.budgeting import run_within
from grader.batch.perturbing import changes_asked
from grader.batch.recorder import Order
from grader.execution.blank import blank_copy
from grader.execution.outcome import CellRun, Execution
from grader.recording.model import Recording
from grader.recording.store import load
from grader.recording.workspace import perturbed_path, recording_path
from grader.rubric.model import Rubric
from grader.rubric.read import read_rubric
from grader.rubric.reference import open_rubric
from grader.rubric.surroundings import Budget
from grader.scoring.reproduction import other_order, reproduction_of
from tests.batch.tiny import TinyDesk

LINEAR = Path(__file__).parents[1] / "assignments" / "linear" / "linear.toml"
CHANGES = changes_asked(*open_rubric(LINEAR), asked=True)
BUDGET = Budget(set={"epochs": 1}, first={"x_train": 3}, loops={"epoch": 2})
CELLS = (
    "epochs = 20\nt = [0, 1, 2, 3]",
    "import numpy as np\nx_train = np.arange(100.0)",
    "%%time\nrounds = 0\nfor epoch in range(50):\n    rounds += 1",
    "print(epochs, rounds, len(x_train))",
)


def book(*sources: str, counts: tuple[int, ...] = ()) -> Any:
    """A notebook with a text cell first; the last cell printed 20, 50 and 100 at home."""
    cells = [
        nbformat.v4.new_code_cell(source, execution_count=count)
        for source, count in zip(sources, counts or range(1, len(sources) + 1), strict=True)
    ]
    cells[-1].outputs = [nbformat.v4.new_output("stream", text="20 50 100\n")]
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("Text"), *cells])


def rubric(budget: Budget) -> Rubric:
    read = read_rubric(LINEAR)
    execution = read.execution.model_copy(update={"budget": budget})
    return read.model_copy(update={"execution": execution})


def hand_in(folder: Path, notebook: Any) -> Path:
    folder.mkdir()
    nbformat.write(notebook, folder / "ann.ipynb")
    return folder


def printed(recording: Recording) -> str:
    return "".join(
        output.get("text", "")
        for cell in recording.executed.cells
        if cell.cell_type == "code"
        for output in cell.outputs
    )


def sources(notebook: Any) -> tuple[str, ...]:
    return tuple(cell.source for cell in notebook.cells if cell.cell_type == "code")


@pytest.mark.usefixtures("temporary")
def test_a_class_is_run_within_its_budget_and_shown_as_handed_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record, "RecordingDesk", TinyDesk)
    folder = hand_in(tmp_path / "class", book(*CELLS, counts=(2, 1, 3, 4)))

    first = record_class(rubric(BUDGET), folder, tmp_path / "w", changes=CHANGES)
    again = record_class(rubric(BUDGET), folder, tmp_path / "w", changes=CHANGES)

    recording = load(recording_path(tmp_path / "w", "ann"))
    assert (first.run, again.run) == (("ann",), ())
    assert "1 2 3\n" in printed(recording)
    assert recording.changes == (
        "cell 1, line 1: epochs set to 1 (the notebook says 20)",
        "cell 2, line 2: x_train: its first 3 entries are kept",
        "cell 3, line 3: the loop over epoch is run for 2 rounds (the notebook says range(50))",
    )
    assert sources(recording.executed) == sources(recording.handed_in) == CELLS
    assert tuple(cell.source for cell in recording.cells) == CELLS
    assert reproduction_of(recording) is None
    assert (other_order(recording), recording.reordered) == ((), None)
    names = {value.path for value in recording.values if value.origin == "variable"}
    assert names == {"epochs", "t", "x_train", "rounds", "epoch"}
    perturbed = load(perturbed_path(tmp_path / "w", "ann"))
    assert "1 2 3\n" in printed(perturbed)
    assert sources(perturbed.handed_in)[0] == "epochs = 20\nt = [0, 1, 3, 4]"


def test_the_budget_is_part_of_the_key_and_none_is_as_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = []

    def in_parallel(opening: Any, orders: Sequence[Order], **options: Any) -> Iterator[Any]:
        for order in orders:
            keys.append(order.key)
            yield order, True

    monkeypatch.setattr(record, "in_parallel", in_parallel)
    folder = hand_in(tmp_path / "class", book(*CELLS))

    for budget in (Budget(), BUDGET, BUDGET, Budget(set={"epochs": 2})):
        record_class(rubric(budget), folder, tmp_path / "w")

    assert keys[1] == keys[2]
    assert len(set(keys)) == 3


def outcome(notebook: Any, **errors: str) -> Execution:
    """The outcome of a notebook in which the cells "c2" and so on stopped."""
    run = blank_copy(notebook)
    cells = [
        CellRun(n, source, "raised" if f"c{n}" in errors else "ok", error=errors.get(f"c{n}", ""))
        for n, source in enumerate(sources(run), start=1)
    ]
    return Execution(run, tuple(cells), b"", 0.1, 0, "", {})


def ran_with(fails: Callable[[str], dict[str, str]]) -> tuple[Execution, int]:
    """Run where the cells stop that `fails` names, by the code that is run."""
    runs = []

    def execute(notebook: Any) -> Execution:
        code = "\n".join(sources(notebook))
        runs.append(code)
        return outcome(notebook, **fails(code))

    return run_within(BUDGET, book(*CELLS), execute), len(runs)


def test_cells_that_stop_for_want_of_data_get_all_of_them() -> None:
    execution, runs = ran_with(
        lambda code: {"c4": "ValueError: cannot reshape"} if "v[:3]" in code else {}
    )

    assert runs == 2
    assert [cell.status for cell in execution.cells] == ["ok"] * 4
    assert execution.changes[0].startswith("cell 1, line 1: epochs")
    assert execution.changes[-1] == (
        "data are kept whole: cut short, cell 4 stopped with ValueError: cannot reshape"
    )
    assert not any("entries" in change for change in execution.changes)


@pytest.mark.parametrize(
    ("whole", "runs"),
    [
        ({"c4": "ValueError: of their own"}, 2),
        ({"c3": "ValueError: another"}, 2),
    ],
)
def test_data_stay_short_where_all_of_them_do_not_help(whole: dict[str, str], runs: int) -> None:
    execution, count = ran_with(lambda code: {"c4": "ValueError: x"} if "v[:3]" in code else whole)

    assert count == runs
    assert execution.cells[3].error == "ValueError: x"
    assert len(execution.changes) == 3


@pytest.mark.parametrize("error", ["NameError: fit", "NotImplementedError: ", "TypeError: None"])
def test_errors_that_no_data_cause_have_nothing_run_again(error: str) -> None:
    execution, runs = ran_with(lambda code: {"c4": error})

    assert runs == 1
    assert execution.cells[3].error == error
