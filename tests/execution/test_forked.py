"""The fork server: what its children share, what they do not, and what happens when it dies."""

import dataclasses
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from nbformat import v4

from grader.execution import isolation, server
from grader.execution import run as running
from grader.execution.cgroup import make_cgroup
from grader.execution.frames import read_frames
from grader.execution.isolation import detect
from grader.execution.kernel import KernelFault, RunStopped
from grader.execution.outcome import Execution, Probe, ProbeRun, Step
from grader.execution.run import Runner
from grader.recording.npy import read_npy
from grader.rubric.model import Limits
from tests.execution.conftest import LIGHT

pytestmark = pytest.mark.skipif(
    not detect().forks, reason=f"kernels cannot be forked here: {detect().text}"
)


def notebook(*sources: str) -> Any:
    return v4.new_notebook(cells=[v4.new_code_cell(source) for source in sources])


def run(runner: Runner, *sources: str, **options: Any) -> Execution:
    return runner.execute(notebook(*sources), **{"limits": Limits(), "seed": 1, **options})


def text_of(execution: Execution, index: int = -1) -> str:
    outputs = execution.notebook.cells[index].outputs
    return "".join(out.get("text", "") for out in outputs).strip()


def processes(word: str) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if word.encode() in path.read_bytes():
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found


def descendants(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(c) for c in children] + [d for c in children for d in descendants(int(c))]


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with Runner() as made:
        yield made


@pytest.fixture(scope="module")
def unwalled() -> Iterator[Runner]:
    """A runner on a machine without user namespaces."""
    with pytest.MonkeyPatch.context() as patch:
        poorer = dataclasses.replace(detect(), namespaces=False, missing=("no user namespaces",))
        patch.setattr(running, "detect", lambda: poorer)
        patch.setattr(server, "PRELOADED", LIGHT)
        with Runner() as made:
            yield made


def test_a_child_finds_nothing_of_the_one_before(runner: Runner) -> None:
    spoil = "import numpy as np, builtins\nnp.pi = 3\nbuiltins.leak = 1\nopen('f', 'w')\nx = 5"
    look = (
        "import numpy as np, builtins, os\n"
        "print(np.pi > 3.1, hasattr(builtins, 'leak'), os.listdir(), 'x' in globals())"
    )

    run(runner, spoil)

    assert text_of(run(runner, look)) == "True False [] False"


def test_random_numbers_are_the_graders_choice(runner: Runner) -> None:
    draw = (
        "import numpy as np, torch, random\n"
        "print(np.random.rand(), torch.rand(1).item(), random.random())"
    )

    first, again, other = (text_of(run(runner, draw, seed=seed)) for seed in (1, 1, 2))

    assert first == again != other


def test_more_threads_can_be_had_after_the_fork(runner: Runner) -> None:
    sources = "import torch; torch.set_num_threads(2); print(torch.ones(10**6).exp().mean().item())"

    ran = run(runner, sources, limits=Limits(cell_seconds=20))

    assert ran.cells[0].status == "ok"
    assert text_of(ran).startswith("2.718")


def test_a_class_of_the_notebook_can_be_pickled(runner: Runner) -> None:
    ran = run(
        runner, "class P: pass", "import pickle; print(type(pickle.loads(pickle.dumps(P()))) is P)"
    )

    assert text_of(ran) == "True"


@pytest.mark.usefixtures("light")
@pytest.mark.parametrize("victim", ["server", "walls"])
def test_a_server_that_is_killed_costs_nobody_a_result(victim: str) -> None:
    with Runner() as own:
        assert own._server is not None
        own._server.ready(threading.Event())
        launcher = own._server._process.pid
        pid = descendants(launcher)[0] if victim == "server" else launcher
        timer = threading.Timer(0.5, os.kill, (pid, signal.SIGKILL))
        timer.start()
        ran = run(own, "import time; time.sleep(1.5); print('whole')")
        after = run(own, "print('next')")

    assert (text_of(ran), text_of(after)) == ("whole", "next")


def test_a_server_that_dies_twice_is_our_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.execution.server.PRELOADED", (1,))

    with Runner() as own, pytest.raises(KernelFault, match="the fork server died"):
        run(own, "1")


@pytest.mark.usefixtures("light")
def test_nothing_is_left_of_a_closed_runner() -> None:
    with Runner() as own:
        run(own, "import subprocess; subprocess.Popen(['sleep', '4321.5'])")
        assert own._server is not None
        family = [own._server._process.pid, *descendants(own._server._process.pid)]

    assert [pid for pid in family if Path("/proc", str(pid)).exists()] == []
    assert processes("4321.5") == []


def test_a_run_told_to_stop_leaves_the_server_usable(runner: Runner) -> None:
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()

    with pytest.raises(RunStopped):
        run(runner, "import time; time.sleep(60)", stop=stop)

    assert text_of(run(runner, "print('on')")) == "on"


