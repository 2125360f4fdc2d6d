"""A class graded while processes are killed at random: the grades are those of a quiet day."""

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import nbformat
import pytest

from tests.batch.conftest import comes_true, processes_of

LINEAR = Path(__file__).parents[1] / "assignments" / "linear"
DATA = "import numpy as np\nt = np.arange(4.0)\nu = np.array([1.137, 2.941, 5.218, 7.083])"
FIT, RESIDUALS = "line = np.polyfit(t, u, 1)\nprint(line)", "u - np.polyval(line, t)"
KINDS = {
    "right": [DATA, FIT, RESIDUALS],
    "origin": [DATA, "print(np.array([(t @ u) / (t @ t), 0.0]))"],
    "raises": [DATA, "line = np.polyfit(t, v, 1)", RESIDUALS],
    "half": [DATA, FIT, "1 / 0", RESIDUALS],
}
# A death below a worker is followed by one of the batch, which has everything in hand begun
# anew: a notebook whose kernel is killed over and over is taken to kill itself.
ROUNDS = [("below", "batch")] * 6 + [("worker",)] * 7 + [("batch",)]

Process = tuple[int, str]  # its id, and when it was started
Start = Callable[[str], "subprocess.Popen[bytes]"]


@pytest.fixture
def start(tmp_path: Path, temporary: Path) -> Iterator[Start]:
    """Grade the class into a folder of a name."""
    folder = tmp_path / "class"
    folder.mkdir()
    for number, (name, sources) in enumerate([*KINDS.items()] * 3):
        slow = ["import time\ntime.sleep(60)"] if number == 7 else []
        cells = [nbformat.v4.new_code_cell(text) for text in [*slow, *sources, f"# {number}"]]
        path = folder / f"{name}-{number}.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    (folder / "cut.ipynb").write_text('{"cells": [')
    rubric = (LINEAR / "linear.toml").read_text().replace("cell_seconds = 20", "cell_seconds = 1.5")
    (tmp_path / "linear.toml").write_text(rubric)
    (tmp_path / "linear.py").write_bytes((LINEAR / "linear.py").read_bytes())
    started = []

    def starting(out: str) -> "subprocess.Popen[bytes]":
        # Where the tests run in a shell's background, SIGINT is ignored from the start.
        heard = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
        code = f"{heard}from tests.batch.tiny import main; main()"
        arguments = ["run", "linear.toml", "class", "--out", out, "--jobs", "2"]
        process = subprocess.Popen(
            [sys.executable, "-c", code, *arguments],
            cwd=tmp_path,
            env={
                **os.environ,
                "TMPDIR": str(temporary),
                "PYTHONPATH": str(Path(__file__).parents[2]),
            },
            stdout=subprocess.DEVNULL,
            stderr=(tmp_path / "errors").open("ab"),
        )
        started.append(process)
        return process

    yield starting
    for process in started:
        process.kill()
        process.wait()


def graded(start: Start, out: str) -> None:
    """Grade, undisturbed, until there is no fault of the grader left."""
    for _ in range(3):
        if start(out).wait(300) == 0:
            return
    raise AssertionError("the grader fails though nothing disturbs it")


def grades(folder: Path) -> str:
    return re.sub(r'"seconds": [0-9.e+-]+', "", (folder / "grades.json").read_text())


def below(root: int) -> dict[Process, int]:
    """The living processes below one, and how deep."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            words = entry.read_text(errors="replace").rpartition(")")[2].split()
            if words[0] != "Z":
                parents[(int(entry.parent.name), words[19])] = int(words[1])
    depths: dict[Process, int] = {(root, ""): 0}
    while grown := {
        child: depth + 1
        for child, parent in parents.items()
        for (pid, _), depth in depths.items()
        if parent == pid and child not in depths
    }:
        depths |= grown
    return {process: depth for process, depth in depths.items() if depth}


def strike(
    batch: "subprocess.Popen[bytes]", kind: str, chance: random.Random, seen: set[Process]
) -> bool:
    """Kill a process of a kind; False where there is none now."""
    family = below(batch.pid)
    seen |= family.keys()
    found = [pid for (pid, _), depth in family.items() if depth > 1]
    if kind == "batch":
        found = [batch.pid]
    if kind == "worker":
        found = [pid for (pid, _), depth in family.items() if depth == 1 and is_worker(pid)]
    if batch.poll() is not None or not found:
        return False
    with suppress(ProcessLookupError):
        os.kill(chance.choice(sorted(found)), signal.SIGKILL)
    return True


def is_worker(pid: int) -> bool:
    try:
        return b"grader.batch.worker" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def lives(process: Process) -> bool:
    try:
        words = Path(f"/proc/{process[0]}/stat").read_text(errors="replace").rpartition(")")[2]
    except OSError:
        return False
    return words.split()[0] != "Z" and words.split()[19] == process[1]


@pytest.mark.proof
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks processes up in /proc")
def test_a_class_killed_at_any_moment_is_graded_all_the_same(
    start: Start, tmp_path: Path, temporary: Path
) -> None:
    seed = random.SystemRandom().randrange(10**6)
    sys.stdout.write(f"random seed {seed}\n")
    chance = random.Random(seed)
    begun = time.monotonic()
    graded(start, "quiet")
    span = time.monotonic() - begun
    outs, seen, struck = ["out-0"], set[Process](), 0
    batch = start(outs[-1])
    for kind in [kind for kinds in chance.sample(ROUNDS, len(ROUNDS)) for kind in kinds]:
        time.sleep(chance.uniform(0, span if kind == "batch" else span / 4))
        while not strike(batch, kind, chance, seen):
            if batch.poll() is not None:
                outs += [f"out-{len(outs)}"] if batch.returncode == 0 else []
                batch = start(outs[-1])
            time.sleep(chance.uniform(0, 0.2))
        struck += 1
        if kind == "batch":
            batch.wait()
            batch = start(outs[-1])
    batch.wait(300)
    graded(start, outs[-1])

    assert struck == 20
    assert {grades(tmp_path / out) for out in outs} == {grades(tmp_path / "quiet")}
    assert comes_true(lambda: not any(lives(process) for process in seen))
    assert comes_true(lambda: processes_of(temporary) == [])
    assert list(temporary.iterdir()) == []
    assert [path for path in tmp_path.rglob(".*") if path.name != ".ipynb_checkpoints"] == []
    assert "Traceback" not in (tmp_path / "errors").read_text()


@pytest.mark.proof
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_batch_told_to_stop_leaves_nothing(
    start: Start, tmp_path: Path, temporary: Path, number: signal.Signals
) -> None:
    batch = start("out")
    recordings = tmp_path / "out" / "workspace" / "recordings"

    assert comes_true(lambda: recordings.exists() and any(recordings.glob("*.zip")), 100)
    seen = below(batch.pid).keys()
    batch.send_signal(number)
    code = batch.wait(100)

    assert (code, [process for process in seen if lives(process)]) == (130, [])
    assert (processes_of(temporary), list(temporary.iterdir())) == ([], [])
    assert (
        (tmp_path / "errors").read_text().strip().endswith("the same command goes on from there.")
    )
