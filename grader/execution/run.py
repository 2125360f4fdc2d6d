"""Runs notebooks, each in a kernel of its own, and hands on all that came of them."""

import math
import os
import re
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.execution.blank import blank_copy, is_run, number_cells
from grader.execution.cold import ColdKernel
from grader.execution.environment import describe_environment
from grader.execution.files import pack_files
from grader.execution.isolation import (
    DEVICES,
    UNSEALED,
    detect,
    listed_paths,
    readable_paths,
    spare_user,
)
from grader.execution.kernel import Kernel, KernelFault
from grader.execution.outcome import CellRun, Execution, Probe, ProbeRun
from grader.execution.outputs import NotebookOutputs
from grader.execution.probing import Prober, run_probes
from grader.execution.server import ForkServer
from grader.execution.session import Session
from grader.execution.stand_ins import tell_stand_ins
from grader.execution.supplies import Supply, places_beside, places_inside, shown_files
from grader.execution.warm import WarmKernel
from grader.execution.workplace import STREAM_SLACK, Workplace, prepared_workplace
from grader.rubric.model import Limits

UNFORKED = "a probe needs a kernel that was forked"


@dataclass(frozen=True)
class _Task:
    """How a notebook is to be run."""

    limits: Limits
    seed: int
    files: Path | None
    stop: threading.Event
    probes: tuple[Probe, ...]


class Runner:
    """Runs notebooks, one after the other; to be used, and closed, by one thread of one process."""

    def __init__(
        self,
        *,
        cold: bool = False,
        sealed: bool = True,
        recorded: bool = True,
        supplies: Sequence[Supply] = (),
    ) -> None:
        """Prepare.

        Args:
            cold: have every notebook run in a fresh kernel, started for it alone.
            sealed: have kernels run in the sandbox, as far as there is one.
            recorded: have the recorder watch.
            supplies: files of the assignment that every notebook finds where it looks.

        """
        self._isolation = detect()
        self._cold = cold or not self._isolation.forks
        self._sealed = sealed
        self._recorded = recorded
        self._supplies = tuple(supplies)
        self._server: ForkServer | None = None
        if not self._cold:
            self._start_server()

    def __enter__(self) -> "Runner":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def isolation(self) -> str:
        """What stands between a notebook and the machine, as every recording says it."""
        return UNSEALED if self._cold or not self._sealed else self._isolation.text

    def execute(
        self,
        notebook: Any,
        *,
        limits: Limits,
        seed: int,
        files: Path | None = None,
        stop: threading.Event | None = None,
        probes: Sequence[Probe] = (),
    ) -> Execution:
        """Run a copy of a notebook in a process and a folder of its own.

        Args:
            notebook: as nbformat 4 knows it; it is not changed.
            limits: what the run may take.
            seed: set in every random generator before the first cell.
            files: a folder whose files the notebook finds in its working directory.
            stop: breaks the run off, within a fraction of a second, once it is set.
            probes: snippets to be run in forks of it; a fresh kernel cannot be forked.

        Raises:
            KernelFault: no kernel came up, or its server died, twice.
            RunStopped: `stop` was set.

        """
        run = self._run_cold if self._cold else self._run_warm
        task = _Task(limits, seed, files, stop or threading.Event(), tuple(probes))
        try:
            return run(blank_copy(notebook), task)
        except KernelFault:
            return run(blank_copy(notebook), task)

    def close(self) -> None:
        """End what is kept ready for the next notebook."""
        if self._server is not None:
            self._server.close()
            self._server = None

    def _run_cold(self, notebook: Any, task: _Task) -> Execution:
        """Run a notebook in a kernel started for it."""
        begun = time.monotonic()
        limits, outputs = task.limits, NotebookOutputs(task.limits.output_kib)
        with prepared_workplace(task.files, self._supplies) as place:
            settings = _cold_settings(notebook, task)
            with closing(ColdKernel(place, settings, notebook, outputs, task.stop)) as kernel:
                cells = Session(notebook, kernel, outputs, limits).run()
            stream = place.read_stream(limits.recording_mib)
        probes = tuple(ProbeRun(b"", UNFORKED) for _ in task.probes)
        return self._gather(task, notebook, cells, stream, kernel, place.notes, probes, begun)

    def _run_warm(self, notebook: Any, task: _Task) -> Execution:
        """Run a notebook in a kernel forked for it."""
        begun = time.monotonic()
        server = self._ready_server(task.stop)
        outputs = NotebookOutputs(task.limits.output_kib)
        packed, notes = pack_files(task.files, free=places_beside(self._supplies))
        try:
            with _place(server, self._supplies) as place:
                data = [] if place else places_inside(self._supplies)
                settings = {**_warm_settings(notebook, task, server, place), "data": data}
                with closing(WarmKernel(server, settings, packed, outputs, task.stop)) as kernel:
                    cells, probes = _run_and_probe(notebook, kernel, outputs, task)
                    if place is not None:  # its folder is removed, and its processes are seen
                        kernel.end()
                    stream = kernel.read_stream(task.limits.recording_mib * 2**20 + STREAM_SLACK)
        except KernelFault:
            self.close()
            raise
        finally:
            os.close(packed)
        return self._gather(task, notebook, cells, stream, kernel, notes, probes, begun)

    def _gather(
        self,
        task: _Task,
        notebook: Any,
        cells: tuple[CellRun, ...],
        stream: bytes,
        kernel: Kernel,
        notes: Sequence[str],
        probes: tuple[ProbeRun, ...],
        begun: float,
    ) -> Execution:
        """Put together what a run hands on."""
        return Execution(
            notebook=notebook,
            cells=cells,
            stream=stream,
            seconds=time.monotonic() - begun,
            peak_memory_bytes=kernel.memory.resident,
            isolation=self.isolation,
            environment=describe_environment(),
            notes=tuple(notes),
            data={one.name: one.label for one in self._supplies},
            surroundings=tell_stand_ins(notebook),
            asked=task.probes,
            probes=probes,
        )

    def _ready_server(self, stop: threading.Event) -> ForkServer:
        """Give a fork server that answers."""
        server = self._server or self._start_server()
        try:
            server.ready(stop)
        except KernelFault:
            self.close()
            raise
        return server

    def _start_server(self) -> ForkServer:
        self._server = ForkServer(
            self._isolation,
            walled=self._sealed,
            recorded=self._recorded,
            data=shown_files(self._supplies),
        )
        return self._server


