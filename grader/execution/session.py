"""The cells of one notebook run in order, in one kernel, each within its limits."""

import re
import time
from collections.abc import Callable
from typing import Any

from grader.execution.blank import is_run, number_cells
from grader.execution.kernel import Kernel
from grader.execution.outcome import CellRun, CellStatus
from grader.execution.outputs import NotebookOutputs
from grader.rubric.model import Limits

GRACE_SECONDS = 5.0  # for a cell to end after it was interrupted
ERROR_LIMIT = 500  # characters
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_NO_MEMORY = re.compile(r"can't allocate memory|Cannot allocate memory|std::bad_alloc", re.I)


class Session:
    """A run in progress: which cells have run, and why no more will, once that is so."""

    def __init__(
        self,
        notebook: Any,
        kernel: Kernel,
        outputs: NotebookOutputs,
        limits: Limits,
        *,
        after: Callable[[int], None] = lambda number: None,
    ) -> None:
        """Prepare; `after` is called with the number of every cell the kernel has survived."""
        self._notebook = notebook
        self._kernel = kernel
        self._limits = limits
        self._outputs = outputs
        self._deadline = time.monotonic() + limits.notebook_seconds
        self._ended = ""
        self._count = 0
        self._after = after

    def run(self) -> tuple[CellRun, ...]:
        """Run all code cells, and put their outputs into the notebook."""
        return tuple(self._cell(*place) for place in number_cells(self._notebook))

    def _cell(self, index: int, number: int) -> CellRun:
        """Run one cell, unless the run has ended."""
        cell = self._notebook["cells"][index]
        if self._ended:
            return CellRun(number, cell.source, "not_run", error=self._ended)
        if not is_run(cell):
            return CellRun(number, cell.source, "ok")
        self._count += 1
        begun = time.monotonic()
        status, error = self._attempt(cell, index, number)
        seconds = time.monotonic() - begun
        if not self._ended and not self._kernel.complete:
            self._outputs.of(index).lose()
            self._kernel.recover()
        if time.monotonic() >= self._deadline and not self._ended:
            self._ended = f"the notebook's {self._limits.notebook_seconds:g} seconds were used up"
        if not self._ended:
            self._after(number)
        outputs = self._outputs.of(index)
        cell.outputs, cell.execution_count = outputs.finish(), self._count
        return CellRun(number, cell.source, status, seconds, error, outputs.cut)

    def _attempt(self, cell: Any, index: int, number: int) -> tuple[CellStatus, str]:
        """Send a cell and see it through to an outcome."""
        self._kernel.send(cell, index, self._count)
        fate = self._kernel.wait(min(self._limits.cell_seconds, self._deadline - time.monotonic()))
        if fate == "late":
            return self._interrupt(number)
        return self._read_reply(number) if fate == "done" else self._bury(number)

    def _interrupt(self, number: int) -> tuple[CellStatus, str]:
        """Stop a cell that takes too long; where it does not stop, end the kernel."""
        error = self._overtime()
        for _ in range(2):  # the first may hit code that swallows it
            self._kernel.interrupt()
            if self._kernel.wait(GRACE_SECONDS / 2) == "done":
                return "timed_out", error
        self._kernel.end()
        self._ended = f"cell {number} could not be stopped, so the kernel was ended"
        return "timed_out", error

    def _overtime(self) -> str:
        """Say which limit a cell exceeded."""
        if time.monotonic() < self._deadline:
            return f"did not finish within {self._limits.cell_seconds:g} seconds"
        return f"the notebook did not finish within {self._limits.notebook_seconds:g} seconds"

    def _read_reply(self, number: int) -> tuple[CellStatus, str]:
        """Read the outcome of a cell that came to its end."""
        reply = self._kernel.reply
        if reply.get("status") == "error":
            return _judge_error(str(reply.get("ename")), str(reply.get("evalue")))
        if _asks_exit(reply.get("payload")):
            self._ended = f"cell {number} ended the kernel"
            return "died", "ended the kernel"
        return "ok", ""

    def _bury(self, number: int) -> tuple[CellStatus, str]:
        """Find out what a kernel died of, or end one that talks nonsense."""
        death = self._kernel.death()
        self._kernel.end()
        self._ended = f"the kernel died in cell {number}"
        if not death:
            return "died", "the kernel sent messages that cannot be read, and was ended"
        if self._kernel.starved():
            return "out_of_memory", "the kernel died for lack of memory"
        return "died", death


def _asks_exit(payload: Any) -> bool:
    """Say whether a cell called exit or quit; its kernel ends when it has answered."""
    parts = payload if isinstance(payload, list) else []
    return any(isinstance(part, dict) and part.get("source") == "ask_exit" for part in parts)


def _judge_error(name: str, value: str) -> tuple[CellStatus, str]:
    """Tell a lack of memory from an error of the code, and word it in a line or two."""
    error = _COLOUR.sub("", f"{name}: {value}" if value else name)[:ERROR_LIMIT]
    starved = name in ("MemoryError", "_ArrayMemoryError", "OutOfMemoryError")
    if starved or (name in ("RuntimeError", "OSError") and _NO_MEMORY.search(value)):
        return "out_of_memory", error
    return "raised", error
