"""Checks a notebook in a process of its own, all of which is dead when the answer is read."""

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

from pydantic import ValidationError

from grader.automation.answer import ANSWERS, TARGETS, Answer, failed
from grader.automation.orphans import no_orphans
from grader.automation.surroundings import scrubbed
from grader.automation.target import Target
from grader.execution.processes import end_tree
from grader.execution.workplace import remove_tree

LONGEST = 25 * 60.0  # seconds; the limits of a rubric end a notebook long before
_CHECKER = (sys.executable, "-I", "-m", "grader.automation.checker")
_MOST = 64 * 1024 * 1024  # bytes of an answer
_TAIL = 4096  # bytes of what a process said


@dataclass(frozen=True)
class Apart:
    """An answer, and, where there was none, what the process said in the end."""

    answer: Answer
    said: str = ""


def check_apart(
    target: Target,
    environment: Mapping[str, str],
    *,
    longest: float = LONGEST,
    checker: tuple[str, ...] = _CHECKER,
) -> Apart:
    """Check a notebook where nothing of the workflow is known.

    Args:
        target: the notebook, and by which rubric.
        environment: this process's; little of it is passed on.
        longest: seconds after which the process is ended.
        checker: the command; the number of a pipe is added.

    """
    room = Path(tempfile.mkdtemp(prefix="gradmark-apart-"))
    try:
        with no_orphans():
            sent, late = _run(checker, target, scrubbed(environment, str(room)), room, longest)
        return _read(sent.all(), target.notebook.name, late, _said(room), longest)
    finally:
        remove_tree(room)


def _run(
    checker: tuple[str, ...],
    target: Target,
    environment: dict[str, str],
    room: Path,
    longest: float,
) -> tuple["_Sent", bool]:
    """Run the process to its end or the end of its time; give what it sends, and if it was late."""
    reading, writing = os.pipe()
    with (room / "log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603  the command is ours
            [*checker, str(writing)],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            env=environment,
            cwd=room,
            start_new_session=True,
            pass_fds=(writing,),
        )
    os.close(writing)
    sent = _Sent(reading)
    late = False
    try:
        process.communicate(TARGETS.dump_json(target), timeout=longest)
    except subprocess.TimeoutExpired:
        late = True
    finally:
        end_tree(process, str(room))
    return sent, late


class _Sent:
    """What comes out of a pipe, read on the side so that its writer never has to wait."""

    def __init__(self, pipe: int) -> None:
        self._content = b""
        self._thread = Thread(target=self._read, args=(pipe,), daemon=True)
        self._thread.start()

    def _read(self, pipe: int) -> None:
        with os.fdopen(pipe, "rb") as file:
            self._content = file.read(_MOST)

    def all(self) -> bytes:
        """Wait for the end of the pipe, which is not far once its writers are dead."""
        self._thread.join(timeout=5)
        return self._content


def _read(sent: bytes, notebook: str, late: bool, said: str, longest: float) -> Apart:
    if late:
        return Apart(failed(notebook, f"checking took more than {longest / 60:g} minutes"))
    try:
        return Apart(ANSWERS.validate_json(sent))
    except ValidationError:
        return Apart(failed(notebook, "the grader itself failed; its log says more"), said)


def _said(room: Path) -> str:
    with contextlib.suppress(OSError):
        return (room / "log").read_bytes()[-_TAIL:].decode("utf-8", "replace")
    return ""