def _run_and_probe(
    notebook: Any, kernel: WarmKernel, outputs: NotebookOutputs, task: _Task
) -> tuple[tuple[CellRun, ...], tuple[ProbeRun, ...]]:
    """Run the cells, keeping the states that are asked about; then ask."""
    prober = Prober(kernel, {})
    asked_of = {probe.after for probe in task.probes}

    def after(number: int) -> None:
        if number in asked_of:
            prober.keep(number)

    try:
        cells = Session(notebook, kernel, outputs, task.limits, after=after).run()
        return cells, run_probes(prober, task.probes)
    finally:
        prober.close()


@contextmanager
def _place(server: ForkServer, supplies: Sequence[Supply]) -> Iterator[Workplace | None]:
    """Make a folder for a run; kernels with file systems of their own need none."""
    if server.namespaces:
        yield None
        return
    with prepared_workplace(None, supplies) as place:
        yield place


def _cold_settings(notebook: Any, task: _Task) -> dict[str, Any]:
    """Write down what the launcher and the recorder have to know."""
    sources = [cell.source for cell in notebook["cells"] if cell["cell_type"] == "code"]
    return {
        "preload_torch": any(re.search(r"\btorch\b", source) for source in sources),
        "memory_mib": task.limits.memory_mib,
        **_recorder_settings(notebook, task),
    }


def _warm_settings(
    notebook: Any, task: _Task, server: ForkServer, place: Workplace | None
) -> dict[str, Any]:
    """Write down what the forked child and the recorder have to know."""
    limits = task.limits
    root = str(place.root) if place else ""
    user = spare_user() if place else None
    if place and user is not None:
        place.give_to(user)
    return {
        "memory": server.address_space + limits.memory_mib * 2**20,
        "disk": limits.disk_mib * 2**20,
        "processes": limits.processes,
        "seconds": math.ceil(limits.notebook_seconds) * (os.cpu_count() or 1),
        "work": str(place.work) if place else "",
        "environment": place.environment() if place else {},
        "file": max(limits.disk_mib, limits.recording_mib) * 2**20 + STREAM_SLACK,
        "user": user,
        "readable": readable_paths() if place else [],
        "listed": listed_paths() if place else [],
        "writable": [root, *DEVICES] if place else [],
        "recorder": _recorder_settings(notebook, task),
    }


def _recorder_settings(notebook: Any, task: _Task) -> dict[str, Any]:
    """Write down what the recorder has to know."""
    limits = task.limits
    places = number_cells(notebook)
    return {
        "seed": task.seed,
        "cell_numbers": [number for index, number in places if is_run(notebook["cells"][index])],
        "value_kib": limits.value_kib,
        "recording_mib": limits.recording_mib,
        "output_kib": limits.output_kib,
    }
