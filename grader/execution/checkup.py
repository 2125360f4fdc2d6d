"""Tries out what the sandbox promises, on this machine, with notebooks that mean no harm."""

import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.execution.cgroup import make_cgroup
from grader.execution.isolation import detect
from grader.execution.kernel import KernelFault
from grader.execution.run import Runner
from grader.rubric.model import Limits

LIMITS = Limits(cell_seconds=10, notebook_seconds=30, memory_mib=256, disk_mib=8, processes=16)
TRIED = """
def tried(action):
    try:
        return action()
    except BaseException as error:
        return type(error).__name__
"""
FILE = (
    "import os\nprint('held' if not tried(lambda: open({path!r}).read()) == 'secret' else 'read')"
)
NETWORK = """
import socket
print('held' if tried(lambda: socket.create_connection(('127.0.0.1', {port}), 2)) in (
    'OSError', 'PermissionError', 'ConnectionRefusedError', 'TimeoutError') else 'connected')
"""
PROCESSES = "print('held' if tried(lambda: os.kill({pid}, 0)) in (" + (
    "'ProcessLookupError', 'PermissionError') else 'seen')"
)
MEMORY = "print('held' if tried(lambda: len(bytearray(2**30))) == 'MemoryError' else 'taken')"
FORKS = """
import time
def fork():
    for _ in range(64):
        if os.fork() == 0:
            time.sleep(5); os._exit(0)
print('held' if tried(fork) == 'BlockingIOError' else 'forked')
"""
DISK = (
    "print('held' if tried(lambda: open('f', 'wb').write(bytes(2**24))) == 'OSError' else 'kept')"
)


@dataclass(frozen=True)
class Finding:
    """One promise, whether it was seen to hold, and what was seen."""

    promise: str
    holds: bool
    seen: str = ""


def examine() -> Iterator[Finding]:
    """Try every promise; where kernels cannot be forked there is none to try."""
    isolation = detect()
    for sentence in isolation.missing:
        yield Finding("this machine", holds=False, seen=sentence)
    if not isolation.forks:
        return
    with Runner() as runner, _bait() as (path, port):
        tries = {
            "files of the grader and of others cannot be read": FILE.format(path=path),
            "there is no network": NETWORK.format(port=port),
            "other processes cannot be reached": PROCESSES.format(pid=os.getpid()),
            "memory is limited": MEMORY,
            "the size of files is limited": DISK,
            "the number of processes is limited": FORKS,
        }
        for promise, source in tries.items():
            yield _try(runner, promise, source)


def describe() -> Iterator[str]:
    """Name the parts of the sandbox that this machine has."""
    isolation = detect()
    namespaces = "own user, process, mount, network, IPC and host name namespaces"
    yield f"namespaces: {namespaces if isolation.namespaces else 'none'}"
    yield f"system call filter: {'yes' if isolation.filtered else 'none'}"
    yield f"Landlock: {f'version {isolation.landlock}' if isolation.landlock else 'none'}"
    group = make_cgroup()
    alone = "none can be made, so memory is bounded for each process"
    yield f"control group: {'memory and processes together' if group else alone}"
    if group:
        group.remove()


@contextmanager
def _bait() -> Iterator[tuple[str, int]]:
    """Lay out a file and a listening socket that no notebook should reach."""
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as server:
        Path(folder).chmod(0o755)  # what keeps a notebook from it is the sandbox alone
        path = Path(folder, "secret")
        path.write_text("secret", encoding="ascii")
        yield str(path), server.getsockname()[1]


def _try(runner: Runner, promise: str, source: str) -> Finding:
    """Run one notebook, and read what it saw."""
    sources = (f"import os\n{TRIED}", source)
    cells = [{"cell_type": "code", "source": text, "metadata": {}} for text in sources]
    try:
        ran: Any = runner.execute({"cells": cells}, limits=LIMITS, seed=0)
    except KernelFault as fault:
        return Finding(promise, holds=False, seen=str(fault))
    said = "".join(out.get("text", "") for out in ran.notebook.cells[1].outputs).strip()
    return Finding(promise, holds=said == "held", seen=said or ran.cells[1].error)
