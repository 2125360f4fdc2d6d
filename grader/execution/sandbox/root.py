"""The file system student code sees: an interpreter, its libraries, and little else, read only."""

import os
from collections.abc import Mapping, Sequence

from . import linux

NOTEBOOK_USER = "student"
HOME = "/notebook"  # nobody else's files lie there
WORK = f"{HOME}/work"
CODE = "/opt/grader"  # where the code is found that runs inside
DATA = "/opt/data"  # where the files of an assignment are shown to all
SCRATCH = "/scratch"
WRITABLE = (HOME, "/tmp", "/dev/shm")  # noqa: S108  # of each notebook's own, if they can be
_DEVICES = ("null", "zero", "full", "random", "urandom")
_LINKS = {"fd": "/proc/self/fd", "stdin": "/proc/self/fd/0", "stdout": "/proc/self/fd/1"}
_LINKS |= {"stderr": "/proc/self/fd/2", "ptmx": "pts/ptmx"}
_NOBODY = 65534
ETC = {
    "passwd": f"{NOTEBOOK_USER}:x:{_NOBODY}:{_NOBODY}::{HOME}:/bin/sh\n",
    "group": f"{NOTEBOOK_USER}:x:{_NOBODY}:\n",
    "hosts": "127.0.0.1 localhost\n::1 localhost\n",
}
ETC_BOUND = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime", "alternatives")
# Not /tmp: what is bound may lie there; it comes back in sight under _OLD.
_PLACE, _NEW, _OLD = "/tmp", "/new", "/old"  # noqa: S108


def enter_new_root(
    folders: Sequence[str], code: str, hidden: Sequence[str], shown: Mapping[str, str]
) -> None:
    """Build the root and make it this process's; needs mount namespaces of its own.

    Args:
        folders: bound at the same path, links and all, if they are there.
        code: the folder bound at CODE.
        hidden: paths below `folders` that nobody is to look into.
        shown: files bound at other places, by these places.

    """
    linux.mount("none", "/", flags=linux.MS_REC | linux.MS_PRIVATE)
    linux.mount("root", _PLACE, "tmpfs", linux.MS_NOSUID, "mode=0755,size=1m")
    for part in (_NEW, _OLD):
        os.mkdir(_PLACE + part, 0o755)
    linux.pivot_root(_PLACE, _PLACE + _OLD)
    os.chdir("/")
    linux.mount("root", _NEW, "tmpfs", linux.MS_NOSUID, "mode=0755,size=1m")
    for folder in sorted(set(folders)):
        _show(folder)
    _show_as(code, CODE)
    for place, path in shown.items():
        _show_as(path, place)
    for path in hidden:
        _hide(path)
    _make_etc()
    _make_devices()
    for folder in ("/proc", SCRATCH, *WRITABLE):
        os.makedirs(_NEW + folder, mode=0o755, exist_ok=True)
    linux.make_read_only(_NEW)
    for folder in WRITABLE:  # for whoever enters; a notebook gets its own on top
        if os.listdir(_NEW + folder):  # Python itself lies there
            continue
        linux.mount("scratch", _NEW + folder, "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, "size=64m")
    linux.bind(f"{_OLD}/proc", f"{_NEW}/proc")
    linux.pivot_root(_NEW, _NEW + SCRATCH)
    linux.detach(SCRATCH)
    os.chdir("/")


def _show(path: str) -> None:
    """Bind a folder at its own path; a link on the way is followed, or becomes one again."""
    source = _OLD + path
    if os.path.islink(source):
        target = os.readlink(source)
        os.makedirs(os.path.dirname(_NEW + path), mode=0o755, exist_ok=True)
        if not os.path.lexists(_NEW + path):
            os.symlink(target, _NEW + path)
        return
    if os.path.exists(source):
        _show_as(path, path)


def _show_as(path: str, place: str) -> None:
    """Bind a folder or a file at a place."""
    source, target = _OLD + path, _NEW + place
    if os.path.isdir(source):
        os.makedirs(target, mode=0o755, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), mode=0o755, exist_ok=True)
        os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o644))
    linux.bind(source, target)


def _hide(path: str) -> None:
    """Put an empty folder, or an empty file, over what is bound."""
    target = _NEW + path
    if os.path.isdir(target):
        linux.mount("hidden", target, "tmpfs", linux.MS_NOSUID, "mode=0755,size=4k")
    elif os.path.exists(target):
        linux.bind(f"{_NEW}/dev/null", target)


def _make_etc() -> None:
    """Write what programs look up about users and hosts."""
    os.makedirs(f"{_NEW}/etc", exist_ok=True)
    for name, text in ETC.items():
        with open(f"{_NEW}/etc/{name}", "w", encoding="utf-8") as file:
            file.write(text)
    for name in ETC_BOUND:
        if os.path.exists(f"{_OLD}/etc/{name}"):
            _show_as(os.path.realpath(f"{_OLD}/etc/{name}").removeprefix(_OLD), f"/etc/{name}")


def _make_devices() -> None:
    """Show the few devices programs expect."""
    for folder in ("/dev", "/dev/pts", "/dev/shm"):  # noqa: S108
        os.makedirs(_NEW + folder, mode=0o755, exist_ok=True)
    for name in _DEVICES:
        _show_as(f"/dev/{name}", f"/dev/{name}")
    for name, target in _LINKS.items():
        os.symlink(target, f"{_NEW}/dev/{name}")
