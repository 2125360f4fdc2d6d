"""What tests of batches share: a temporary folder of their own, and the log."""

import logging
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder all temporary files of a test are made in; to be empty at its end."""
    folder = tmp_path / "t"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """What the grader logs, a string a message."""
    messages: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            messages.append(record.getMessage())

    handler = Keep()
    logging.getLogger("grader").addHandler(handler)
    yield messages
    logging.getLogger("grader").removeHandler(handler)


def processes_of(folder: Path) -> list[int]:
    """The living processes whose environment names a folder."""
    mark, found = os.fsencode(f"{folder}/"), []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if int(entry.name) != os.getpid() and mark in (entry / "environ").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def comes_true(condition: Callable[[], bool], seconds: float = 30) -> bool:
    """Wait for something that has to happen, for as long as a busy machine may take."""
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()
