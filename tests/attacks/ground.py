"""What the attacks are after: answers, files and processes of ours, laid out and watched."""

import hashlib
import os
import secrets
import shutil
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

from grader.execution.outcome import Execution
from tests.attacks.attack import all_text

LINEAR = Path(__file__).parents[1] / "assignments" / "linear"
WATCHED_FOR_MARKS = ("/", "/etc", "/tmp", "/var/tmp", "/dev/shm", "/home", "/root", "/dev")
QUIET = 0.7  # seconds without a new process, for all to be there
PATIENCE = 5.0  # seconds, for ended processes to be gone


@dataclass
class Ground:
    """Answers planted around the runner, and what has to stay as it is."""

    folder: Path
    home_file: Path
    answer: str  # the text that must never come out
    mark: str  # stands in the name of whatever an attack makes
    listener: "Listener"
    files: tuple[Path, ...] = ()
    processes: int = field(default=0)  # of ours, before the first attack

    @property
    def witness_files(self) -> Path:
        """What the witness hands in beside its notebook."""
        return self.folder / "witness"

    @property
    def places(self) -> dict[str, str]:
        """What the attacks are told: more than a student would know."""
        return {
            "RUBRIC": str(self.folder / "rubrics" / "linear.toml"),
            "REFERENCE": str(self.folder / "rubrics" / "linear.py"),
            "OTHER": str(self.folder / "class" / "other.ipynb"),
            "CLASS": str(self.folder / "class"),
            "HOME": str(Path.home()),
            "HOME_FILE": str(self.home_file),
            "TMP_FILE": str(self.files[1]),
            "VAR_FILE": str(self.files[2]),
            "PORT": str(self.listener.port),
            "SOCKET": str(self.listener.path),
            "ABSTRACT": self.listener.abstract,
            "MARK": self.mark,
            "PID": str(os.getpid()),
            "PID_SPACE": _space("pid"),
            "NET_SPACE": _space("net"),
            "ANSWER_BEGINS": self.answer[:8],
            "LONG": "x" * 2**21,
            "REPOSITORY": str(Path(__file__).parents[2]),
        }

    def state(self) -> dict[str, object]:
        """Describe all that no attack may change."""
        watched = [path for path in sorted(self.folder.rglob("*")) if not path.is_socket()]
        return {
            "files": {str(path): _describe(path) for path in (*watched, *self.files)},
            "marked": self._marked_files(),
            "temporary": names_in(tempfile.gettempdir()),
            "heard": list(self.listener.heard),
        }

    def leaks(self, execution: Execution) -> list[str]:
        """Name where the planted answer came out."""
        sides = {
            "outputs": all_text(execution).encode("utf-8", "replace"),
            "notebook": nbformat.writes(_writable(execution.notebook)).encode("utf-8", "replace"),
            "stream": execution.stream,
        }
        return [side for side, data in sides.items() if self.answer.encode() in data]

    def processes_left(self) -> list[str]:
        """Name processes that an attack left, once there was time for them to go."""
        deadline = time.monotonic() + PATIENCE
        while True:
            found = [name for name in _descendants() if name]
            marked = [name for name in _command_lines() if self.mark in name]
            if len(found) <= self.processes and not marked:
                return []
            if time.monotonic() > deadline:
                return marked or found
            time.sleep(0.02)

    def _marked_files(self) -> list[str]:
        folders = {*WATCHED_FOR_MARKS, str(Path.cwd()), str(Path.home()), *sys.path, sys.prefix}
        found = []
        for folder in sorted(folders):
            if Path(folder).is_dir():
                found += [f"{folder}/{name}" for name in names_in(folder) if self.mark in name]
        return found


