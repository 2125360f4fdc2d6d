"""Import everything once, then fork a child for every notebook; run as a script, within walls.

    python serve.py CONTROL SETTINGS

CONTROL is the descriptor of a socket. A request is a word and a number: "run 7", with descriptors
of the kernel's channel, the recorder's stream, the settings and the files; "interrupt 7"; "end 7".
The answers are JSON: "ready" once; for each run "started", with a descriptor that watches the
child, and "ended", with its status and its peak of resident memory.
"""

import contextlib
import gc
import importlib.util
import json
import os
import select
import signal
import socket
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

HERE = Path(__file__).resolve().parent
RECORDER, WALLS, OWN = "_recorder_of_this_run", "_walls_of_this_run", "_server_of_this_run"
SHELL = "/bin/sh"
# It holds the namespace open; while it waits, children it adopts are buried as well.
FIRST = "sleep infinity & wait"
PAGE = 64 * 1024
ROUNDS = 1000  # of looking for processes that are left
PASSED = 4  # descriptors that come with the word "run"


@dataclass
class Child:
    """A forked process: its number, the first of its namespace, a watch on it, a line to it."""

    pid: int
    first: int
    watched: int
    line: socket.socket
    number: int = -1  # of the run it is for, once there is one


class ForkServer:
    """The process that has everything loaded; what it learns of a notebook it forgets with it."""

    def __init__(self, control: socket.socket, settings: dict[str, Any]) -> None:
        self._control = control
        self._settings = settings
        self._namespaces = bool(settings["namespaces"])
        self._walls = _load(HERE.parent / "sandbox", WALLS, "confine", "linux")
        self._linux = self._walls["linux"]
        names = ("recorder", "absent_libraries", "self_checks")
        inside = _load(HERE.parent / "inside", RECORDER, *names)
        recorder = inside["recorder"]
        _preload(settings["preload"])
        self._kernel = _load(HERE, OWN, "kernel")["kernel"].ServedKernel()
        self._make_settings = recorder.Settings
        self._recorder = recorder.Recorder(self._kernel.shell)
        if settings["recorded"]:
            self._recorder.attach()
        self._kernel.warm()
        self._recorder.forget()
        inside["absent_libraries"].let_parts_stand_in()
        inside["self_checks"].make_harmless(self._kernel.shell)
        self._own = os.open("/proc/self/ns/pid", os.O_RDONLY) if self._namespaces else -1
        if not self._namespaces:
            self._linux.adopt_orphans()
        self._running: dict[int, Child] = {}  # by the descriptors that watch them

    def serve(self) -> None:
        """Fork for every request, until nobody asks any more."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        gc.collect()
        gc.freeze()
        threads = sum(1 for _ in Path("/proc/self/task").iterdir())
        self._say({"ready": True, "threads": threads, "address_space": _address_space()})
        self._spare = self._fork()
        while True:
            watched = [self._control.fileno(), *self._running]
            ready, _, _ = select.select(watched, [], [])
            if self._control.fileno() in ready:
                self._take_request()
            for descriptor in self._running.keys() & set(ready):
                self._bury(self._running.pop(descriptor))

    def _take_request(self) -> None:
        """Do what is asked."""
        words, descriptors, _, _ = socket.recv_fds(self._control, PAGE, PASSED)
        word, _, number = words.decode("ascii").partition(" ")
        if word == "run":
            self._start(int(number), descriptors)
        for child in list(self._running.values()):
            if word == "interrupt" and child.number == int(number):
                _signal_group(child.pid, signal.SIGINT)
            if not word or (word == "end" and child.number == int(number)):
                _kill(child.first or child.pid)
        if not word:  # nobody is there any more
            _kill(self._spare.first or self._spare.pid)
            if not self._namespaces:  # with them, all end as this process does
                self._sweep(spared=set())
            os._exit(0)

    def _start(self, number: int, descriptors: list[int]) -> None:
        """Give a notebook to the child that waits for one, and fork the next while it runs."""
        child = self._spare
        child.number = number
        socket.send_fds(child.line, [b"run"], descriptors)
        child.line.close()
        self._say({"started": number}, [child.watched])
        self._running[child.watched] = child
        for descriptor in descriptors:
            os.close(descriptor)
        self._spare = self._fork()

    def _fork(self) -> Child:
        """Fork a child ahead of the notebook it is for; it waits until there is one."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        first = self._new_namespace() if self._namespaces else 0
        pid = os.fork()
        if pid == 0:
            ours.close()
            self._become(theirs)
        if self._namespaces:
            self._linux.setns(self._own, self._linux.NEWPID)
        theirs.close()
        return Child(pid, first, os.pidfd_open(pid), ours)

    def _new_namespace(self) -> int:
        """Have the next children in a process namespace of their own, held open by its first."""
        self._linux.unshare(self._linux.NEWPID)
        return os.posix_spawn(SHELL, [SHELL, "-c", FIRST], {})

    def _bury(self, child: Child) -> None:
        """Say how a child ended, and leave nothing of it behind."""
        _, status, usage = os.wait4(child.pid, 0)
        if child.first:
            _kill(child.first)
            os.waitpid(child.first, 0)
        else:
            running = (child.pid for child in self._running.values())
            self._sweep(spared={self._spare.pid, *running})
        os.close(child.watched)
        code = os.waitstatus_to_exitcode(status)
        self._say({"ended": child.number, "code": code, "resident": usage.ru_maxrss * 1024})

    def _sweep(self, spared: set[int]) -> None:
        """End what is left of a notebook where no namespace ended with it."""
        for _ in range(ROUNDS):
            left = [pid for pid in _children() if pid not in spared]
            for pid in left:
                _kill(pid)
                os.waitpid(pid, 0)
            if not left:
                return

    def _become(self, line: socket.socket) -> NoReturn:
        """Be a notebook's process: wall oneself in, as soon as one is known, and run its cells."""
        code = 71
        try:
            os.setsid()
            self._control.detach()
            _close_others({0, 1, 2, line.fileno()})
            if self._namespaces:
                self._walls["confine"].make_home()
            self._kernel.prepare()
            word, descriptors, _, _ = socket.recv_fds(line, PAGE, PASSED)
            if not word:
                os._exit(0)
            channel, stream, settings, files = descriptors
            wanted = json.loads(_read(settings))
            self._walls["confine"].enter_home(wanted, namespaces=self._namespaces)
            os.environ.update(wanted["environment"])
            if os.fstat(files).st_size:
                _unpack(files)
            self._walls["confine"].show_data(wanted["data"])
            for descriptor in (settings, files, line.detach()):
                os.close(descriptor)
            tempfile.tempdir = None
            if self._settings["walled"]:
                self._walls["confine"].confine(wanted, namespaces=self._namespaces)
            recorder = wanted["recorder"]
            self._recorder.begin(self._make_settings(**recorder), stream)
            if not self._namespaces:  # there is no terminal to be had
                self._kernel.shell.system = self._kernel.shell.system_raw
            _silence()
            self._kernel.serve(channel, wanted["message"], self._recorder)
            code = 0
        except BaseException as raised:
            os.write(2, f"{type(raised).__name__}: {raised}\n".encode("utf-8", "replace"))
        finally:
            os._exit(code)

    def _say(self, answer: dict[str, Any], descriptors: list[int] | None = None) -> None:
        """Answer."""
        socket.send_fds(self._control, [json.dumps(answer).encode()], descriptors or [])


