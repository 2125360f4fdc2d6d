"""A desk for tests: it does as a task's name says, and leaves a trail; little to import."""

import os
import signal
import threading
from pathlib import Path

from grader.faults import UsageFault


class ToyDesk:
    """Every opening, attempt and closing is a line in a file of `trail`."""

    def __init__(self, trail: Path, opening: str = "") -> None:
        leave(trail, "opened")
        self._act(opening, 0)
        self._trail = trail
        self._stop = threading.Event()

    def work(self, task: str) -> str:
        attempt = leave(self._trail, task)
        leave(self._trail, "begun")
        self._act(task, attempt)
        return task.upper()

    def stop(self) -> None:
        self._stop.set()

    def close(self) -> None:
        leave(self._trail, "closed")

    def _act(self, task: str, attempt: int) -> None:
        if task.startswith("dies-forked") and os.fork() == 0:
            signal.pause()
        if task.startswith("dies") or (task.startswith("once") and attempt == 1):
            os.kill(os.getpid(), signal.SIGKILL)
        if task.startswith("raises"):
            raise RuntimeError("what nobody thought of")
        if task.startswith("refuses"):
            raise UsageFault("the disk is full")
        if task.startswith("ended"):
            os.kill(os.getpid(), signal.SIGTERM)
        if task.startswith(("ended", "waits")):
            self._stop.wait(60)
            raise RuntimeError("broken off")
        if task.startswith("litters"):
            Path(os.environ["TMPDIR"], "litter").touch()
            os.kill(os.getpid(), signal.SIGKILL)


def leave(trail: Path, name: str, line: str = "") -> int:
    """Add a line to a file, and count its lines."""
    trail.mkdir(exist_ok=True)
    with (trail / name).open("a") as file:
        file.write(f"{line}\n")
    return len(trail_of(trail, name))


def trail_of(trail: Path, name: str) -> list[str]:
    file = trail / name
    return file.read_text().splitlines() if file.exists() else []
