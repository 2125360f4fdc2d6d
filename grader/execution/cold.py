"""A fresh kernel process, driven by nbclient: slow to start, and the measure of all others."""

import asyncio
import json
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable
from pathlib import Path
from queue import Empty
from typing import Any

import zmq.asyncio
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager

from grader.execution.cold_client import SILENCE, CellClient
from grader.execution.kernel import NEAR, Fate, KernelFault, describe_death, stop_if_asked
from grader.execution.outputs import NotebookOutputs
from grader.execution.processes import Memory, end_tree, read_memory
from grader.execution.workplace import Workplace

LAUNCHER = Path(__file__).parent / "inside" / "launch.py"
START_SECONDS = 120
ANSWER_SECONDS = 10
LOOK_SECONDS = 0.05  # between two looks at a working kernel
LAST_WORDS_SECONDS = 0.3  # for messages on their way when the kernel died
SOCKET_PATH_LIMIT = 90  # bytes, of 104 to 108, less what is appended to them
MESSAGE_LIMIT = 64 * 1024 * 1024  # bytes; a longer one breaks the connection


class _Manager(AsyncKernelManager):
    """Starts our launcher, whatever kernels are installed and whatever a notebook names."""

    argv: tuple[str, ...] = ()

    @property
    def kernel_spec(self) -> KernelSpec:
        """The one kernel there is."""
        return KernelSpec(argv=list(self.argv), display_name="Python 3", language="python")

    @property
    def process(self) -> "subprocess.Popen[bytes] | None":
        """The kernel's process, once it was started."""
        return getattr(self.provisioner, "process", None)


