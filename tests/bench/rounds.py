"""All ways in turn, round after round, so that what drifts drifts for all."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from tests.bench.crew import WayFault
from tests.bench.environments import BUILD, NotInstalled
from tests.bench.figures import Lap, Measured
from tests.bench.memory import MemoryWatch
from tests.bench.notebooks import write_some
from tests.bench.progress import tell
from tests.bench.ways import Way, measure_lap, prepare
from tests.bench.whole import run_batch, steady_lap

WORKERS = (1, 2)


def measure_ways(
    names: Sequence[str], notebooks: Sequence[Path], rounds: int, batch: int
) -> tuple[list[Measured], float]:
    """Measure each way with 1 and 2 workers; give also what a look at the memory cost, in seconds.

    A whole batch is of `batch` notebooks: it takes a while until all its workers run. A way that
    cannot be measured says why, and the others go on.
    """
    shutil.rmtree(BUILD / "scratch", ignore_errors=True)
    found = [Measured(way=name, workers=workers) for name in names for workers in WORKERS]
    ways = _prepared(found, notebooks)
    costs = [0.0]
    for number in range(rounds):
        for one in found if number % 2 == 0 else reversed(found):
            if not one.refused:
                costs.append(_measure(one, ways.get(one.way), batch))
                tell(f"round {number + 1} of {rounds}: {_said(one)}")
    return found, max(costs)


def _prepared(found: Sequence[Measured], notebooks: Sequence[Path]) -> dict[str, Way]:
    ways = {}
    for name in dict.fromkeys(one.way for one in found):
        if name == "record":
            continue
        tell(f"preparing {name}")
        try:
            ways[name] = prepare(name, notebooks, max(WORKERS))
        except NotInstalled as fault:
            for one in found:
                if one.way == name:
                    one.refused = f"it could not be installed or prepared ({fault})"
    return ways


def _measure(one: Measured, way: Way | None, batch: int) -> float:
    """Add a lap; give what a look at the memory cost, in seconds."""
    try:
        lap, watch = measure_lap(way, one.workers) if way else _batch_lap(one.workers, batch)
        _require_done(lap)
    except WayFault as fault:
        one.refused, one.laps = str(fault), []
        return 0.0
    one.laps.append(lap)
    one.peak = max(one.peak, watch.peak)
    one.unseen |= watch.unseen
    return watch.cost


def _require_done(lap: Lap) -> None:
    """Refuse a lap in which something other than running and grading was measured."""
    if lap.failed:
        raise WayFault(f"{len(lap.failed)} of {lap.count} failed, the first with {lap.failed[0]}")
    if 0 in lap.scores:
        raise WayFault("it gave no points even for what everybody has")


def _batch_lap(workers: int, batch: int) -> tuple[Lap, MemoryWatch]:
    """Record a class of copies of the notebooks, once timed and once watched."""
    folder = BUILD / "batch"
    shutil.rmtree(folder, ignore_errors=True)
    write_some(folder / "class", batch)
    timed, watched = (
        run_batch("record", folder / "class", folder / name, workers, watched=name == "watched")
        for name in ("timed", "watched")
    )
    if timed.faults or watched.watch is None:
        raise WayFault(f"the grader failed on {timed.faults} notebooks")
    return steady_lap(timed, workers), watched.watch


def _said(one: Measured) -> str:
    if one.refused:
        return f"{one.way}, {one.workers}: not measured: {one.refused}"
    median = (
        f"p50 {1000 * one.percentile(50):.0f} ms, cpu {1000 * one.processor:.0f} ms, "
        if one.each
        else ""
    )
    said = f"{one.way}, {one.workers}: {median}{60 * one.per_second:.0f} a minute"
    return said + f", {one.peak / 2**20:.0f} MiB"
