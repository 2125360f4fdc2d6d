"""The ways to run a notebook that are compared, and how one lap of one of them is measured."""

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench import peers_nbgrader, peers_otter
from tests.bench.crew import Answer, Command, Crew
from tests.bench.environments import BUILD, search_path
from tests.bench.figures import Lap
from tests.bench.memory import MemoryWatch, processor_seconds

WATCHED_SECONDS = 6.0  # of the lap in which memory is watched
OURS = {
    "ours": "gradmark: sandbox and recorder on",
    "unsealed": "gradmark, sandbox off",
    "unrecorded": "gradmark, recorder off",
    "plain": "gradmark, both off",
}
SWITCHES = {
    "ours": (),
    "unsealed": ("sealed=0",),
    "unrecorded": ("recorded=0",),
    "plain": ("sealed=0", "recorded=0"),
}
TITLES = {
    "exec": "the statements alone: `exec` in a process that has imported all",
    **OURS,
    "record": "gradmark, a whole batch: read, run, recorded, saved",
    "nbclient": "nbclient, a fresh kernel for each notebook",
    "nbgrader": f"nbgrader {peers_nbgrader.VERSION}, `autograde`",
    "otter": f"otter-grader {peers_otter.VERSION}, `grade_submission`",
}
ONE_THREAD = tuple((f"{name}_NUM_THREADS", "1") for name in ("OMP", "OPENBLAS", "MKL"))


@dataclass(frozen=True)
class Way:
    """A way to run notebooks: how each worker is started, and what it is handed."""

    name: str
    commands: tuple[Command, ...]
    jobs: tuple[str, ...]


def prepare(name: str, notebooks: Sequence[Path], workers: int) -> Way:
    """Make ready what a way needs before it can be measured.

    Raises:
        NotInstalled: another grader could not be installed, or refused its assignment.

    """
    jobs = tuple(map(str, notebooks))
    own = Path(sys.executable)
    if name == "exec":
        return Way(name, (worker_command(own, "statements", variables=ONE_THREAD),) * workers, jobs)
    if name == "nbclient":
        return Way(name, (worker_command(own, "stock"),) * workers, jobs)
    if name == "nbgrader":
        python, courses = peers_nbgrader.prepared(notebooks, workers)
        path = (("PATH", search_path(python)),)
        commands = [worker_command(python, "nbgrader", str(one), variables=path) for one in courses]
        return Way(name, tuple(commands), tuple(path.stem for path in notebooks))
    if name == "otter":
        python, autograder, handed_in = peers_otter.prepared(notebooks)
        path = (("PATH", search_path(python)),)
        command = worker_command(python, "otter", str(autograder), variables=path)
        return Way(name, (command,) * workers, tuple(map(str, handed_in)))
    return Way(name, (worker_command(own, "ours", *SWITCHES[name]),) * workers, jobs)


def worker_command(
    python: Path, module: str, *arguments: str, variables: tuple[tuple[str, str], ...] = ()
) -> Command:
    """Say how to start one of the workers."""
    return Command(python, f"tests.bench.workers.{module}", arguments, variables)


def measure_lap(way: Way, workers: int) -> tuple[Lap, MemoryWatch]:
    """Run the notebooks once and time them, then again for some seconds and watch the memory.

    Looking at memory costs time, so it has a part of its own. Every worker runs one notebook
    before, so that nobody's first imports are counted.

    Raises:
        WayFault: the way cannot be measured.

    """
    with Crew(way.commands[:workers], BUILD / "scratch" / way.name) as crew:
        crew.warm_up(way.jobs[0])
        used, begun = processor_seconds(crew.pids), time.perf_counter()
        answers = crew.run(way.jobs)
        wall = time.perf_counter() - begun
        used = processor_seconds(crew.pids) - used
        until = time.monotonic() + WATCHED_SECONDS
        with MemoryWatch(crew.pids) as watch:
            while time.monotonic() < until:
                crew.run(way.jobs, enough=lambda: time.monotonic() >= until)
    return _lap(answers, wall, used, crew.start_seconds), watch


def _lap(answers: Sequence[Answer], wall: float, processor: float, start: float) -> Lap:
    return Lap(
        count=len(answers),
        wall=wall,
        processor=processor,
        start=start,
        each=[answer["seconds"] for answer in answers],
        scores=[100 * one["score"] / one["of"] for one in answers if one.get("of")],
        failed=[answer["error"] for answer in answers if "error" in answer],
        isolation=next((one["isolation"] for one in answers if "isolation" in one), ""),
    )
