"""What the sandbox shows and takes, and what of it this machine can do."""

import importlib.util
import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from grader.execution.sandbox import landlock, linux, root, seccomp

HERE = Path(__file__).parent
ENTER = HERE / "sandbox" / "enter.py"
SYSTEM = ("bin", "sbin", "lib", "lib32", "lib64", "libexec", "share")
PRIVATE = ("grader", "reference", "rubrics")  # of an installed grader, beside each other
FIRST_USER = 1_879_048_193  # an id nobody has; the process's is added, so that graders differ
USERS = 60_000
NEEDED = ("numpy", "torch", "ipykernel", "IPython", "jupyter_client", "traitlets", "zmq")
SECONDS = 30
UNSEALED = "reduced: no sandbox"  # what a fresh kernel has
CALLS = ("memfd_create", "pidfd_open")
SIGNALS_FROM = 6  # version of Landlock
DEVICES = tuple(f"/dev/{name}" for name in ("null", "zero", "full", "random", "urandom", "shm"))
PROC = ("/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/sys/kernel")


@dataclass(frozen=True)
class Isolation:
    """What stands between student code and the rest of the machine.

    `missing` are sentences, none where all is there; `landlock` is its version, 0 without.
    """

    namespaces: bool
    filtered: bool
    landlock: int
    missing: tuple[str, ...]

    @property
    def full(self) -> bool:
        """Say whether nothing is missing."""
        return not self.missing

    @property
    def forks(self) -> bool:
        """Say whether kernels can be forked here."""
        return self.filtered and all(hasattr(os, name) for name in CALLS)

    @property
    def text(self) -> str:
        """Put it as it is written in every recording."""
        return "full" if self.full else f"reduced: {'; '.join(self.missing)}"


@cache
def detect() -> Isolation:
    """Find out what this machine can do, by doing it."""
    if sys.platform != "linux":
        return Isolation(False, False, 0, (f"no sandbox on {sys.platform}",))
    refusal = _try_namespaces() and _try_namespaces()  # the first may have been killed
    filtered = seccomp.supported()
    missing = [
        *([f"no user namespaces ({refusal})"] if refusal else []),
        *(_missing_landlock(landlock.version()) if refusal else []),
        *([] if filtered else [f"no system call filter for {linux.MACHINE}"]),
        *(f"this Python has no os.{name}" for name in CALLS if not hasattr(os, name)),
    ]
    return Isolation(not refusal, filtered, landlock.version(), tuple(missing))


def _missing_landlock(version: int) -> list[str]:
    """Say what Landlock, which has to do alone, does not do."""
    if not version:
        return ["no Landlock, so files can be read"]
    return ["processes of the same user can be signalled"] if version < SIGNALS_FROM else []


def walls_settings(groups: Sequence[str] = (), data: Mapping[str, str] | None = None) -> str:
    """Give enter.py's settings; `data` are files to be shown, by their places inside."""
    shown = sorted(set(_folders()))
    return json.dumps(
        {
            "folders": shown,
            "code": str(HERE),
            "hidden": [
                str(path)
                for path in _private()
                if any(path.is_relative_to(folder) for folder in shown)
            ],
            "shown": dict(data or {}),
            "user": FIRST_USER + os.getpid() % USERS,
            "groups": list(groups),
        }
    )


def readable_paths() -> list[str]:
    """List what student code may read where it has no root of its own."""
    own = [str(HERE / name) for name in ("inside", "forked")]
    etc = [f"/etc/{name}" for name in (*root.ETC, *root.ETC_BOUND)]
    shown = [str(path) for folder in _folders() for path in _without_private(Path(folder))]
    return [*shown, *own, *etc, *PROC]


def listed_paths() -> list[str]:
    """List the folders above what is hidden: Python looks for modules by their names."""
    return [
        str(above)
        for folder in map(Path, _folders())
        for above in dict.fromkeys(above for path in _private() for above in path.parents)
        if above.is_relative_to(folder)
    ]


def _private() -> list[Path]:
    """List where an installed grader keeps itself and the answers."""
    return [HERE.parents[1] / name for name in PRIVATE]


def _without_private(path: Path) -> Iterator[Path]:
    """Take apart the folders that hold the answers, and leave those out."""
    if path in _private():
        return
    if any(hidden.is_relative_to(path) for hidden in _private()):
        for part in path.iterdir():
            yield from _without_private(part)
    else:
        yield path


def spare_user() -> int | None:
    """Give an id that owns nothing, for root to become; None where others cannot read Python."""
    if os.geteuid() != 0:
        return None
    prefixes = {Path(prefix).resolve() for prefix in (sys.prefix, sys.base_prefix, HERE)}
    steps = {step for prefix in prefixes for step in (prefix, *prefix.parents)}
    if not all(step.stat().st_mode & stat.S_IXOTH for step in steps):
        return None
    return FIRST_USER + os.getpid() % USERS


def _folders() -> Iterator[str]:
    """List the folders of the interpreter, of packages and of the system's programs."""
    yield from _installed()
    yield from other_packages()


def _installed() -> Iterator[str]:
    """List the folders of the interpreter, its packages and the system's programs."""
    for prefix in ("", "/usr", "/usr/local"):
        yield from _parts(prefix)
    prefixes = {sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix}
    for prefix in sorted(prefixes | {os.path.realpath(prefix) for prefix in prefixes}):
        yield from _parts(prefix)
        yield from (path for path in [f"{prefix}/pyvenv.cfg"] if Path(path).exists())
    for path in filter(None, os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep)):
        if Path(path).is_absolute() and Path(path).is_dir():
            yield path.rstrip("/")


@cache
def other_packages() -> tuple[str, ...]:
    """List folders of packages a kernel needs that do not lie with the interpreter."""
    shown = tuple(_installed())
    found = []
    for name in NEEDED:
        spec = importlib.util.find_spec(name)
        folder = Path(spec.origin).parents[1] if spec and spec.origin else None
        if folder and not any(folder.is_relative_to(part) for part in shown):
            found.append(str(folder))
    return tuple(dict.fromkeys(found))


def _parts(prefix: str) -> Iterator[str]:
    """List the parts of an installation that are there."""
    for name in SYSTEM:
        path = f"{prefix.rstrip('/')}/{name}"
        if os.path.lexists(path) and path not in ("/share", "/libexec"):
            yield path


def _try_namespaces() -> str:
    """Go through the motions once; say why it did not work, nothing where it did."""
    command = [sys.executable, "-I", str(ENTER), walls_settings(), "/bin/true"]
    try:
        done = subprocess.run(  # noqa: S603  # our own script
            command, capture_output=True, timeout=SECONDS, check=False, env={}
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return "" if done.returncode == 0 else (lines[-1] if lines else f"code {done.returncode}")