def test_a_cell_past_reach_of_interrupts_ends_the_notebook_only(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.execution.session.GRACE_SECONDS", 0.4)
    deaf = "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\ntime.sleep(60)"

    ran = run(runner, "print('kept')", deaf, "1", limits=Limits(cell_seconds=0.5))

    assert [cell.status for cell in ran.cells] == ["ok", "timed_out", "not_run"]
    assert text_of(ran, 0) == "kept"
    assert text_of(run(runner, "print('on')")) == "on"


def test_a_kernel_that_dies_is_told_by_its_end(runner: Runner) -> None:
    ends = {
        "import os; os._exit(3)": "the kernel ended itself with exit code 3",
        "import ctypes; ctypes.string_at(0)": "the kernel died of SIGSEGV",
        "import os, signal; os.kill(os.getpid(), signal.SIGKILL)": "the kernel died of SIGKILL",
    }

    for source, said in ends.items():
        ran = run(runner, "print('before', flush=True)", source, "1")
        assert (ran.cells[1].error, text_of(ran, 0)) == (said, "before")


@pytest.mark.usefixtures("light")
def test_what_fails_before_the_first_cell_is_our_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = running._warm_settings
    monkeypatch.setattr(running, "_warm_settings", lambda *a: settings(*a) | {"seconds": "none"})

    with Runner() as own, pytest.raises(KernelFault, match="could not be prepared"):
        run(own, "1")


def test_an_error_of_any_size_is_one_cells_only(runner: Runner) -> None:
    ran = run(runner, "raise ValueError('x' * 20_000_000)", "print('on')")

    assert [cell.status for cell in ran.cells] == ["raised", "ok"]
    assert text_of(ran) == "on"


def test_nobody_waits_for_a_program_that_writes_on_and_on(runner: Runner) -> None:
    starts = "import subprocess\nwriter = subprocess.Popen(['yes'])"

    ran = run(runner, starts, "writer.kill(); writer.wait()", limits=Limits(cell_seconds=20))

    assert [cell.status for cell in ran.cells] == ["ok", "ok"]


def test_a_cell_that_forks_and_goes_on_leaves_one_notebook(runner: Runner) -> None:
    ran = run(runner, "import os; pid = os.fork()", "print('one')")

    assert text_of(ran) == "one"


def test_a_kernel_that_closes_its_channel_is_ended(runner: Runner) -> None:
    ran = run(runner, "import os\nos.closerange(3, 200)", "print('x')", limits=Limits())

    assert ran.cells[0].status == "died"
    assert text_of(run(runner, "print('on')")) == "on"


@pytest.mark.skipif(make_cgroup() is None, reason="no control group can be made here")
def test_processes_together_may_take_no_more_memory_than_one(runner: Runner) -> None:
    hoards = (
        "import os, time\n"
        "for _ in range(6):\n"
        "    if os.fork() == 0:\n"
        "        kept = b'x' * (150 * 2**20); time.sleep(2); os._exit(0)\n"
        "print(sorted(os.waitstatus_to_exitcode(os.wait()[1]) for _ in range(6))[0])"
    )

    ran = run(runner, hoards, limits=Limits(memory_mib=300, disk_mib=10, cell_seconds=30))

    assert text_of(ran) == "-9" or ran.cells[0].status == "out_of_memory"


def test_without_namespaces_files_and_network_are_closed_all_the_same(unwalled: Runner) -> None:
    tries = (
        "import socket, os\n"
        "def tried(action, *arguments):\n"
        "    try: action(*arguments); return 'done'\n"
        "    except OSError as error: return type(error).__name__\n"
        f"print(tried(open, {str(Path(__file__))!r}), tried(os.listdir, '/home'),\n"
        "      tried(open, '/etc/shadow'), tried(open, '/tmp/f', 'w'), tried(open, 'f', 'w'),\n"
        "      tried(socket.socket), tried(os.kill, os.getppid(), 9),\n"
        "      tried(socket.socket, socket.AF_UNIX), len(socket.socketpair()))"
    )

    ran = run(unwalled, tries)

    if detect().landlock:
        refused = "PermissionError PermissionError PermissionError PermissionError done OSError"
        assert text_of(ran) == f"{refused} PermissionError OSError 2"
    assert ran.isolation == "reduced: no user namespaces"


def test_without_namespaces_answers_beside_packages_are_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("reference", "numpy", "grader"):
        (tmp_path / "lib" / "site" / name).mkdir(parents=True)
    monkeypatch.setattr(isolation, "HERE", tmp_path / "lib" / "site" / "grader" / "execution")
    monkeypatch.setattr(isolation, "_folders", lambda: [str(tmp_path / "lib")])

    shown = [path for path in isolation.readable_paths() if path.startswith(str(tmp_path))]

    assert str(tmp_path / "lib" / "site" / "numpy") in shown
    assert not any(path.endswith(("lib", "site", "reference", "grader")) for path in shown)
    assert str(tmp_path / "lib" / "site") in isolation.listed_paths()


def test_without_namespaces_no_process_outlives_its_notebook(unwalled: Runner) -> None:
    starts = (
        "import os, subprocess\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    subprocess.Popen(['sleep', '8642.5'], start_new_session=True)\n"
        "    os._exit(0)\n"
        "subprocess.Popen(['sleep', '8642.5'])"
    )

    assert run(unwalled, starts).cells[0].status == "ok"
    assert processes("8642.5") == []


@pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("unshare") is None, reason="only root becomes another user"
)
def test_an_ordinary_user_gets_the_whole_sandbox() -> None:
    if not detect().full:
        pytest.skip(detect().text)
    script = (
        "import grader.spared\n"
        "from tests.execution.test_forked import *\n"
        "server.PRELOADED = LIGHT\n"
        "with Runner() as r:\n"
        '    look = \'print(os.listdir("/notebook/work"), os.path.exists("/etc/shadow"))\'\n'
        "    ran = run(r, 'import os; ' + look)\n"
        "    print(os.getuid(), ran.isolation, text_of(ran))"
    )

    done = subprocess.run(
        ["unshare", "-U", "--map-user=1000", "--map-group=1000", sys.executable, "-c", script],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.stdout.strip() == "1000 full [] False", done.stderr


STATES = ("import numpy as np\ndef f(x): return x + 1\nseen = [0]", "f = 3\nseen.append(1)")


def errors(ran: ProbeRun) -> list[str]:
    frames = read_frames(ran.stream)
    return [f.header["error"] for f in frames if f.header["kind"] == "step"]


def answers(ran: ProbeRun) -> dict[str, Any]:
    frames = [f for f in read_frames(ran.stream) if f.header["kind"] == "value"]
    return {frame.header["path"]: read_npy(frame.payload).tolist() for frame in frames}


def step(code: str) -> Probe:
    return Probe((Step(code, "n"),))


def test_a_probe_calls_what_the_notebook_defined(runner: Runner) -> None:
    given = {"x": np.array([1.0, 2.0])}
    call = (Step("print('said')"), Step("f(x)", "y"))
    count = (Step("len(seen)", "n"),)
    probes = (Probe(call, given, after=1), Probe(call, given), Probe(count), Probe(count, after=1))

    kept, redefined, last, first = run(runner, *STATES, probes=probes).probes

    assert (answers(kept), kept.output, errors(kept)) == ({"y": [2.0, 3.0]}, "said\n", ["", ""])
    assert errors(redefined) == ["", "TypeError: 'int' object is not callable"]
    assert (answers(last), answers(first)) == ({"n": 2}, {"n": 1})


def test_a_probe_does_not_see_what_another_did(runner: Runner) -> None:
    spoils = "seen.clear(); f = None; import numpy; numpy.pi = 3; n = 0"
    probes = [Probe((Step(spoils),)), step("(len(seen), int(np.pi * 100))")]

    _, after = run(runner, *STATES, probes=probes).probes

    assert answers(after) == {"n": [2, 314]}


@pytest.mark.parametrize(
    "code", ["while True: pass", "import os; os._exit(3)", "import os; os.abort()"]
)
def test_a_probe_that_does_not_end_well_costs_itself_only(runner: Runner, code: str) -> None:
    probes = [Probe((Step("1", "m"), Step(code), Step("2", "k")), seconds=0.5), step("1")]

    bad, good = run(runner, *STATES, probes=probes).probes

    assert "did not finish within 0.5 seconds, or its process died" in bad.error
    assert (answers(bad), answers(good)) == ({"m": 1}, {"n": 1})


def test_a_probe_of_a_state_there_never_was_says_so(runner: Runner) -> None:
    probe = dataclasses.replace(step("1"), after=2)

    ran = run(runner, "import os; os._exit(1)", "1", probes=[probe])

    assert "does not answer" in ran.probes[0].error


def test_a_probe_leaves_the_notebooks_own_recording_alone(runner: Runner) -> None:
    plain = run(runner, *STATES)
    spoiling = Probe((Step("seen.append(7); print(seen)"),), after=1)
    probed = run(runner, *STATES, probes=[spoiling])

    assert probed.stream == plain.stream
    assert probed.notebook == plain.notebook


def test_twenty_runs_leave_no_descriptor_open(runner: Runner) -> None:
    run(runner, "1")
    before = len(list(Path("/proc/self/fd").iterdir()))

    for _ in range(20):
        run(runner, "1", probes=[dataclasses.replace(step("1"), after=1)])

    time.sleep(0.1)
    assert len(list(Path("/proc/self/fd").iterdir())) <= before
