"""Temporary folders: removed when a batch ends, and by the next one where it could not."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from grader.batch.rooms import temporary_room
from grader.faults import UsageFault
from tests.batch.conftest import comes_true

HOLD = """
import os, signal, subprocess, sys
from grader.batch.rooms import temporary_room
with temporary_room() as room:
    (room / "1").mkdir()
    (room / "1").chmod(0)
    subprocess.Popen(["sleep", "60"], env={"TMPDIR": f"{room}/2"}, start_new_session=True)
    print(room, flush=True)
    signal.pause()
"""


def held(temporary: Path) -> tuple["subprocess.Popen[str]", Path]:
    """A process that has a room, and something running in it."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD],
        env={**os.environ, "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def sleepers(room: Path) -> list[bytes]:
    """The commands that run in a room."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if os.fsencode(f"{room}/") in (entry / "environ").read_bytes():
                found.append((entry / "cmdline").read_bytes())
        except OSError:
            continue
    return found


def test_a_room_is_gone_with_its_batch(temporary: Path) -> None:
    with temporary_room() as room:
        (room / "1" / "deep").mkdir(parents=True)

        assert room.parent == temporary

    assert list(temporary.iterdir()) == []


def test_the_next_batch_removes_what_a_killed_one_left_and_nothing_else(temporary: Path) -> None:
    living, lived_in = held(temporary)
    dead, left = held(temporary)
    (temporary / "gradmark-batch-of-mine").mkdir()
    dead.send_signal(signal.SIGKILL)
    dead.wait()

    with temporary_room() as room:
        there = {path.name for path in temporary.iterdir()}

    assert there == {"gradmark-batch-of-mine", lived_in.name, room.name}
    assert comes_true(lambda: sleepers(left) == [])
    assert sleepers(lived_in) == [b"sleep\x0060\x00"]

    living.kill()
    living.wait()
    with temporary_room():
        assert not lived_in.exists()


def test_no_place_for_temporary_files_is_one_sentence(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(temporary / "nowhere"))

    with (
        pytest.raises(UsageFault, match="no temporary files can be written: No such file"),
        temporary_room(),
    ):
        pass
