"""The student's own functions called in forks of the notebook's process, which then are gone."""

import builtins
import contextlib
import io
import os
import signal
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from grader.execution.inside.frames import Stream
from grader.execution.inside.notes import Notes
from grader.execution.inside.slopes import Slopes
from grader.execution.inside.steps import Steps
from grader.execution.inside.walk import Walk
from grader.live.session import Session
from grader.live.snapshot import VALUE_LIMIT, Written, loaded_tensors

STREAM_LIMIT = 16 * 1024 * 1024  # bytes that one of them may give
MEMORY = 2 * 1024**3  # bytes beyond what the notebook has
LONGEST = 1.5  # seconds of one of them
_PAUSE = 0.001  # seconds between looks at whether one has ended
_OUTPUT = 16 * 1024  # characters


@dataclass(frozen=True)
class Request:
    """What is to be called: the steps, or the functions to be differentiated."""

    steps: Sequence[Sequence[str]]
    inputs: Mapping[str, np.ndarray]
    seconds: float
    slopes: Sequence[str]


def can_fork() -> bool:
    """Say whether this process can be forked, and what it has loaded lives on in a fork."""
    cuda = getattr(sys.modules.get("torch"), "cuda", None)
    return hasattr(os, "fork") and not (cuda is not None and cuda.is_initialized())


def run_requests(
    session: Session, requests: Sequence[Request], seconds: float, close: Sequence[int]
) -> list[bytes]:
    """Take the steps of each request in a fork of its own; nothing of those that came too late.

    Args:
        session: whose functions are called.
        requests: one after the other.
        seconds: for all of them together.
        close: descriptors that no fork may keep open.

    """
    end = time.monotonic() + seconds
    return [_run(session, one, end - time.monotonic(), close) for one in requests]


def _run(session: Session, request: Request, left: float, close: Sequence[int]) -> bytes:
    if left <= 0:
        return b""
    slopes = _slopes(session, request)
    if request.slopes and slopes is None:
        return _nothing_to_say()
    with tempfile.TemporaryFile() as result:
        child = _fork()
        if child == 0:
            _be_fork(session, request, slopes, result.fileno(), close)
        ended = False
        try:
            ended = _wait(child, min(left, request.seconds, LONGEST))
        finally:
            _end(child, ended=ended)
        result.seek(0)
        return result.read(STREAM_LIMIT)


def _fork() -> int:
    """Fork; that there are threads is known, and the fork needs none of them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return os.fork()


def _wait(child: int, seconds: float) -> bool:
    """Wait until a child has ended; say whether it has."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if os.waitpid(child, os.WNOHANG) != (0, 0):
                return True
        except ChildProcessError:  # somebody else has buried it
            return True
        time.sleep(_PAUSE)
    return False


def _end(child: int, *, ended: bool) -> None:
    """End a child that has not, and all it has started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)
    if not ended:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(child, 0)


def _be_fork(
    session: Session, request: Request, slopes: Slopes | None, result: int, close: Sequence[int]
) -> NoReturn:
    """Take the steps, and write down what they give; nothing of it reaches the notebook."""
    try:
        os.setpgid(0, 0)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        _cut_off(session, close)
        _bound_memory()
        torch = sys.modules.get("torch")
        if torch is not None:
            torch.set_num_threads(1)  # the others did not survive the fork
        said = io.StringIO()
        sys.stdout = sys.stderr = said
        if slopes is not None:
            sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
            slopes.write(request.slopes, result)
        else:
            _take(session, request, result, said)
    finally:
        os._exit(0)


def _bound_memory() -> None:
    """Let a fork take so much more memory, where that can be bounded."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415  # not on every system

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        most = pages * resource.getpagesize() + MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (most, resource.getrlimit(resource.RLIMIT_AS)[1]))


def _take(session: Session, request: Request, result: int, said: io.StringIO) -> None:
    notes, stream, tensors = Notes(), Stream(), loaded_tensors()
    stream.begin(result, values_limit=STREAM_LIMIT)

    def walk() -> Walk:
        return Walk(notes, tensors, limit=VALUE_LIMIT)

    steps = Steps(session.names, dict(request.inputs), stream, notes, walk)
    steps.take([list(step) for step in request.steps])
    stream.write({"kind": "ended", "output": said.getvalue()[:_OUTPUT]})


def _cut_off(session: Session, close: Sequence[int]) -> None:
    """Take away every way to the front end: what is printed, shown, sent and asked for."""
    for descriptor in close:
        os.close(descriptor)
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    builtins.input = _no_input
    shell = session.shell
    for owner, name in (
        (getattr(shell, "display_pub", None), "publish"),
        (getattr(getattr(shell, "kernel", None), "session", None), "send"),
    ):
        if owner is not None:
            _silence(owner, name)


def _silence(owner: Any, name: str) -> None:
    nothing: Callable[..., None] = lambda *_, **__: None  # noqa: E731
    with contextlib.suppress(Exception):
        setattr(owner, name, nothing)


def _no_input(prompt: object = "") -> str:
    raise EOFError("nobody is asked during a check")


def _slopes(session: Session, request: Request) -> Slopes | None:
    """Prepare what differentiates; None where there is nothing to be differentiated."""
    if not request.slopes:
        return None
    try:
        slopes = Slopes(session.names, request.inputs, loaded_tensors())
        return slopes if slopes.are_any(request.slopes) else None
    except Exception:  # what cannot be read is not differentiated
        return None


def _nothing_to_say() -> bytes:
    """Say that there was nothing to be called."""
    written = Written()
    written.write({"kind": "ended"})
    return bytes(written.content)
