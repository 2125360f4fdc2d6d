"""Real kernels, forked ones and fresh ones: what is true of the one is true of the other."""

import copy
import os
import signal
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from nbformat import v4

from grader.execution import cold, server, warm
from grader.execution.isolation import detect
from grader.execution.kernel import KernelFault, RunStopped
from grader.execution.outcome import Execution
from grader.execution.run import Runner
from grader.rubric.model import Limits
from tests.execution.conftest import LIGHT

SLEEPER = "86399.25"  # seconds; found again by this argument
STARTS_CHILDREN = f"""
import os, subprocess
subprocess.Popen(["sleep", "{SLEEPER}"])
subprocess.Popen(["sleep", "{SLEEPER}"], start_new_session=True)
subprocess.Popen(["sleep", "{SLEEPER}"], start_new_session=True, env={{}})
if os.fork() == 0:
    os.setsid()
    subprocess.Popen(["sleep", "{SLEEPER}"])
    os._exit(0)
"""
VARIED = {
    "prints": "print('one')\nprint('two')\n1 + 1",
    "raises": "raise ValueError('no w1')",
    "asks": "input('name? ')",
    "empty": " \n",
    "tagged": "print('ran')",
    "warns": "import warnings; warnings.warn('old'); print('warned')",
    "looks": "import os; print(sorted(os.environ), os.environ['HOME'], os.listdir())",
    "starves": "hoard = bytearray(10**14)",
    "floods": "for _ in range(20_000): print('x' * 50)",
    "starts": STARTS_CHILDREN,
    "loops": "while True: pass",
    "goes_on": "print('still here')",
}
SWALLOWS = """
import time
while True:
    try:
        time.sleep(0.01)
    except KeyboardInterrupt: pass
"""

STARVES = """
hoard = []
try:
    while True: hoard.append(bytearray(2**24))
except MemoryError:
    import os; os.abort()
"""

BURSTS = "from IPython.display import HTML; HTML('x' * 2**21)"


def notebook(*sources: str) -> Any:
    return v4.new_notebook(cells=[v4.new_code_cell(source) for source in sources])


def sleepers() -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if SLEEPER.encode() in path.read_bytes():
                found.append(path.parent.name)
        except OSError:
            continue
    return found


def kernels_of(folder: Path) -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if os.fsencode(folder) in path.read_bytes():
                found.append(path.parent.name)
        except OSError:
            continue
    return found


def execute(way: str, given: Any, **options: Any) -> Execution:
    with Runner(cold=way == "cold") as runner:
        return runner.execute(given, **{"limits": Limits(), "seed": 1, **options})


@pytest.fixture(scope="module", params=["warm", "cold"])
def way(request: pytest.FixtureRequest) -> str:
    """How kernels come to be; where they cannot be forked, all are cold."""
    if request.param == "warm" and not detect().forks:
        pytest.skip(f"kernels cannot be forked here: {detect().text}")
    return str(request.param)


def text_of(execution: Execution, index: int) -> str:
    outputs = execution.notebook.cells[index].outputs
    return "".join(out.text for out in outputs if out.get("name") == "stdout")


@pytest.fixture(scope="module", autouse=True)
def light() -> Iterator[None]:
    """No notebook here needs torch."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server, "PRELOADED", LIGHT)
        yield


@pytest.fixture(scope="module")
def temporary() -> Iterator[Path]:
    """The folder in which all temporary folders of this module's runs are made."""
    with tempfile.TemporaryDirectory(prefix="t") as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", folder)
        patch.setenv("SECRET_TOKEN", "hunter2")
        yield Path(folder)


@pytest.fixture(scope="module")
def handed_in() -> Any:
    """One notebook of many moods, with all that a student could steer the run with."""
    given = notebook("", *VARIED.values())
    given.cells[0] = v4.new_markdown_cell("# HW")
    for cell in given.cells[1:]:
        cell.outputs = [v4.new_output("stream", text="stored")]
        cell.execution_count = 99
    tagged = given.cells[1 + list(VARIED).index("tagged")]
    tagged.metadata = {"tags": ["skip-execution", "raises-exception"]}
    given.metadata = {"kernelspec": {"name": "no-such-kernel", "display_name": "x"}}
    return given


