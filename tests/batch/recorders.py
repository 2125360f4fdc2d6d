"""A recording desk for tests that runs no notebook: its first line says what happens."""

import os
import signal
from pathlib import Path
from typing import Any

from grader.batch.recorder import Manner, RecordingDesk
from grader.execution.outcome import CellRun, Execution
from tests.batch.desks import leave


class TestedRecordingDesk(RecordingDesk):
    """Runs nothing: what a notebook's first line says happens."""

    __test__ = False

    def __init__(self, manner: Manner) -> None:
        self._trail = manner.workspace.parent / "trail"
        super().__init__(manner)

    def _open_runner(self) -> Any:
        leave(self._trail, "runners")
        return _Runner(self._trail)


class _Runner:
    def __init__(self, trail: Path) -> None:
        self._trail = trail

    def execute(self, notebook: Any, **options: Any) -> Execution:
        name, _, does = notebook.cells[0].source.removeprefix("# ").partition(" ")
        attempt = leave(self._trail, name)
        if does == "breaks" and (self._trail / "broken").exists():
            raise RuntimeError("no kernel")
        if does == "kills":
            os.kill(os.getpid(), signal.SIGKILL)
        cell = CellRun(1, "", "ok")
        if does == "killed once" and attempt == 1:
            cell = CellRun(1, "", "died", error="the kernel died of SIGKILL")
        if does == "cut":
            cell = CellRun(1, "x = 1", "ok")
        if options["files"]:
            beside = {path.name: path.read_text() for path in sorted(options["files"].iterdir())}
            leave(self._trail, f"beside-{name}", repr(beside))
        return Execution(notebook, (cell,), b"", 0.1, 0, "", {})

    def close(self) -> None:
        leave(self._trail, "closed")
