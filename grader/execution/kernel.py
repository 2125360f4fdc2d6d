"""What a session asks of the kernel it runs cells in, whichever kind it is."""

import signal
import threading
from typing import Any, Literal, Protocol

from grader.execution.processes import Memory
from grader.faults import Fault

NEAR = 0.9  # of the memory limit; a kernel that died this close to it died of it
Fate = Literal["done", "late", "dead", "broken"]


class KernelFault(Fault):
    """A kernel that did not start, or whose server died; no fault of the submission."""


class RunStopped(Fault):
    """A run that was told to stop."""


class Kernel(Protocol):
    """A running kernel; it hands the outputs it receives to the notebook's `NotebookOutputs`."""

    memory: Memory  # peaks so far

    @property
    def reply(self) -> dict[str, Any]:
        """The content of the answer to the last cell."""

    @property
    def complete(self) -> bool:
        """Whether all outputs of the last cell were received."""

    def send(self, cell: Any, index: int, count: int) -> None:
        """Have a cell run: the cell at this index, the count-th that is run."""

    def wait(self, seconds: float) -> Fate:
        """Wait for the end of the cell, the kernel, the time, or all understanding.

        Raises:
            RunStopped: somebody wants the run to stop.
            KernelFault: the kernel's server died.

        """

    def interrupt(self) -> None:
        """Do what a person does who presses stop."""

    def recover(self) -> None:
        """After a cell whose outputs did not all come: make ready for the next one."""

    def death(self) -> str:
        """Say how the kernel ended; nothing while it lives."""

    def starved(self) -> bool:
        """Say whether the kernel, which has died, is likely to have died for lack of memory."""

    def end(self) -> None:
        """Kill the kernel and all it started."""


def describe_death(code: int) -> str:
    """Word an exit code as `subprocess` gives it; negative where a signal ended the process."""
    if code >= 0:
        return f"the kernel ended itself with exit code {code}"
    known = {number.value: number.name for number in signal.Signals}
    return f"the kernel died of {known.get(-code, f'signal {-code}')}"


def stop_if_asked(stop: threading.Event) -> None:
    """Break a run off.

    Raises:
        RunStopped: somebody wants the run to stop.

    """
    if stop.is_set():
        raise RunStopped("the run was stopped")