@pytest.fixture(scope="module")
def varied(temporary: Path, handed_in: Any, way: str) -> dict[str, Any]:
    (temporary / "files").mkdir(exist_ok=True)
    (temporary / "files" / "data.csv").write_text("1,2\n")
    before = copy.deepcopy(handed_in)
    limits = Limits(cell_seconds=2.5, notebook_seconds=100, output_kib=64)

    execution = execute(way, handed_in, limits=limits, files=temporary / "files")

    left = (sleepers(), kernels_of(temporary), sorted(p.name for p in temporary.iterdir()))
    cells = dict(zip(VARIED, execution.cells, strict=True))
    return {"run": execution, "cells": cells, "unchanged": handed_in == before, "left": left}


@pytest.fixture(scope="module")
def ends(temporary: Path, way: str) -> dict[str, Execution]:
    """Notebooks that end before their last cell, run two at a time."""
    cases = {
        "swallows": (notebook("1", SWALLOWS, "", "1"), Limits(cell_seconds=1.5)),
        "dies": (notebook("print('before')", "import os; os._exit(3)", "1"), Limits()),
        "exits": (notebook("exit()", "1"), Limits()),
        "starves": (notebook(STARVES, "1"), Limits(memory_mib=1024)),
        "bursts": (notebook(BURSTS, "print('heard')"), Limits()),
        "sleeps": (
            notebook("x = 1", "import time; time.sleep(60)", "1"),
            Limits(notebook_seconds=1.5),
        ),
    }
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(2) as pool:
        patch.setattr("grader.execution.session.GRACE_SECONDS", 1.0)
        patch.setattr(cold, "MESSAGE_LIMIT", 2**20)
        patch.setattr(warm, "MESSAGE_LIMIT", 2**20)
        runs = {
            name: pool.submit(execute, way, given, limits=limits)
            for name, (given, limits) in cases.items()
        }
        return {name: run.result() for name, run in runs.items()}


def test_every_cell_has_its_outcome_and_none_ends_the_run(varied: dict[str, Any]) -> None:
    statuses = {name: cell.status for name, cell in varied["cells"].items()}

    assert statuses == dict.fromkeys(VARIED, "ok") | {
        "raises": "raised",
        "asks": "raised",
        "starves": "out_of_memory",
        "loops": "timed_out",
    }


def test_code_cells_are_numbered_from_one_and_empty_ones_count(varied: dict[str, Any]) -> None:
    cells = varied["run"].cells

    assert [cell.number for cell in cells] == list(range(1, len(VARIED) + 1))
    assert [cell.source for cell in cells] == list(VARIED.values())


def test_errors_are_worded_without_traceback_or_colour(varied: dict[str, Any]) -> None:
    cells = varied["cells"]

    assert cells["raises"].error == "ValueError: no w1"
    assert cells["asks"].error.startswith("StdinNotImplementedError")
    assert cells["starves"].error.startswith("MemoryError")
    assert cells["loops"].error == "did not finish within 2.5 seconds"


def test_prints_that_follow_each_other_are_one_output(varied: dict[str, Any]) -> None:
    stream, result = varied["run"].notebook.cells[1].outputs

    assert stream == {"output_type": "stream", "name": "stdout", "text": "one\ntwo\n"}
    assert result.data == {"text/plain": "2"}
    assert result.execution_count == 1


def test_metadata_tags_kernel_names_and_stored_outputs_steer_nothing(
    varied: dict[str, Any],
) -> None:
    index = 1 + list(VARIED).index("tagged")

    assert text_of(varied["run"], index) == "ran\n"
    assert varied["run"].notebook.cells[index].metadata == {}
    assert "kernelspec" not in varied["run"].notebook.metadata
    assert "stored" not in str(varied["run"].notebook)


def test_the_notebook_handed_in_is_not_changed(varied: dict[str, Any]) -> None:
    assert varied["unchanged"]


def test_the_kernel_sees_its_files_and_no_secret(varied: dict[str, Any]) -> None:
    text = text_of(varied["run"], 1 + list(VARIED).index("looks"))

    assert "['data.csv']" in text
    assert "gradmark-" in text or " /notebook [" in text
    assert "SECRET_TOKEN" not in text
    assert "'OMP_NUM_THREADS'" in text


