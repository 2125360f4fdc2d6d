"""What happened to the cells that did not finish, and what that makes of an answer."""

from grader.execution.outcome import CellRun
from grader.recording.model import Recording
from grader.scoring.verdict import Cause
from grader.scoring.wording import listed

_MOST_FAILURES = 3
_FAILURES = {
    "out_of_memory": "ran out of memory",
    "died": "ended the kernel",
}


def failures(recording: Recording) -> list[str]:
    """Say of the cells that did not finish what happened to them.

    A name that is not defined after an earlier cell failed is that cell's doing, and not told.
    """
    failed = [cell for cell in recording.cells if cell.status not in ("ok", "not_run")]
    roots = [c for n, c in enumerate(failed) if n == 0 or not c.error.startswith("NameError")]
    told = [_failure(cell) for cell in roots[:_MOST_FAILURES]]
    rest = len(failed) - len(told)
    return [*told, f"{rest} more did not finish"] if rest else told


def after_failures(recording: Recording) -> str:
    """Return the failures as the end of a sentence, nothing where there are none."""
    happened = failures(recording)
    return f"; {listed(happened)}" if happened else ""


def cause_of(recording: Recording) -> Cause | None:
    """Return what stopped the first cell that did not finish."""
    causes: dict[str, Cause] = {
        "raised": "raised",
        "died": "raised",
        "timed_out": "timed_out",
        "out_of_memory": "out_of_memory",
    }
    return next((causes[c.status] for c in recording.cells if c.status in causes), None)


def _failure(cell: CellRun) -> str:
    if cell.status == "raised":
        return f"cell {cell.number} raised {cell.error.rstrip('.')}"
    if cell.status == "timed_out":
        whole = cell.error.startswith("the notebook")
        return (
            f"{cell.error}, in cell {cell.number}" if whole else f"cell {cell.number} {cell.error}"
        )
    return f"cell {cell.number} {_FAILURES[cell.status]}"