class ColdKernel:
    """A kernel process of its own, its client, and the event loop they meet in."""

    def __init__(
        self,
        place: Workplace,
        settings: dict[str, Any],
        notebook: Any,
        outputs: NotebookOutputs,
        stop: threading.Event,
    ) -> None:
        """Start a kernel that answers.

        Raises:
            KernelFault: it did not come up.
            RunStopped: `stop` was set.

        """
        self.memory = Memory()
        self._memory_limit = settings["memory_mib"] * 2**20
        self._stop = stop
        self._place = place
        self._runner = asyncio.Runner()
        # What is left of a broken-off conversation is no news.
        self._runner.get_loop().set_exception_handler(lambda loop, context: None)
        self._context = zmq.asyncio.Context()
        # Defaults of every socket made from it.
        self._context.linger, self._context.maxmsgsize = 0, MESSAGE_LIMIT
        self._manager = _prepared_manager(place, settings, self._context)
        self._task: asyncio.Task[Any] | None = None
        try:
            self._process = self._runner.run(_start(self._manager, place))
            self._runner.run(self._meet(notebook, outputs))
        except BaseException:
            self.close()
            raise

    @property
    def reply(self) -> dict[str, Any]:
        """The content of the answer to the last cell."""
        return self._client.reply

    @property
    def complete(self) -> bool:
        """Whether all outputs of the last cell were received."""
        return self._client.complete

    def send(self, cell: Any, index: int, count: int) -> None:
        """Have a cell run."""
        self._client.reply, self._client.complete = {}, False
        self._task = self._runner.get_loop().create_task(
            self._client.async_execute_cell(cell, index, count)
        )

    def wait(self, seconds: float) -> Fate:
        """Wait for the end of the cell, the kernel, or the time."""
        return self._runner.run(self._settle(seconds))

    def interrupt(self) -> None:
        """Do what a person does who presses stop."""
        self._runner.run(_awaited(self._manager.interrupt_kernel()))

    def recover(self) -> None:
        """Connect again to where outputs come from: a message too long ends the connection."""
        self._runner.run(self._listen_anew())

    def death(self) -> str:
        """Say how the process ended; nothing while it lives."""
        code = self._process.poll()
        return "" if code is None else describe_death(code)

    def starved(self) -> bool:
        """Say whether the kernel is likely to have died for lack of memory."""
        return bool(self.memory.address_space >= NEAR * self._memory_limit)

    def end(self) -> None:
        """Kill the kernel and all it started."""
        end_tree(self._process, str(self._place.root))

    def close(self) -> None:
        """Kill the kernel, and close what led to it."""
        # Not the process of a start that went well: one that was interrupted has it only here.
        if self._manager.process is not None:
            end_tree(self._manager.process, str(self._place.root))
        if self._task is not None:
            self._runner.run(_drop(self._task))
        self._context.destroy(linger=0)
        self._runner.close()

    async def _meet(self, notebook: Any, outputs: NotebookOutputs) -> None:
        """Open the channels, and wait until the kernel answers."""
        client = self._manager.client(context=self._context)
        self._channels = client
        self._client = CellClient(notebook, self._manager, client, outputs)
        client.start_channels(stdin=False, hb=False, control=False)
        if not await self._converse(START_SECONDS):
            said = self._place.read_log() or "no answer"
            raise KernelFault(f"the kernel did not come up: {said}")

    async def _settle(self, seconds: float) -> Fate:
        """Wait for the cell's task, as long as the kernel lives."""
        task = self._task
        if task is None:
            return "broken"
        deadline = time.monotonic() + seconds
        while not task.done():
            left = deadline - time.monotonic()
            if left <= 0:
                return "late"
            await asyncio.wait({task}, timeout=min(left, LOOK_SECONDS))
            self._look()
            if not task.done() and self._process.poll() is not None:
                await asyncio.wait({task}, timeout=LAST_WORDS_SECONDS)
                if not task.done():
                    return "dead"
        return "broken" if task.exception() else "done"

    async def _listen_anew(self) -> None:
        """Drop the cell's task, and open the channel of outputs again."""
        if self._task is not None:
            await _drop(self._task)
        channel = self._channels.iopub_channel
        channel.socket.close(linger=0)
        channel.socket = self._channels.connect_iopub()
        await self._converse(ANSWER_SECONDS)

    async def _converse(self, seconds: float) -> bool:
        """Ask until the kernel answers on both channels; False where it does not, or is dead."""
        deadline = time.monotonic() + seconds
        answers = {"shell": False, "iopub": False}
        while not all(answers.values()):
            self._channels.kernel_info()
            for name, answered in answers.items():
                answers[name] = await self._heard(name) or answered
            self._look()
            if self._process.poll() is not None or time.monotonic() > deadline:
                return False
        return True

    async def _heard(self, name: str) -> bool:
        """Say whether a channel has a message that can be read, and take it."""
        client = self._channels
        channel = client.shell_channel if name == "shell" else client.iopub_channel
        try:
            await channel.get_msg(timeout=0.1)
        except (Empty, ValueError, TypeError, KeyError):
            return False
        return True

    def _look(self) -> None:
        """Note the memory peaks so far, which cannot be read of a dead process."""
        stop_if_asked(self._stop)
        if self._process.returncode is None:
            self.memory = self.memory.peak(read_memory(self._process.pid))


def _prepared_manager(
    place: Workplace, settings: dict[str, Any], context: zmq.asyncio.Context
) -> _Manager:
    """Make the manager of a kernel that is met at sockets in the workplace."""
    path = str(place.connection)
    # Sockets that are files need no free port, but their paths must not be long.
    transport = "ipc" if len(path) < SOCKET_PATH_LIMIT else "tcp"
    manager = _Manager(context=context, log=SILENCE, transport=transport, connection_file=path)
    launcher = [str(LAUNCHER), "--stream", str(place.stream), "--settings", json.dumps(settings)]
    manager.argv = (sys.executable, *launcher, "-f", "{connection_file}")
    return manager


async def _start(manager: _Manager, place: Workplace) -> "subprocess.Popen[bytes]":
    """Start the process."""
    try:
        with place.log.open("wb") as log:
            await manager.start_kernel(
                cwd=str(place.work), env=place.environment(), stdout=log, stderr=log
            )
    except OSError as error:
        raise KernelFault(f"the kernel could not be started: {error}") from error
    if manager.process is None:
        raise KernelFault("the kernel could not be started")
    return manager.process


async def _drop(task: "asyncio.Task[Any]") -> None:
    """Cancel a task that is of no use any more, and take its last words."""
    task.cancel()
    try:
        await task
    except (Exception, asyncio.CancelledError) as error:
        logging.getLogger(__name__).debug("a cell's task ended with %r", error)


async def _awaited(waiting: Awaitable[Any]) -> None:
    """Wait for it."""
    await waiting
