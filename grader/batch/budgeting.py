"""A notebook run within a budget; what people read of it afterwards is its own code."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from grader.batch.own_code import with_own_code
from grader.execution.outcome import CellRun, Execution
from grader.intake.budget import Budgeted, within_budget
from grader.rubric.surroundings import Budget

_OF_SIZE = ("ValueError", "IndexError", "RuntimeError", "AssertionError", "KeyError")
_LONGEST = 120  # characters of an error


def run_within(budget: Budget, notebook: Any, execute: Callable[[Any], Execution]) -> Execution:
    """Run a notebook as far as a budget goes; without one, as it is.

    Where cells stop with an error that data cut short may cause, it is run again with all of
    the data. That run counts if more of its cells come to their end.
    """
    if not budget.is_set:
        return execute(notebook)
    budgeted = within_budget(notebook, budget)
    execution = _run(budgeted, notebook, execute)
    doubtful = next(_doubtful(execution), None)
    whole = within_budget(notebook, budget.model_copy(update={"first": {}}))
    if doubtful is None or whole.changes == budgeted.changes:
        return execution
    again = _run(whole, notebook, execute)
    if not _unfinished(again) < _unfinished(execution):
        return execution
    error = " ".join(doubtful.error.split())[:_LONGEST]
    reason = f"data are kept whole: cut short, cell {doubtful.number} stopped with {error}"
    return replace(again, changes=(*again.changes, reason))


def _run(budgeted: Budgeted, notebook: Any, execute: Callable[[Any], Execution]) -> Execution:
    """Run what a notebook was rewritten to, and put its own code back."""
    execution = execute(budgeted.notebook)
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    return replace(
        execution,
        notebook=with_own_code(execution.notebook, notebook),
        cells=tuple(_with_source(cell, sources) for cell in execution.cells),
        changes=tuple(change.sentence for change in budgeted.changes),
    )


def _doubtful(execution: Execution) -> Iterator[CellRun]:
    """Go through the cells that may have stopped because there were fewer data."""
    for cell in execution.cells:
        if cell.status == "raised" and cell.error.startswith(_OF_SIZE):
            yield cell


def _unfinished(execution: Execution) -> set[int]:
    return {cell.number for cell in execution.cells if cell.status != "ok"}


def _with_source(cell: CellRun, sources: list[str]) -> CellRun:
    known = 1 <= cell.number <= len(sources)
    return replace(cell, source=sources[cell.number - 1]) if known else cell