def _signal_group(child: int, number: int) -> None:
    """Signal the child and what it started in its group, as a notebook's server does."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child, number)


def _kill(pid: int) -> None:
    """Kill a process that may be gone."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _children() -> list[int]:
    """List the children of this process; descendants that lost their parent are among them."""
    try:
        text = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="utf-8")
    except OSError:
        return []
    return [int(word) for word in text.split()]


def _close_others(kept: set[int]) -> None:
    """Close every descriptor but these."""
    for path in list(Path("/proc/self/fd").iterdir()):
        if int(path.name) not in kept:
            with contextlib.suppress(OSError):
                os.close(int(path.name))


def _address_space() -> int:
    """Measure the address space of this process, in bytes."""
    pages = Path("/proc/self/statm").read_text(encoding="utf-8").split()[0]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def _silence() -> None:
    """Point the standard descriptors to nothing; the kernel's streams stand in their place."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    os.close(nothing)


def _unpack(descriptor: int) -> None:
    """Unpack the archive the grader made into the working directory."""
    with os.fdopen(os.dup(descriptor), "rb") as file, tarfile.open(fileobj=file, mode="r:") as tar:
        tar.extraction_filter = getattr(tarfile, "data_filter", None)
        tar.extractall()  # noqa: S202  # its members are plain files with relative names


def _read(descriptor: int) -> bytes:
    """Read a file in memory from its start."""
    return os.pread(descriptor, os.fstat(descriptor).st_size, 0)


def _preload(names: list[str]) -> None:
    """Import modules that take long."""
    for name in names:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)


def _load(folder: Path, package: str, *names: str) -> dict[str, ModuleType]:
    """Load modules of a folder as a package, then take their names out of reach."""
    spec = importlib.util.spec_from_file_location(
        package, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    if spec is None or spec.loader is None:
        raise ImportError(str(folder))
    sys.modules[package] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules[package])
    loaded = {name: importlib.import_module(f"{package}.{name}") for name in names}
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        del sys.modules[name]
    return loaded


def main() -> None:
    """Load, then serve."""
    if sys.path and Path(sys.path[0] or ".").resolve() == HERE:
        del sys.path[0]
    if not os.access("/tmp", os.W_OK):  # noqa: S108
        os.environ["TMPDIR"] = os.environ["HOME"]
    control = socket.socket(fileno=int(sys.argv[1]))
    control.set_inheritable(False)
    settings = json.loads(sys.argv[2])
    if not settings["namespaces"]:  # those who enter walls have done it before
        for entrance in settings["groups"]:
            with contextlib.suppress(OSError):
                Path(entrance).write_text("0", encoding="ascii")
    sys.argv = [settings["argv0"], "-f", ""]
    ForkServer(control, settings).serve()


if __name__ == "__main__":
    main()
