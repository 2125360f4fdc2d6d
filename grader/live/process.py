"""The judge's process, seen from the notebook: started once, asked, started again if it died."""

import contextlib
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, cast

from grader.live.messages import Message, read_message, write_message

START = """
import sys
sys.path += [place for place in sys.argv[1:] if place not in sys.path]
import grader.spared
from grader.live.desk import main
main()
"""
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class JudgeDied(Exception):
    """The judge's process is gone."""


class JudgeLate(Exception):
    """The judge did not answer in time."""


class JudgeProcess:
    """A process of the same interpreter that knows the answers; it ends when the notebook does."""

    def __init__(self) -> None:
        """Start it; that it is ready shows in its first answer.

        Raises:
            OSError: no process can be started here.

        """
        self._process = subprocess.Popen(  # noqa: S603  # our own interpreter, our own code
            [sys.executable, "-I", "-c", START, *_places()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            cwd=sys.prefix,
            start_new_session=True,  # an interrupt is meant for the notebook
        )
        self._incoming = cast(IO[bytes], self._process.stdin)
        self._outgoing = cast(IO[bytes], self._process.stdout)

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return self._process.poll() is None

    def tell(self, header: Mapping[str, Any]) -> None:
        """Send a short message that asks for no answer.

        Raises:
            OSError: nobody is there to read it.

        """
        write_message(self._incoming, header)

    def ask(self, header: Mapping[str, Any], payload: bytes, seconds: float) -> Message:
        """Send a message, and wait for the answer.

        Raises:
            JudgeDied: it ended instead.
            JudgeLate: it did not come in time.

        """
        came: queue.SimpleQueue[Message | None] = queue.SimpleQueue()

        def exchange() -> None:
            try:
                write_message(self._incoming, header, payload)
                came.put(read_message(self._outgoing))
            except (OSError, ValueError):  # it died, or was ended
                came.put(None)

        threading.Thread(target=exchange, daemon=True).start()
        try:
            message = came.get(timeout=seconds)
        except queue.Empty:
            raise JudgeLate from None
        if message is None:
            raise JudgeDied
        return message

    def end(self) -> None:
        """End it, whatever it is doing."""
        with contextlib.suppress(OSError):
            self._process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1.0)
        for stream in (self._incoming, self._outgoing):
            with contextlib.suppress(OSError, ValueError):
                stream.close()

    def descriptors(self) -> tuple[int, ...]:
        """Name what a fork of the notebook must not keep open."""
        return self._incoming.fileno(), self._outgoing.fileno()


def _places() -> list[str]:
    """Name the folders in which the judge may look for packages: no folder of the notebook's.

    A file beside a notebook that is called numpy.py is the notebook's, and none of the judge's.
    """
    installed = [p for p in sys.path if Path(p).name in ("site-packages", "dist-packages")]
    return [*installed, str(Path(__file__).resolve().parents[2])]


def _environment() -> dict[str, str]:
    """Give the judge's environment: nothing that steers Python, and one thread."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return {**kept, **dict.fromkeys(_THREADS, "1")}


class KeptJudge:
    """The one judge of this process: started when it is first needed, and after it has died."""

    def __init__(self) -> None:
        self._judge: JudgeProcess | None = None

    def ready(self) -> JudgeProcess:
        """Return a judge that lives.

        Raises:
            OSError: no process can be started here.

        """
        if self._judge is None or not self._judge.alive:
            self.end()
            self._judge = JudgeProcess()
        return self._judge

    def end(self) -> None:
        """End the judge."""
        if self._judge is not None:
            self._judge.end()
            self._judge = None


KEPT = KeptJudge()
"""It is kept for as long as this process lives: to start one takes a second, to ask it less."""
