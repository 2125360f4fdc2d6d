"""Tasks shared out among worker processes, any of which may die at any moment."""

import logging
import os
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from enum import Enum
from itertools import count
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Generic, TypeVar

from grader.batch.rooms import temporary_room
from grader.batch.worker import Desk, Done, Logged, Message, NoMore, Refused
from grader.execution.processes import end_tree
from grader.execution.workplace import remove_tree
from grader.faults import UsageFault

log = logging.getLogger("grader")
Task = TypeVar("Task")
Result = TypeVar("Result")
Opening = Callable[[], Desk[Task, Result]]
LOOK_SECONDS = 1.0  # between two looks for workers that died without a word
CLOSE_SECONDS = 10.0  # for a worker to put its desk away
BREAK_SECONDS = 3.0  # for a worker to break off a task, too
STILLBORN = 3  # workers in a row that die before they have opened their desk
# The path is the batch's, not the current folder's, where a file may be called like a module.
BEGINNING = (
    "import sys; from multiprocessing.connection import Connection; "
    "line = Connection(int(sys.argv[1])); sys.path[:] = line.recv(); "
    "import grader.spared; from grader.batch.worker import main; main(line)"
)
# More threads than one a worker only get into each other's way, and change last digits.
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR")}


class Lost(Enum):
    """In place of a result: the worker died of this task, and so did the next one."""

    LOST = "lost"


LOST = Lost.LOST


def in_parallel(
    opening: Opening[Task, Result],
    tasks: Sequence[Task],
    *,
    jobs: int,
    named: Callable[[Task], str],
) -> Generator[tuple[Task, Result | Lost], None, None]:
    """Do tasks in `jobs` processes, and give each with its result as it is done.

    Every process opens one desk. Nothing is handed out in advance: a process has one task at
    a time, so that a death costs one task, and is known to be its. That task is tried again
    when all others are done, with no other beside it that could be the cause.

    To be closed, which ends the processes; they also end when this process is killed.

    Args:
        opening: opens a desk; it, tasks and results travel between processes.
        tasks: what is to be done.
        jobs: how many processes, at least 1.
        named: what a task is called in the log.

    Raises:
        UsageFault: a worker says that it cannot go on, or none can be started.

    """
    if jobs < 1:
        raise UsageFault(f"the number of jobs must be at least 1; found {jobs}")
    again: list[Task] = []
    with temporary_room() as room:
        with closing(_round(opening, tasks, jobs, room)) as results:
            for task, result in results:
                if isinstance(result, Lost):
                    log.warning("%s: its worker process died; it is tried again", named(task))
                    again.append(task)
                else:
                    yield task, result
        with closing(_round(opening, again, 1, room)) as results:
            yield from results


def _round(
    opening: Opening[Task, Result], tasks: Sequence[Task], jobs: int, room: Path
) -> Generator[tuple[Task, Result | Lost], None, None]:
    """Have every task tried once."""
    left = deque(tasks)
    crew: list[_Worker[Task, Result]] = []
    stillborn = 0
    try:
        while left or any(worker.tasks for worker in crew):
            busy = sum(len(worker.tasks) for worker in crew)
            while len(crew) < min(jobs, len(left) + busy):
                crew.append(_Worker(opening, room))
            for worker in _speaking(crew):
                message = worker.receive()
                if message is None:
                    crew.remove(worker)
                    worker.end()
                    stillborn += not worker.ready
                    if stillborn == STILLBORN:
                        raise UsageFault("worker processes end as soon as they are started")
                    yield from ((task, LOST) for task in worker.tasks)
                elif isinstance(message, Refused):
                    raise UsageFault(message.sentence)
                elif isinstance(message, Logged):
                    logging.getLogger(message.record.name).handle(message.record)
                else:
                    finished, worker.ready, stillborn = worker.tasks, True, 0
                    worker.hand_out([left.popleft()] if left else [])
                    if isinstance(message, Done):
                        yield from ((task, message.result) for task in finished)
    finally:
        _dismiss(crew)


def _speaking(crew: list["_Worker[Task, Result]"]) -> list["_Worker[Task, Result]"]:
    """Wait for workers that have something to say, or are dead."""
    heard = wait([worker.line for worker in crew], LOOK_SECONDS)
    return [worker for worker in crew if worker.line in heard or worker.process.poll() is not None]


def _dismiss(crew: list["_Worker[Any, Any]"]) -> None:
    """Let workers go: those at work break it off."""
    try:
        broken_off = [worker.dismiss() for worker in crew]
        patience = BREAK_SECONDS if any(broken_off) else CLOSE_SECONDS
        deadline = time.monotonic() + patience
        for worker in crew:
            worker.wait(deadline - time.monotonic())
    finally:
        for worker in crew:
            worker.end()


class _Worker(Generic[Task, Result]):
    """A worker process as seen from its batch, with the task it has: one or none."""

    _numbers = count(1)

    def __init__(self, opening: Opening[Task, Result], room: Path) -> None:
        self.ready = False
        self.tasks: list[Task] = []
        self._folder = room / str(next(self._numbers))
        ours, theirs = socket.socketpair()
        try:
            self._folder.mkdir()
            self.process = self._start(theirs)
        except OSError as error:
            ours.close()
            raise UsageFault(f"a worker process cannot be started: {error.strerror}") from error
        finally:
            theirs.close()
        self.line = Connection(ours.detach())
        self._tell(sys.path)
        self._tell(opening)

    def _start(self, line: socket.socket) -> "subprocess.Popen[bytes]":
        """Start the process: out of the terminal's reach, and with no line but its own.

        A forked process would hold the lines of the others, and any locks that threads hold.
        """
        handle = line.fileno()
        return subprocess.Popen(  # noqa: S603  our own code
            [sys.executable, "-P", "-c", BEGINNING, str(handle)],
            stdin=subprocess.DEVNULL,
            env={**ONE_THREAD, **os.environ, "TMPDIR": f"{self._folder}/"},
            pass_fds=[handle],
            start_new_session=True,
        )

    def receive(self) -> Message | None:
        """Take the next message; None where the worker is dead."""
        try:
            said: Message | None = self.line.recv() if self.line.poll() else None
        except (EOFError, OSError):
            return None
        return said

    def hand_out(self, tasks: list[Task]) -> None:
        """Give it a task to do, if there is one."""
        self.tasks = tasks
        for task in tasks:
            self._tell(task)

    def dismiss(self) -> bool:
        """Tell it that there is nothing more to do; say whether it has to break something off."""
        idle = self.ready and not self.tasks
        if idle:
            self._tell(NoMore())
        self.line.close()
        return not idle

    def wait(self, seconds: float) -> None:
        """Wait for it to end."""
        try:
            self.process.wait(max(seconds, 0))
        except subprocess.TimeoutExpired:
            log.warning("worker process %d did not end and was killed", self.process.pid)

    def end(self) -> None:
        """Make sure that nothing of it is left, whatever it died of."""
        self.line.close()
        end_tree(self.process, f"{self._folder}/")
        remove_tree(self._folder)

    def _tell(self, what: Any) -> None:
        """Send; that a worker is dead is noticed where it is listened to."""
        try:
            self.line.send(what)
        except OSError:
            log.debug("worker process %d is gone", self.process.pid)
