"""A control group for a notebook's processes together, where the machine lets us make one."""

import contextlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from grader.faults import Fault

MOUNT = Path("/sys/fs/cgroup")
NAME = "gradmark-{}"
MEMORY = {"memory.max", "memory.limit_in_bytes"}  # version 2, version 1
PROCESSES = {"pids.max"}


class _Unavailable(Fault):
    """There is no such group to be had."""


@dataclass
class Cgroup:
    """Folders of one group: one in version 2, one for each controller in version 1."""

    folders: tuple[Path, ...]
    weight: int = 0  # bytes taken before any notebook
    bounds: tuple[int, int] = (0, 0)

    def weigh(self) -> None:
        """Note what the group's processes have taken so far: it is not counted."""
        for path in self._files({"memory.current", "memory.usage_in_bytes"}):
            with contextlib.suppress(OSError):
                self.weight = int(path.read_text("ascii"))

    def bound(self, memory: int, processes: int) -> None:
        """Set what all processes of the group may take together, in bytes and in number."""
        if self.bounds == (memory, processes):
            return
        self.bounds = memory, processes
        for names, limit in ((MEMORY, self.weight + memory), (PROCESSES, processes)):
            for path in self._files(names):
                _write(path, limit)

    def entrances(self) -> list[str]:
        """Name the files by which a process enters; what it starts stays there with it."""
        return [str(folder / "cgroup.procs") for folder in self.folders]

    def kills(self) -> int:
        """Count the processes that were killed for lack of memory."""
        counts = [0]
        for path in self._files({"memory.events", "memory.oom_control"}):
            with contextlib.suppress(OSError):
                counts += map(int, re.findall(r"^oom_kill (\d+)", path.read_text("ascii"), re.M))
        return max(counts)

    def remove(self) -> None:
        """Remove the group; its processes have ended."""
        for folder in self.folders:
            with contextlib.suppress(OSError):
                folder.rmdir()

    def _files(self, names: set[str]) -> list[Path]:
        paths = (folder / name for folder in self.folders for name in names)
        return [path for path in paths if path.exists()]


def make_cgroup() -> Cgroup | None:
    """Make a group for this process's notebooks below its own; None where that is not allowed."""
    try:
        return _make()
    except (OSError, _Unavailable):
        return None


def _make() -> Cgroup:
    own = dict(_own_groups())
    name = NAME.format(f"{os.getpid()}-{os.urandom(3).hex()}")
    if "" in own and (MOUNT / "cgroup.controllers").exists():
        places = [MOUNT / own[""] / name]
    else:
        kinds = [kind for kind in ("memory", "pids") if kind in own]
        places = [MOUNT / kind / own[kind] / name for kind in kinds]
    made = Cgroup(tuple(place for place in places if _created(place)))
    if not any((folder / name).exists() for folder in made.folders for name in MEMORY):
        made.remove()
        raise _Unavailable("memory cannot be bounded")
    return made


def _own_groups() -> list[tuple[str, str]]:
    """Read the groups of this process: a controller, or "" for version 2, and a path."""
    lines = Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    groups = []
    for line in lines:
        _, kinds, path = line.split(":", 2)
        groups += [(kind, path.lstrip("/")) for kind in kinds.split(",")]
    return groups


def _created(place: Path) -> bool:
    """Make a folder, and remove those of processes that died."""
    for stale in place.parent.glob(NAME.format("*")):
        pid = stale.name.split("-")[1]
        if pid.isdigit() and not Path("/proc", pid).exists():
            with contextlib.suppress(OSError):
                stale.rmdir()
    place.mkdir()
    return True


def _write(path: Path, number: int) -> None:
    """Write a number to a file of the kernel's; a process that is gone is no loss."""
    with contextlib.suppress(OSError):
        path.write_text(str(number), encoding="ascii")
