"""The cells of one notebook run in order, in one kernel, each within its limits."""

import asyncio
import logging
import re
import time
from typing import Any

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionComplete

from grader.execution.blank import is_run, number_cells
from grader.execution.kernel import SILENCE, Kernel
from grader.execution.outcome import CellRun, CellStatus
from grader.execution.outputs import NotebookOutputs
from grader.rubric.model import Limits

GRACE_SECONDS = 5.0  # for a cell to end after it was interrupted
ERROR_LIMIT = 500  # characters
NEAR = 0.9  # of the memory limit; a kernel that died this close to it died of it
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_NO_MEMORY = re.compile(r"can't allocate memory|Cannot allocate memory|std::bad_alloc", re.I)


class _Client(NotebookClient):
    """Sends cells and hands every output to `outputs`; nothing else reaches the notebook."""

    def __init__(self, notebook: Any, kernel: Kernel, outputs: NotebookOutputs) -> None:
        super().__init__(
            notebook,
            km=kernel.manager,
            timeout=None,
            allow_errors=True,
            record_timing=False,
            coalesce_streams=False,
            log=SILENCE,
        )
        self.kc = kernel.client
        self.outputs = outputs
        self.reply: dict[str, Any] = {}
        self.complete = False  # whether all outputs of the last cell were received
        self.on_cell_executed = self._keep_reply

    def process_message(self, msg: dict[str, Any], cell: Any, cell_index: int) -> None:
        """Take one message; the cell is done when the kernel says that it is idle."""
        if msg["msg_type"] == "status":
            if msg["content"].get("execution_state") == "idle":
                self.complete = True
                raise CellExecutionComplete
            return
        self.outputs.receive(cell_index, msg)

    def _keep_reply(self, cell: Any, cell_index: int, execute_reply: Any) -> None:
        """Keep the kernel's answer, from which the cell's outcome is read."""
        self.reply = execute_reply["content"] if execute_reply else {}


class Session:
    """A run in progress: which cells have run, and why no more will, once that is so."""

    def __init__(self, notebook: Any, kernel: Kernel, limits: Limits) -> None:
        self._notebook = notebook
        self._kernel = kernel
        self._limits = limits
        self._outputs = NotebookOutputs(limits.output_kib)
        self._client = _Client(notebook, kernel, self._outputs)
        self._deadline = time.monotonic() + limits.notebook_seconds
        self._ended = ""
        self._count = 0

    async def run(self) -> tuple[CellRun, ...]:
        """Run all code cells, and put their outputs into the notebook."""
        return tuple([await self._cell(*place) for place in number_cells(self._notebook)])

    async def _cell(self, index: int, number: int) -> CellRun:
        """Run one cell, unless the run has ended."""
        cell = self._notebook["cells"][index]
        if self._ended:
            return CellRun(number, cell.source, "not_run", error=self._ended)
        if not is_run(cell):
            return CellRun(number, cell.source, "ok")
        self._count += 1
        begun = time.monotonic()
        status, error = await self._attempt(cell, index, number)
        seconds = time.monotonic() - begun
        if not self._ended and not self._client.complete:
            self._outputs.of(index).lose()
            await self._kernel.listen_anew()
        if time.monotonic() >= self._deadline and not self._ended:
            self._ended = f"the notebook's {self._limits.notebook_seconds:g} seconds were used up"
        outputs = self._outputs.of(index)
        cell.outputs, cell.execution_count = outputs.finish(), self._count
        return CellRun(number, cell.source, status, seconds, error, outputs.cut)

    async def _attempt(self, cell: Any, index: int, number: int) -> tuple[CellStatus, str]:
        """Send a cell and see it through to an outcome."""
        allowed = min(self._limits.cell_seconds, self._deadline - time.monotonic())
        self._client.reply, self._client.complete = {}, False
        task = asyncio.ensure_future(self._client.async_execute_cell(cell, index, self._count))
        try:
            fate = await self._kernel.settle(task, allowed)
            if fate == "late":
                return await self._interrupt(task, number)
            if fate == "done" and task.exception() is None:
                return self._read_reply(number)
            return self._bury(number)
        finally:
            await _drop(task)

    async def _interrupt(self, task: "asyncio.Task[Any]", number: int) -> tuple[CellStatus, str]:
        """Stop a cell that takes too long; where it does not stop, end the kernel."""
        error = self._overtime()
        for _ in range(2):  # the first may hit code that swallows it
            await self._kernel.interrupt()
            fate = await self._kernel.settle(task, GRACE_SECONDS / 2)
            if fate == "done" and task.exception() is None:
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
        reply = self._client.reply
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
        if self._kernel.memory.address_space >= NEAR * self._limits.memory_mib * 2**20:
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


async def _drop(task: "asyncio.Task[Any]") -> None:
    """Cancel a task that is of no use any more, and take its last words."""
    task.cancel()
    try:
        await task
    except (Exception, asyncio.CancelledError) as error:
        logging.getLogger(__name__).debug("a cell's task ended with %r", error)
