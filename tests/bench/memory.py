"""The memory, and the processor time, of a process and all that descends from it."""

import contextlib
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
INTERVAL = 0.2  # seconds


@dataclass(frozen=True)
class Look:
    """One look: when, and the proportional set size summed over the tree, in bytes."""

    at: float
    size: int


class MemoryWatch:
    """Looks about five times a second; a look costs milliseconds, and so is never part of a timing.

    The proportional set size counts a page that n processes share as 1/n in each, so that the
    sum over a tree counts no page twice. What no descendant is any more is not seen.
    """

    def __init__(self, roots: list[int]) -> None:
        self.looks: list[Look] = []
        self._spent = 0.0
        self.unseen = False  # whether a process would not be looked at
        self._roots = roots
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "MemoryWatch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    @property
    def peak(self) -> int:
        """The largest sum seen, in bytes."""
        return max((look.size for look in self.looks), default=0)

    @property
    def cost(self) -> float:
        """Processor time of one look, in seconds; the mean."""
        return self._spent / len(self.looks) if self.looks else 0.0

    def sizes_between(self, start: float, end: float) -> list[int]:
        """Give the sums seen in a stretch of time, in order, in bytes."""
        return [look.size for look in self.looks if start <= look.at <= end]

    def _watch(self) -> None:
        while True:
            begun = time.thread_time()
            size = sum(map(self._size_of, descendants(self._roots)))
            self._spent += time.thread_time() - begun
            self.looks.append(Look(time.monotonic(), size))
            if self._ended.wait(INTERVAL):
                return

    def _size_of(self, pid: int) -> int:
        try:
            lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
        except (FileNotFoundError, ProcessLookupError):
            return 0
        except OSError:
            self.unseen = True
            return 0
        return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def descendants(roots: list[int]) -> Iterator[int]:
    """Give the processes of a tree, its roots too."""
    children: dict[int, list[int]] = {}
    for pid, parent in _parents():
        children.setdefault(parent, []).append(pid)
    waiting = list(roots)
    while waiting:
        pid = waiting.pop()
        yield pid
        waiting.extend(children.get(pid, ()))


def processor_seconds(roots: list[int]) -> float:
    """Sum the processor time of a tree so far, of those that ended and were waited for too."""
    ticks = 0
    for pid in descendants(roots):
        with contextlib.suppress(OSError):
            ticks += sum(map(int, _stat(pid)[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _parents() -> Iterator[tuple[int, int]]:
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                yield int(entry.name), int(_stat(int(entry.name))[1])


def _stat(pid: int) -> list[str]:
    """Read what follows a process's name: its state, its parent, and more."""
    stat = (PROC / str(pid) / "stat").read_text(errors="replace")
    return stat.rpartition(")")[2].split()
