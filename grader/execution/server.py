"""The fork server seen from outside: started once, asked for a child for every notebook."""

import contextlib
import importlib.util
import json
import os
import select
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grader.execution.cgroup import make_cgroup
from grader.execution.isolation import ENTER, Isolation, other_packages, walls_settings
from grader.execution.kernel import KernelFault, stop_if_asked
from grader.execution.sandbox import root
from grader.execution.workplace import kernel_environment

SCRIPT = Path(__file__).parent / "forked" / "serve.py"
PRELOADED = ("numpy", "torch", "torch._dynamo")
START_SECONDS = 120
ANSWER_SECONDS = 30
LOOK_SECONDS = 0.1  # between two looks whether to stop
MESSAGE = 64 * 1024
LOG_LIMIT = 4096
SLACK = 128 * 2**20  # bytes children write to of what they share at first
BESIDE = 8  # processes of the server itself


class ForkServer:
    """A process that forks kernels, within walls where there are any.

    Raises:
        KernelFault: by each method, where the server is dead or does not answer.

    """

    def __init__(
        self,
        isolation: Isolation,
        *,
        walled: bool = True,
        recorded: bool = True,
        data: Mapping[str, str] | None = None,
    ) -> None:
        """Start the process; `ready` waits for it.

        `data` are files its children are shown, by their places, where there are namespaces.
        """
        self._data = data
        self._namespaces = isolation.namespaces and walled
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the server
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._socket = ours
        self._cgroup = make_cgroup() if walled else None
        settings = {
            "namespaces": self._namespaces,
            "walled": walled,
            "recorded": recorded,
            "preload": PRELOADED,
            "argv0": _usual_launcher(),
            "groups": self._cgroup.entrances() if self._cgroup else [],
        }
        try:
            self._process = subprocess.Popen(  # noqa: S603  # our own scripts
                self._command(theirs.fileno(), json.dumps(settings)),
                pass_fds=[theirs.fileno()],
                env=self._environment(),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=self._log,
                stderr=self._log,
                start_new_session=True,
            )
        except OSError as error:
            ours.close()
            self._log.close()
            if self._cgroup is not None:
                self._cgroup.remove()
            raise KernelFault(f"the fork server could not be started: {error}") from error
        finally:
            theirs.close()
        self.address_space = 0  # bytes, of a child before it runs anything
        self._is_ready = False
        self._number = 0
        self._ended: dict[int, tuple[int, int]] = {}

    @property
    def namespaces(self) -> bool:
        """Say whether children have namespaces of their own."""
        return self._namespaces

    def ready(self, stop: threading.Event) -> None:
        """Wait until everything is loaded.

        Raises:
            RunStopped: `stop` was set.

        """
        if not self._is_ready:
            answer, _ = self._answer(START_SECONDS, stop)
            if answer.get("threads") != 1:
                raise KernelFault(f"the fork server has {answer.get('threads')} threads")
            self.address_space = int(answer["address_space"])
            self._is_ready = True
            if self._cgroup is not None:
                self._cgroup.weigh()

    def run(self, descriptors: list[int]) -> tuple[int, int]:
        """Have a child take up a notebook; give its number, and a descriptor that watches it."""
        if self._number:  # it may still be ending, and takes from what both may take together
            self.ended(self._number)
        self._number += 1
        self._ask("run", self._number, descriptors)
        while True:
            answer, received = self._answer(ANSWER_SECONDS)
            if answer.get("started") == self._number and received:
                return self._number, received[0]

    def interrupt(self, number: int) -> None:
        """Interrupt what a child and its group do."""
        self._ask("interrupt", number)

    def end(self, number: int) -> None:
        """Have a child, and all it started, killed; do not wait for it."""
        self._ask("end", number)

    def ended(self, number: int) -> tuple[int, int]:
        """Wait for the end of a child; give its exit code and its peak of resident memory."""
        while number not in self._ended:
            self._answer(ANSWER_SECONDS)
        return self._ended[number]

    def _ask(self, word: str, number: int, descriptors: list[int] | None = None) -> None:
        """Send a request."""
        try:
            socket.send_fds(self._socket, [f"{word} {number}".encode()], descriptors or [])
        except OSError as error:
            raise KernelFault(f"the fork server died: {self.last_words() or error}") from error

    def _answer(
        self, seconds: float, stop: threading.Event | None = None
    ) -> tuple[dict[str, Any], list[int]]:
        """Wait for an answer, and the descriptors that come with it; remember who has ended."""
        deadline = time.monotonic() + seconds
        while not select.select([self._socket], [], [], LOOK_SECONDS)[0]:
            if stop is not None:
                stop_if_asked(stop)
            if time.monotonic() > deadline:
                raise KernelFault(f"the fork server did not answer within {seconds:g} seconds")
        try:
            data, descriptors, _, _ = socket.recv_fds(self._socket, MESSAGE, 4)
        except OSError:
            data, descriptors = b"", []
        if not data:
            raise KernelFault(f"the fork server died: {self.last_words() or 'no word'}")
        answer = json.loads(data)
        if "ended" in answer:
            self._ended = {answer["ended"]: (int(answer["code"]), int(answer["resident"]))}
        return answer, descriptors

    def bound(self, settings: dict[str, Any]) -> None:
        """Bound what children may take together, where there is a control group."""
        if self._cgroup is not None:
            memory = settings["memory"] - self.address_space + settings["disk"] + SLACK
            self._cgroup.bound(memory, settings["processes"] + BESIDE)

    def kills(self) -> int:
        """Count the children, and theirs, that were killed for lack of memory."""
        return self._cgroup.kills() if self._cgroup else 0

    def close(self) -> None:
        """End the process, and with it whatever it forked."""
        self._socket.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(2)
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._log.close()
        if self._cgroup is not None:
            self._cgroup.remove()

    def _environment(self) -> dict[str, str]:
        """Give the environment of the server, and of kernels."""
        environment = kernel_environment(root.HOME if self._namespaces else "/")
        path = os.pathsep.join(other_packages())
        return environment | ({"PYTHONPATH": path} if path else {})

    def _command(self, control: int, settings: str) -> list[str]:
        """Give the command that starts the process."""
        if not self._namespaces:
            return [sys.executable, "-s", "-P", str(SCRIPT), str(control), settings]
        inside = f"{root.CODE}/forked/{SCRIPT.name}"
        groups = self._cgroup.entrances() if self._cgroup else []
        walls = [sys.executable, "-I", str(ENTER), walls_settings(groups, self._data)]
        return [*walls, sys.executable, "-s", "-P", inside, str(control), settings]

    def last_words(self) -> str:
        """Read the last line the process wrote."""
        time.sleep(0.05)  # it may still be writing it
        size = os.fstat(self._log.fileno()).st_size
        data = os.pread(self._log.fileno(), LOG_LIMIT, max(size - LOG_LIMIT, 0))
        lines = data.decode("utf-8", "replace").strip().splitlines()
        return lines[-1][:300] if lines else ""


def _usual_launcher() -> str:
    """Say what sys.argv[0] is in a kernel anybody else starts."""
    usual = importlib.util.find_spec("ipykernel_launcher")
    return usual.origin if usual and usual.origin else ""
