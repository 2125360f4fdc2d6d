"""Real kernels, as a front end starts them; cells are run in them one by one."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager

from grader.intake import read_notebook

ROOT = Path(__file__).parents[2]

# What a notebook may have set for all that come after it, and that it was run at all.
ANEW = """
import random, sys
import numpy, torch
numpy.set_printoptions(precision=8, suppress=False, threshold=1000, linewidth=75)
torch.set_default_dtype(torch.float32)
torch.set_printoptions(profile="default")
torch.set_grad_enabled(True)
for unseeded in (random.seed, numpy.random.seed):
    unseeded()
get_ipython().history_manager.reset(new_session=False)
get_ipython().history_manager.outputs.clear()
get_ipython().reset(new_session=True)
"""


@dataclass
class Cell:
    """What came back when a cell was run."""

    streams: str = ""
    error: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)


class Kernel:
    """A kernel that answers."""

    def __init__(self, manager: KernelManager, client: Any) -> None:
        self.manager = manager
        self._client = client

    def run(self, source: str, *, seconds: float = 120) -> Cell:
        """Run a cell, as a student does."""
        cell = Cell()

        def hear(message: Any) -> None:
            kind, content = message["msg_type"], message["content"]
            cell.messages.append(kind)
            if kind == "stream":
                cell.streams += content["text"]
            elif kind == "error":
                cell.error = f"{content['ename']}: {content['evalue']}"
            elif kind in ("execute_result", "display_data"):
                cell.data = content["data"]

        try:
            self._client.execute_interactive(
                source, store_history=True, timeout=seconds, output_hook=hear, allow_stdin=False
            )
        except TimeoutError:  # as the button does, for a cell that takes too long
            self.manager.interrupt_kernel()
            self._client.wait_for_ready(timeout=30)
        return cell

    def run_notebook(self, path: Path, *, seconds: float = 60) -> None:
        """Run the code cells of a notebook, whatever becomes of them."""
        for cell in read_notebook(path).cells:
            if cell.cell_type == "code" and cell.source.strip():
                self.run(cell.source, seconds=seconds)

    def begin_again(self, folder: Path) -> None:
        """Have a new session, in another folder, as if the kernel had been started there."""
        if not self.manager.is_alive():
            self.manager.restart_kernel(now=True)
            self._client.wait_for_ready(timeout=60)
        self.run(f"import os\nos.chdir({str(folder)!r})\nget_ipython().reset(new_session=True)")
        self.run(ANEW)

    def value(self, expression: str) -> Any:
        """Evaluate an expression whose value JSON can hold, outside of the history."""
        asked = {"v": f"__import__('json').dumps({expression})"}
        reply = self._client.execute_interactive(
            "", silent=True, user_expressions=asked, timeout=60, output_hook=lambda _: None
        )
        import ast
        import json

        told = reply["content"]["user_expressions"]["v"]
        assert told["status"] == "ok", told
        return json.loads(ast.literal_eval(told["data"]["text/plain"]))


@contextmanager
def kernel(folder: Path, **environment: str) -> Iterator[Kernel]:
    """Start a kernel of this interpreter in a folder; it is shut down in the end."""
    manager = KernelManager()
    manager._kernel_spec = KernelSpec(  # the one of this interpreter, whatever is installed
        argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        language="python",
    )
    inherited = {k: v for k, v in os.environ.items() if k != "GRADMARK_GRADING"}
    inherited["PYTHONPATH"] = str(ROOT)
    manager.start_kernel(cwd=str(folder), env={**inherited, **environment})
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        yield Kernel(manager, client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def ended_within(pid: int, seconds: float) -> bool:
    """Wait for the end of a process."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":  # it has ended; who adopted it does not wait for it
            return True
        time.sleep(0.05)
    return False