def test_a_flood_of_output_is_cut_and_says_so(varied: dict[str, Any]) -> None:
    outputs = varied["run"].notebook.cells[1 + list(VARIED).index("floods")].outputs

    assert varied["cells"]["floods"].output_cut
    assert not varied["cells"]["prints"].output_cut
    assert outputs[-1].text == "[output cut at 64 KiB]\n"
    assert 60_000 < sum(len(output.text) for output in outputs) <= 64 * 1024 + 100


def test_no_process_and_no_folder_is_left(varied: dict[str, Any]) -> None:
    assert varied["left"] == ([], [], ["files"])


def test_the_run_says_what_it_ran_on(varied: dict[str, Any], way: str) -> None:
    run = varied["run"]

    assert {"python", "numpy", "torch", "ipykernel", "gradmark", "platform"} <= set(run.environment)
    assert run.isolation == ("reduced: no sandbox" if way == "cold" else detect().text)
    assert 20e6 < run.peak_memory_bytes < 2e9
    assert run.seconds > 0


@pytest.mark.parametrize(
    ("name", "statuses", "reason"),
    [
        ("swallows", ["ok", "timed_out", "not_run", "not_run"], "cell 2 could not be stopped"),
        ("dies", ["ok", "died", "not_run"], "the kernel died in cell 2"),
        ("exits", ["died", "not_run"], "cell 1 ended the kernel"),
        ("starves", ["out_of_memory", "not_run"], "the kernel died in cell 1"),
        ("sleeps", ["ok", "timed_out", "not_run"], "the notebook's 1.5 seconds were used up"),
    ],
)
def test_a_run_that_cannot_go_on_says_why(
    ends: dict[str, Execution], name: str, statuses: list[str], reason: str
) -> None:
    cells = ends[name].cells

    assert [cell.status for cell in cells] == statuses
    assert reason in cells[-1].error


def test_how_a_kernel_died_is_told(ends: dict[str, Execution]) -> None:
    assert ends["dies"].cells[1].error == "the kernel ended itself with exit code 3"
    assert ends["starves"].cells[0].error == "the kernel died for lack of memory"


def test_what_was_put_out_before_a_kernel_died_is_kept(ends: dict[str, Execution]) -> None:
    assert text_of(ends["dies"], 0) == "before\n"


def test_a_message_too_long_costs_its_cell_only(ends: dict[str, Execution]) -> None:
    bursting, after = ends["bursts"].cells

    assert (bursting.status, bursting.output_cut) == ("ok", True)
    assert (after.status, after.output_cut) == ("ok", False)
    assert text_of(ends["bursts"], 1) == "heard\n"


def test_a_run_told_to_stop_stops_and_leaves_nothing(temporary: Path, way: str) -> None:
    stop = threading.Event()
    timer = threading.Timer(1.5, stop.set)
    timer.start()

    with pytest.raises(RunStopped):
        execute(way, notebook("import time; time.sleep(60)"), stop=stop)
    assert kernels_of(temporary) == []
    assert not list(temporary.glob("gradmark-*"))


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Take interrupts as on a terminal: what runs in the background is started deaf to them."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("seconds", [0.3, 2.0])
def test_an_interrupt_from_the_keyboard_leaves_nothing(
    temporary: Path, way: str, seconds: float
) -> None:
    timer = threading.Timer(seconds, lambda: os.kill(os.getpid(), signal.SIGINT))
    timer.start()

    with pytest.raises(KeyboardInterrupt):
        execute(way, notebook("import time; time.sleep(60)"))
    assert kernels_of(temporary) == []
    assert not list(temporary.glob("gradmark-*"))


def test_a_kernel_that_does_not_start_is_tried_twice_and_is_our_fault(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    launcher = temporary / "broken.py"
    launcher.write_text(f"open({str(temporary / 'tries')!r}, 'a').write('x'); 1 / 0")
    monkeypatch.setattr(cold, "LAUNCHER", launcher)

    with pytest.raises(KernelFault, match="ZeroDivisionError"):
        execute("cold", notebook("1"))
    assert (temporary / "tries").read_text() == "xx"
    assert not list(temporary.glob("gradmark-*"))


def test_a_long_path_for_temporary_files_is_no_obstacle(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = temporary / ("long" * 20)
    long.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long))

    (cell,) = execute("cold", notebook("1")).cells

    assert cell.status == "ok"