class Listener:
    """Sockets of ours; `heard` is what came in."""

    def __init__(self, folder: Path) -> None:
        self.heard: list[str] = []
        self.path = folder / "s"
        self.abstract = f"gradmark-{secrets.token_hex(6)}"
        self._sockets = {
            "tcp": _bound(socket.AF_INET, ("127.0.0.1", 0)),
            "file": _bound(socket.AF_UNIX, str(self.path)),
        }
        if sys.platform == "linux":
            self._sockets["abstract"] = _bound(socket.AF_UNIX, f"\0{self.abstract}")
        self.port = int(self._sockets["tcp"].getsockname()[1])
        for name, listening in self._sockets.items():
            threading.Thread(target=self._listen, args=(name, listening), daemon=True).start()

    def _listen(self, name: str, listening: socket.socket) -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            self.heard.append(name)
            connection.close()

    def close(self) -> None:
        for listening in self._sockets.values():
            listening.close()


@contextmanager
def laid_out() -> Iterator[Ground]:
    """Plant answers where a grader has them, and take all of it away again."""
    answer = f"answer_{secrets.token_hex(12)}"
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ground")))
        shutil.copytree(LINEAR, folder / "rubrics", ignore=shutil.ignore_patterns("__pycache__"))
        for name, comment in (("linear.toml", "#"), ("linear.py", "#")):
            with (folder / "rubrics" / name).open("a") as file:
                file.write(f"{comment} {answer}\n")
        (folder / "witness").mkdir()
        (folder / "witness" / "data.csv").write_text("1,2\n3,4\n")
        (folder / "class").mkdir()
        (folder / "class" / "other.ipynb").write_text(f'{{"cells": ["{answer}"]}}')
        planted = [
            stack.enter_context(
                tempfile.NamedTemporaryFile("w", dir=place, prefix=".gradmark-", suffix=".txt")
            )
            for place in (Path.home(), "/tmp", "/var/tmp")
        ]
        for file in planted:
            file.write(answer)
            file.flush()
        listener = Listener(folder)
        stack.callback(listener.close)
        files = tuple(Path(file.name) for file in planted)
        mark = f"mark{secrets.token_hex(6)}"
        yield Ground(folder, files[0], answer, mark, listener, files)


def names_in(folder: str | Path) -> list[str]:
    return sorted(path.name for path in Path(folder).iterdir())


def count_processes() -> int:
    """Count the processes this one started, and those they started, once no more appear."""
    counted, since = -1, time.monotonic()
    while time.monotonic() - since < QUIET:
        count = len(_descendants())
        if count != counted:
            counted, since = count, time.monotonic()
        time.sleep(0.05)
    return counted


def _bound(family: int, address: object) -> socket.socket:
    made = socket.socket(family, socket.SOCK_STREAM)
    made.bind(address)
    made.listen()
    return made


def _describe(path: Path) -> tuple[object, ...]:
    status = path.lstat()
    content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    names = names_in(path) if path.is_dir() else []
    times = (status.st_mtime_ns, status.st_ctime_ns)
    return (status.st_mode, status.st_nlink, status.st_uid, times, content, names)


def _space(kind: str) -> str:
    try:
        return str(Path(f"/proc/self/ns/{kind}").readlink())
    except OSError:
        return ""


def _writable(notebook: object) -> object:
    return nbformat.from_dict({**notebook, "metadata": {}})


def _descendants() -> list[str]:
    parents: dict[int, tuple[int, str]] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            name, _, rest = (entry / "stat").read_text(errors="replace").rpartition(")")
        except OSError:
            continue
        parents[int(entry.name)] = (int(rest.split()[1]), name)
    family = {os.getpid()}
    while grown := {pid for pid, (up, _) in parents.items() if up in family} - family:
        family |= grown
    return [parents[pid][1] for pid in sorted(family - {os.getpid()})]


def _command_lines() -> list[str]:
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            line = (entry / "cmdline").read_bytes() + (entry / "comm").read_bytes()
        except OSError:
            continue
        found.append(f"{entry.name}: {line.decode('utf-8', 'replace')}")
    return found
