"""Whole batches: record and score as processes of their own, timed or watched."""

import contextlib
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.crew import Answer, WayFault, Worker
from tests.bench.environments import BUILD
from tests.bench.figures import Lap
from tests.bench.memory import MemoryWatch
from tests.bench.ways import worker_command


@dataclass
class Batch:
    """How a batch went: when how many were done, and how long its process lived."""

    begun: float
    marks: list[tuple[float, int]] = field(default_factory=list)  # monotonic seconds, how many
    faults: int = 0
    seconds: float = 0.0
    watch: MemoryWatch | None = None

    def when(self, share: float) -> float:
        """Give the moment at which this share of the batch was done."""
        total = self.marks[-1][1]
        return next(moment for moment, done in self.marks if done >= share * total)


def run_batch(task: str, source: Path, target: Path, workers: int, *, watched: bool) -> Batch:
    """Run `record` or `score` to its end.

    Raises:
        WayFault: it did not come to its end.

    """
    arguments = (task, str(source), str(target), str(workers))
    command = worker_command(Path(sys.executable), "whole", *arguments)
    batch = Batch(time.monotonic())
    worker = Worker(command, BUILD / "scratch" / task)
    try:
        with contextlib.ExitStack() as stack:
            if watched:
                batch.watch = stack.enter_context(MemoryWatch([worker.process.pid]))
            _follow(worker, batch)
            worker.process.wait()
        batch.seconds = time.monotonic() - batch.begun
    finally:
        worker.end()
    return batch


def _follow(worker: Worker, batch: Batch) -> None:
    for answer in _answers(worker):
        if "done" in answer:
            batch.marks.append((time.monotonic(), answer["done"]))
        if answer.get("ended"):
            batch.faults = len(answer["faults"])
            return


def _answers(worker: Worker) -> Iterator[Answer]:
    while True:
        yield from worker.read()


def steady_lap(batch: Batch, workers: int) -> Lap:
    """Count from when every worker has started up: what a further notebook costs."""
    first = min(workers, len(batch.marks) - 1)
    begun, before = batch.marks[first - 1]
    ended, total = batch.marks[-1]
    if total == before:
        raise WayFault("too few notebooks")
    return Lap(count=total - before, wall=ended - begun, start=begun - batch.begun)
