"""What a fresh child of the fork server does to itself before it runs any student code."""

import contextlib
import ctypes
import os
import resource
from typing import Any

from . import landlock, linux, root, seccomp

DESCRIPTORS = 256
INODES = 20_000
SPARE_SECONDS = 10  # of processor time, past the wall time a notebook has
_PLAIN = linux.MS_NOSUID | linux.MS_NODEV
_PARTS = linux.NEWNS | linux.NEWNET | linux.NEWIPC | linux.NEWUTS


def make_home() -> None:
    """Give the child file systems, a network and a host name of its own."""
    linux.unshare(_PARTS)
    linux.mount("proc", "/proc", "proc", _PLAIN | linux.MS_NOEXEC)
    linux.mount("scratch", root.SCRATCH, "tmpfs", _PLAIN, f"nr_inodes={INODES},mode=0755")
    for number, place in enumerate(filter(os.path.ismount, root.WRITABLE)):
        folder = f"{root.SCRATCH}/{number}"
        os.mkdir(folder, 0o700)
        linux.mount(folder, place, flags=linux.MS_BIND)
    linux.detach(root.SCRATCH)
    linux.mount("devpts", "/dev/pts", "devpts", linux.MS_NOSUID, "newinstance,ptmxmode=0666")
    linux.call("sethostname", "notebook", ctypes.c_size_t(8))
    os.mkdir(root.WORK)


def enter_home(settings: dict[str, Any], *, namespaces: bool) -> None:
    """Enter the working directory; a file system of the child's own gets the size it may have."""
    if namespaces:
        size = f"size={settings['disk']}"
        linux.mount("scratch", root.HOME, "tmpfs", linux.MS_REMOUNT | _PLAIN, size)
    os.chdir(root.WORK if namespaces else settings["work"])


def show_data(places: list[list[str]]) -> None:
    """Show files of the assignment where the notebook looks; they are bound read only as they are.

    The places are free: they lie in a file system of the child's own.
    """
    for source, place in places:
        os.makedirs(os.path.dirname(place), mode=0o755, exist_ok=True)
        os.close(os.open(place, os.O_CREAT | os.O_WRONLY, 0o444))
        linux.bind(source, place)


def confine(settings: dict[str, Any], *, namespaces: bool) -> None:
    """Take from the process all it can do without, for good; it has one thread so far."""
    with (
        contextlib.suppress(OSError),
        open("/proc/self/oom_score_adj", "w", encoding="ascii") as own,
    ):
        own.write("1000")  # where memory runs out, a notebook goes before the server
    if namespaces:
        linux.unshare(linux.NEWUSER)
    _limit(settings)
    if namespaces or settings["user"] is not None:  # else all the user's processes would count
        _set_limit(resource.RLIMIT_NPROC, settings["processes"])
    if settings["user"] is not None:
        os.setgroups([])
        os.setresgid(*[settings["user"]] * 3)
        os.setresuid(*[settings["user"]] * 3)
    linux.drop_capabilities()
    if namespaces:
        landlock.restrict_files(["/"], [*root.WRITABLE, "/dev", "/proc"])
    else:
        landlock.restrict_files(settings["readable"], settings["writable"], settings["listed"])
    seccomp.refuse_system_calls(network=namespaces)


def _limit(settings: dict[str, Any]) -> None:
    """Bound what the process, and each it starts, may take."""
    limits = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_AS: settings["memory"],
        resource.RLIMIT_FSIZE: settings["file"],
        resource.RLIMIT_NOFILE: DESCRIPTORS,
        resource.RLIMIT_CPU: settings["seconds"] + SPARE_SECONDS,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
    }
    for kind, limit in limits.items():
        _set_limit(kind, limit)


def _set_limit(kind: int, limit: int) -> None:
    """Set a limit, as far down as it is not lower already."""
    _, hard = resource.getrlimit(kind)
    limit = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    resource.setrlimit(kind, (limit, limit))
