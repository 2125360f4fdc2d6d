"""A worker process: one desk, opened once, and tasks done at it until nobody hands out more."""

import contextlib
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from logging.handlers import QueueHandler
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Any, Protocol, TypeVar

from grader.faults import UsageFault

log = logging.getLogger("grader")
# For a task to be broken off before the process ends all the same. The batch, where it is alive,
# loses patience earlier, and ends the process with all it has started.
STOP_SECONDS = 10.0
Task_contra = TypeVar("Task_contra", contravariant=True)
Result_co = TypeVar("Result_co", covariant=True)


class Desk(Protocol[Task_contra, Result_co]):
    """Where tasks are done one after the other, by the main thread of one process."""

    def work(self, task: Task_contra) -> Result_co:
        """Do one task; a UsageFault ends the batch, anything else raised ends the process."""

    def stop(self) -> None:
        """Have the task at hand broken off soon; called by another thread."""

    def close(self) -> None:
        """Put everything away."""


@dataclass(frozen=True)
class Ready:
    """The desk is open."""


@dataclass(frozen=True)
class Done:
    """A task is done."""

    result: Any


@dataclass(frozen=True)
class Refused:
    """Nothing more can be done, here or elsewhere; one sentence says why."""

    sentence: str


@dataclass(frozen=True)
class Logged:
    """Something for the log."""

    record: logging.LogRecord


@dataclass(frozen=True)
class NoMore:
    """There are no more tasks. A line that ends without it has lost its other end."""


Message = Ready | Done | Refused | Logged


def main(line: Connection) -> None:
    """Be a worker; `line` leads to the batch."""
    # Whatever this process starts must not hold the line open when this process is dead.
    os.set_inheritable(line.fileno(), False)
    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):  # nobody is there to be told
        _Worker(line).run(line.recv())


class _Worker:
    """What a worker process does: its main thread works, another one listens."""

    def __init__(self, line: Connection) -> None:
        self._line = line
        self._sending = threading.Lock()
        self._tasks: SimpleQueue[Any] = SimpleQueue()
        self._desk: Desk[Any, Any] | None = None
        self._stopped = False

    def run(self, opening: Callable[[], Desk[Any, Any]]) -> None:
        """Open the desk, and work until there is no more to do."""
        log.addHandler(_Upwards(self.send))
        log.propagate = False
        logging.raiseExceptions = False
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=self._stop).start())
        threading.Thread(target=self._listen, daemon=True).start()
        try:
            with contextlib.closing(opening()) as self._desk:
                self.send(Ready())
                while (task := self._tasks.get()) != NoMore():
                    self.send(Done(self._desk.work(task)))
        except UsageFault as fault:
            self.send(Refused(str(fault)))
        except (Exception, KeyboardInterrupt) as fault:
            if not self._stopped:
                log.exception("a worker process ends: %s", fault)
                sys.exit(1)

    def send(self, message: Message) -> None:
        """Tell the batch."""
        with self._sending:
            self._line.send(message)

    def _listen(self) -> None:
        """Take in tasks, until there are no more or the batch is gone."""
        task = None
        while task != NoMore():
            try:
                task = self._line.recv()
            except (EOFError, OSError):
                return self._stop()
            self._tasks.put(task)
        return None

    def _stop(self) -> None:
        """Break off what is being done; where that does not help, end."""
        self._stopped = True
        self._tasks.put(NoMore())
        if self._desk is not None:
            self._desk.stop()
        timer = threading.Timer(STOP_SECONDS, os._exit, [1])
        timer.daemon = True
        timer.start()


class _Upwards(QueueHandler):
    """Hands what is logged to the batch, which alone writes the log."""

    def __init__(self, send: Callable[[Logged], None]) -> None:
        super().__init__(SimpleQueue())
        self._send = send

    def enqueue(self, record: logging.LogRecord) -> None:
        """Send a record, put into words already."""
        self._send(Logged(record))
