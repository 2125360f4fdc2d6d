"""One kernel process: started in a workplace, asked, interrupted, and ended without a trace."""

import asyncio
import json
import logging
import signal
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from queue import Empty
from typing import Any, Literal

import zmq.asyncio
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager

from grader.execution.processes import Memory, end_tree, read_memory
from grader.execution.workplace import Workplace
from grader.faults import Fault

LAUNCHER = Path(__file__).parent / "inside" / "launch.py"
START_SECONDS = 120
ANSWER_SECONDS = 10
LOOK_SECONDS = 0.05  # between two looks at a working kernel
LAST_WORDS_SECONDS = 0.3  # for messages on their way when the kernel died
SOCKET_PATH_LIMIT = 90  # bytes, of 104 to 108, less what is appended to them
MESSAGE_LIMIT = 64 * 1024 * 1024  # bytes; a longer one breaks the connection
# Jupyter reports as errors what is an ordinary outcome here: a cell too slow, a kernel that died.
SILENCE = logging.getLogger(f"{__name__}.jupyter")
SILENCE.addHandler(logging.NullHandler())
SILENCE.propagate = False


class KernelFault(Fault):
    """A kernel that did not start; no fault of the submission."""


class RunStopped(Fault):
    """A run that was told to stop."""


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


class Kernel:
    """A running kernel and its client."""

    def __init__(
        self,
        manager: _Manager,
        client: AsyncKernelClient,
        process: "subprocess.Popen[bytes]",
        mark: str,
        stop: threading.Event,
    ) -> None:
        self.manager = manager
        self.client = client
        self.memory = Memory()
        self._process = process
        self._mark = mark
        self._stop = stop

    def alive(self) -> bool:
        """Say whether the process still runs."""
        return self._process.poll() is None

    def death(self) -> str:
        """Say how the process ended; nothing while it lives."""
        code = self._process.poll()
        if code is None:
            return ""
        if code >= 0:
            return f"the kernel ended itself with exit code {code}"
        known = {number.value: number.name for number in signal.Signals}
        return f"the kernel died of {known.get(-code, f'signal {-code}')}"

    async def interrupt(self) -> None:
        """Do what a person does who presses stop."""
        await self.manager.interrupt_kernel()

    async def settle(
        self, task: "asyncio.Task[Any]", seconds: float
    ) -> Literal["done", "late", "dead"]:
        """Wait for a task that waits for the kernel, as long as the kernel lives."""
        deadline = time.monotonic() + seconds
        while not task.done():
            left = deadline - time.monotonic()
            if left <= 0:
                return "late"
            await asyncio.wait({task}, timeout=min(left, LOOK_SECONDS))
            self.look()
            if not task.done() and not self.alive():
                await asyncio.wait({task}, timeout=LAST_WORDS_SECONDS)
                return "done" if task.done() else "dead"
        return "done"

    async def listen_anew(self) -> None:
        """Connect again to where outputs come from: a message too long ends the connection."""
        channel = self.client.iopub_channel
        channel.socket.close(linger=0)
        channel.socket = self.client.connect_iopub()
        await _converse(self, ANSWER_SECONDS)

    def look(self) -> None:
        """Note the memory peaks so far, which cannot be read of a dead process.

        Raises:
            RunStopped: somebody wants the run to stop.

        """
        if self._stop.is_set():
            raise RunStopped("the run was stopped")
        if self._process.returncode is None:
            self.memory = max(self.memory, read_memory(self._process.pid), key=_resident)

    def end(self) -> None:
        """Kill the kernel and all it started."""
        end_tree(self._process, self._mark)


@asynccontextmanager
async def started_kernel(
    place: Workplace, settings: dict[str, Any], stop: threading.Event
) -> AsyncIterator[Kernel]:
    """Start a kernel that answers, and end it whatever happens.

    Raises:
        KernelFault: it did not come up.
        RunStopped: `stop` was set.

    """
    context = zmq.asyncio.Context()
    # Defaults of every socket made from it.
    context.linger, context.maxmsgsize = 0, MESSAGE_LIMIT
    manager = _prepared_manager(place, settings, context)
    try:
        process = await _start(manager, place)
        client = manager.client(context=context)
        kernel = Kernel(manager, client, process, str(place.root), stop)
        client.start_channels(stdin=False, hb=False, control=False)
        if not await _converse(kernel, START_SECONDS):
            raise KernelFault(f"the kernel did not come up: {place.read_log() or 'no answer'}")
        yield kernel
    finally:
        # Not kernel.end(): a start that is interrupted leaves a process, but no kernel.
        if manager.process is not None:
            end_tree(manager.process, str(place.root))
        context.destroy(linger=0)


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


async def _converse(kernel: Kernel, seconds: float) -> bool:
    """Ask until the kernel answers on both channels; False where it does not, or is dead."""
    deadline = time.monotonic() + seconds
    answers = {"shell": False, "iopub": False}
    while not all(answers.values()):
        kernel.client.kernel_info()
        answers = {name: await _heard(kernel, name) or answer for name, answer in answers.items()}
        kernel.look()
        if not kernel.alive() or time.monotonic() > deadline:
            return False
    return True


async def _heard(kernel: Kernel, name: str) -> bool:
    """Say whether a channel has a message that can be read, and take it."""
    channel = kernel.client.shell_channel if name == "shell" else kernel.client.iopub_channel
    try:
        await channel.get_msg(timeout=0.1)
    except (Empty, ValueError, TypeError, KeyError):
        return False
    return True


def _resident(memory: Memory) -> int:
    """Order by what was really used."""
    return memory.resident
