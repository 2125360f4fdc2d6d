"""Runs a notebook in a kernel of its own and hands on all that came of it."""

import asyncio
import re
import threading
import time
from pathlib import Path
from typing import Any

from grader.execution.blank import blank_copy, is_run, number_cells
from grader.execution.environment import describe_environment
from grader.execution.kernel import Kernel, KernelFault, started_kernel
from grader.execution.outcome import CellRun, Execution
from grader.execution.session import Session
from grader.execution.workplace import Workplace, prepared_workplace
from grader.rubric.model import Limits

ISOLATION = "reduced: no sandbox"


def execute(
    notebook: Any,
    *,
    limits: Limits,
    seed: int,
    files: Path | None = None,
    stop: threading.Event | None = None,
) -> Execution:
    """Run a copy of a notebook in a process and a folder of its own.

    May be called from several threads at once, but from none with a running event loop.

    Args:
        notebook: as nbformat 4 knows it; it is not changed.
        limits: what the run may take.
        seed: set in every random generator before the first cell.
        files: a folder whose files the notebook finds in its working directory.
        stop: breaks the run off, within a fraction of a second, once it is set.

    Raises:
        KernelFault: no kernel came up, twice.
        RunStopped: `stop` was set.

    """
    stop = stop or threading.Event()
    try:
        return _execute_once(blank_copy(notebook), limits, seed, files, stop)
    except KernelFault:
        return _execute_once(blank_copy(notebook), limits, seed, files, stop)


def _execute_once(
    notebook: Any, limits: Limits, seed: int, files: Path | None, stop: threading.Event
) -> Execution:
    """Run a notebook in place, and leave no process and no file behind."""
    begun = time.monotonic()
    with prepared_workplace(files) as place:
        cells, peak = asyncio.run(_run(notebook, place, limits, seed, stop))
        stream = place.read_stream(limits.recording_mib)
    return Execution(
        notebook=notebook,
        cells=cells,
        stream=stream,
        seconds=time.monotonic() - begun,
        peak_memory_bytes=peak,
        isolation=ISOLATION,
        environment=describe_environment(),
        notes=tuple(place.notes),
    )


async def _run(
    notebook: Any, place: Workplace, limits: Limits, seed: int, stop: threading.Event
) -> tuple[tuple[CellRun, ...], int]:
    """Start a kernel, run the cells in it, end it; give the cells and the memory peak in bytes."""
    # What is left of a broken-off conversation is no news.
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
    kernel: Kernel
    async with started_kernel(place, _settings(notebook, limits, seed), stop) as kernel:
        cells = await Session(notebook, kernel, limits).run()
        kernel.look()
    return cells, kernel.memory.resident


def _settings(notebook: Any, limits: Limits, seed: int) -> dict[str, Any]:
    """Write down what the launcher and the recorder have to know."""
    places = number_cells(notebook)
    sources = [notebook["cells"][index].source for index, _ in places]
    return {
        "seed": seed,
        "preload_torch": any(re.search(r"\btorch\b", source) for source in sources),
        "memory_mib": limits.memory_mib,
        "cell_numbers": [number for index, number in places if is_run(notebook["cells"][index])],
        "value_kib": limits.value_kib,
        "recording_mib": limits.recording_mib,
        "output_kib": limits.output_kib,
    }
