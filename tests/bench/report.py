"""The figures as a page: docs/benchmarks.md."""

import re
from collections.abc import Iterable, Iterator

from tests.bench.figures import ClassRun, Figures, Measured
from tests.bench.notebooks import LEFT_OUT
from tests.bench.targets import judge
from tests.bench.ways import TITLES

MIB = 2**20

METHOD = """\
## How it is measured

- The {count} notebooks are samples of `submissions/hw1` that run to their end; most train a network
  for 100 epochs in NumPy and again in PyTorch. Other graders get the same cells, and four tests
  behind them that find values under any name, one of them hidden: nbgrader in a course made with
  `generate_assignment`, otter-grader in an assignment made with `otter assign`. They are installed
  into environments of their own, with the same NumPy and PyTorch. That their scores differ from
  notebook to notebook shows that they ran and graded them. They run notebooks with all rights of
  the person who grades; ours are shut in, unless the table says otherwise.
- All ways take turns, {rounds} times, every second time in the opposite order, so that a slow phase
  of the machine hits all alike. Workers are started anew for each round, and each runs one notebook
  before the clock starts: what is done only once is not counted, and stands under *first done
  after*. p50 and p95 are over the notebooks of all rounds; processor time of a notebook and
  notebooks a minute are those of the median round.
- A worker is a process; two share the notebooks, each taking the next one when it is free.
  *A whole batch* is `record_class` with so many jobs, from when all its workers run.
- Memory is the proportional set size (a page that n processes share counts 1/n in each), summed
  over the workers and all their descendants, sampled five times a second. A look takes {look} of
  processor time, so it is done in laps of its own and is part of no timing.
- File caches are warm. A ratio is only ever of two figures of this one run.
"""

CLASS_METHOD = """\
The class is {samples} samples in turn, each time with other seeds, names, comments and white
space. Left out are {left_out}: one never ends, three cannot be read, one is empty.
Three of those that are in raise midway and one asks for more memory than there is. Times are those
of the processes from start to end, with their imports. The warm-up is the first twentieth of the
notebooks.
"""


def render(figures: Figures) -> str:
    """Write the page."""
    parts = ["# Benchmarks", "", "What grading costs, from one run of `make bench`, on"]
    parts += ["", *_table(["", ""], figures.machine.items()), ""]
    targets = judge(figures)
    if targets:
        rows = [(t.wanted, t.found, "met" if t.met else f"**missed**: {t.reason}") for t in targets]
        parts += ["## Targets", "", *_table(["target", "found", ""], rows), ""]
    parts += [f"## {figures.count} notebooks, every way", "", *_ways(figures), ""]
    if figures.whole is not None:
        parts += [f"## A class of {figures.whole.notebooks:,}", "", *_class(figures.whole), ""]
    look = f"{1000 * figures.look_cost:.0f} ms"
    parts.append(METHOD.format(count=figures.count, rounds=figures.rounds, look=look))
    return "\n".join(parts)


def _ways(figures: Figures) -> Iterator[str]:
    head = [
        "way",
        "workers",
        "p50",
        "p95",
        "processor time",
        "notebooks a minute",
        "first done after",
        "peak memory",
    ]
    yield from _table(head, map(_row, figures.ways), right=range(1, 8))
    notes = list(dict.fromkeys(note for one in figures.ways if (note := _note(one))))
    if notes:
        yield ""
        yield from (f"- {note}" for note in notes)


def _row(one: Measured) -> tuple[str, ...]:
    title, workers = TITLES[one.way], str(one.workers)
    if one.refused:
        return (title, workers, *["not measured"] * 6)
    return (
        *(title, workers, *(_short(one.percentile(percent)) for percent in (50, 95))),
        _short(one.processor),
        *(f"{60 * one.per_second:,.0f}", f"{one.start:.1f} s", f"{one.peak / MIB:,.0f} MiB"),
    )


def _note(one: Measured) -> str:
    title = TITLES[one.way]
    if one.refused:
        return f"{title}: not measured: {_without_paths(one.refused)}."
    if one.unseen:
        return f"{title}: some of its processes may not be looked at, so it takes more memory."
    if one.laps and one.laps[0].isolation and one.way == "ours":
        return f"{title}: isolation {one.laps[0].isolation}."
    if one.scores:
        low, high = min(one.scores), max(one.scores)
        return f"{title}: gave these notebooks scores from {low:.0f} to {high:.0f} %."
    return ""


def _class(run: ClassRun) -> Iterator[str]:
    left_out = ", ".join(name.removeprefix("student-") for name in sorted(LEFT_OUT))
    yield CLASS_METHOD.format(samples=run.samples, left_out=left_out)
    seconds = {
        "recorded": run.record,
        "scored, with reports": run.score,
        "both": run.record + run.score,
        "scored again, with reports": run.rescore,
        "scored again, no page written": run.judge,
    }
    rows = [
        (name, f"{took:.1f} s", f"{run.notebooks / took:,.0f}") for name, took in seconds.items()
    ]
    yield from _table(["2 workers", "time", "a second"], rows, right=range(1, 3))
    yield ""
    courses = {"recording": run.recording, "scoring": run.scoring}
    memory = [
        (name, *(f"{size / MIB:,.0f} MiB" for size in (one.early, one.late, one.peak)))
        for name, one in courses.items()
    ]
    head = ["most memory", "first tenth", "last tenth", "ever"]
    yield from _table(head, memory, right=range(1, 4))
    if run.recording.unseen or run.scoring.unseen:
        yield ""
        yield "Some of the processes may not be looked at, so it takes more memory."
    if run.faults:
        yield ""
        yield f"The grader itself failed on {run.faults} notebooks."


def _without_paths(text: str) -> str:
    """Cut what an error says down to a line that is the same on every machine."""
    return re.sub(r"(?:/[\w.@+-]+)+/", "", " ".join(text.split()))[:200].rstrip(".")


def _short(seconds: float) -> str:
    if not seconds:
        return "-"
    if seconds < 1:
        return f"{1000 * seconds:.{int(seconds < 0.1)}f} ms"
    return f"{seconds:.2f} s"


def _table(
    head: list[str], rows: Iterable[tuple[str, ...]], *, right: Iterable[int] = ()
) -> Iterator[str]:
    yield _line(head)
    yield _line(["---:" if column in set(right) else "---" for column in range(len(head))])
    yield from (_line(row) for row in rows)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
