"""What Linux tells about a kernel process and whatever it started; ends all of it."""

import contextlib
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
ROUNDS = 100  # of looking for processes that are left


@dataclass(frozen=True)
class Memory:
    """Peaks of one process, in bytes; 0 where they cannot be known."""

    resident: int = 0
    address_space: int = 0

    def peak(self, other: "Memory") -> "Memory":
        """Give the larger of each."""
        return Memory(
            max(self.resident, other.resident), max(self.address_space, other.address_space)
        )


def read_memory(pid: int) -> Memory:
    """Read the memory peaks of a living process."""
    try:
        status = (PROC / str(pid) / "status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return Memory()
    kib = {name: int(number) for name, number in re.findall(r"^(Vm\w+):\s+(\d+) kB", status, re.M)}
    return Memory(kib.get("VmHWM", 0) * 1024, kib.get("VmPeak", 0) * 1024)


def end_tree(process: "subprocess.Popen[bytes]", mark: str) -> None:
    """Kill a process, its group, its descendants, and all whose environment holds `mark`.

    The process is stopped first, so that it starts nothing new while its descendants are
    counted. A daemon is no descendant any more; the environment it inherited betrays it.
    """
    if process.poll() is None:
        _signal(process.pid, signal.SIGSTOP)
        _kill_all(_descendants(process.pid))
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    if process.poll() is None:
        process.kill()
    process.wait()
    end_marked(mark)


def end_marked(mark: str) -> None:
    """Kill all processes whose environment holds `mark`, until there are none."""
    for _ in range(ROUNDS):
        if not _kill_all(_marked(mark)):
            return
        time.sleep(0.01)


def _kill_all(pids: Iterator[int]) -> bool:
    """Kill processes; say whether there were any."""
    found = False
    for pid in pids:
        found = True
        _signal(pid, signal.SIGKILL)
    return found


def _signal(pid: int, number: signal.Signals) -> None:
    """Signal a process that may be gone."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


def _descendants(root: int) -> Iterator[int]:
    """Find the children of a process, and theirs."""
    parents = {pid: parent for pid in _pids() if (parent := _parent(pid)) is not None}
    family = {root}
    while grown := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= grown
        yield from grown


def _marked(mark: str) -> Iterator[int]:
    """Find living processes whose environment holds `mark`."""
    wanted = os.fsencode(mark)
    for pid in _pids():
        try:
            if wanted in (PROC / str(pid) / "environ").read_bytes():
                yield pid
        except OSError:
            continue


def _pids() -> list[int]:
    """List all processes but this one; none where there is no /proc."""
    if not PROC.is_dir():
        return []
    own = os.getpid()
    return [
        int(entry.name)
        for entry in PROC.iterdir()
        if entry.name.isdigit() and int(entry.name) != own
    ]


def _parent(pid: int) -> int | None:
    """Read the parent of a process; None once it is gone."""
    try:
        stat = (PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return int(stat.rpartition(")")[2].split()[1])
