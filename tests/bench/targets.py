"""What the figures are held to, and why a target is missed where it is."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.bench.figures import ClassRun, Figures

# A sentence for each target that is missed; it stands in the report as long as that is so.
REASONS: dict[str, str] = {
    "overhead": (
        "the fork copies the pages it writes to, the shell takes a millisecond a cell, and the "
        "recorder about a third of the rest; the sandbox costs nothing that can be seen"
    ),
    "throughput": (
        "the bare statements of these notebooks alone are only some 85 and 135 times as fast as "
        "the two; what stands between is the overhead above"
    ),
    "class": "of the time a third is the notebooks' own statements, a third the replays of scoring",
    "memory": (
        "scoring kept highlighted cells for the next submission, in a bounded cache that a "
        "thousand submissions did not fill; it is smaller now"
    ),
    "rescoring": (
        "a mistake is found by excluding all that would be worth more, some 230,000 steps of "
        "training for a recording, at 84 ns each in NumPy on a quiet machine"
    ),
    "equal": (
        "one copy's seed drew a mask that drops nothing, the same in every epoch: its run cannot "
        "tell one mistake from none, and is left to a person, as it should be"
    ),
}
FACTOR, EXTRA = 1.5, 0.025  # of the bare statements; seconds
TIMES = 60  # the throughput of other graders
CLASS_SECONDS, CLASS_SIZE = 60.0, 1000
GROWTH = 0.05
RECORDINGS = 200  # a second


@dataclass(frozen=True)
class Target:
    """One target: what is wanted, what was found, whether that will do."""

    name: str
    wanted: str
    found: str
    met: bool

    @property
    def reason(self) -> str:
        """Why it is missed."""
        return "" if self.met else REASONS.get(self.name) or "not explained yet"


def judge(figures: Figures) -> list[Target]:
    """Hold the figures to the targets; what was not measured is left out."""
    found = [_overhead(figures), _throughput(figures)]
    if figures.whole is not None:
        found += _class(figures.whole)
    return [target for target in found if target is not None]


def _overhead(figures: Figures) -> Target | None:
    bare, ours = figures.of("exec", 1), figures.of("ours", 1)
    if bare is None or ours is None:
        return None
    limit, took = FACTOR * bare.percentile(50) + EXTRA, ours.percentile(50)
    return Target(
        "overhead",
        f"a notebook recorded in the sandbox takes at most {FACTOR:g} times "
        f"its statements plus {1000 * EXTRA:.0f} ms (p50, 1 worker)",
        f"{1000 * took:.0f} ms; allowed {1000 * limit:.0f} ms",
        took <= limit,
    )


def _throughput(figures: Figures) -> Target | None:
    ours, others = figures.of("ours", 2), dict(_others(figures))
    if ours is None or not others:
        return None
    times = {name: ours.per_second / rate for name, rate in others.items()}
    said = ", ".join(f"{times[name]:.0f} times {name}" for name in times)
    if figures.whole is not None:
        run = figures.whole
        graded = run.notebooks / (run.record + run.score)
        graded_times = (f"{graded / rate:.0f} times {name}" for name, rate in others.items())
        said += f" (scoring and reports included: {', '.join(graded_times)})"
    return Target(
        "throughput",
        f"at least {TIMES} times the throughput of nbgrader and of otter-grader (2 workers)",
        said,
        min(times.values()) >= TIMES,
    )


def _others(figures: Figures) -> Iterator[tuple[str, float]]:
    for way, name in (("nbgrader", "nbgrader"), ("otter", "otter-grader")):
        measured = figures.of(way, 2)
        if measured is not None:
            yield name, measured.per_second


def _class(run: ClassRun) -> list[Target]:
    seconds = run.record + run.score
    limit = CLASS_SECONDS * run.notebooks / CLASS_SIZE
    growth = max(run.recording.growth, run.scoring.growth)
    rate = run.notebooks / run.rescore
    return [
        Target(
            "class",
            f"{run.notebooks:,} notebooks recorded, scored and reported "
            f"in under {limit:.0f} s (2 workers)",
            f"{seconds:.1f} s",
            seconds < limit,
        ),
        Target(
            "memory",
            f"memory flat within {GROWTH:.0%} from the first to the last tenth of the class",
            f"recording {run.recording.growth:+.1%}, scoring {run.scoring.growth:+.1%}",
            growth <= GROWTH,
        ),
        Target(
            "rescoring",
            f"at least {RECORDINGS} recordings scored again a second (2 workers)",
            f"{rate:.0f} with pages, {run.notebooks / run.judge:.0f} without",
            rate >= RECORDINGS,
        ),
        Target(
            "equal",
            "every copy of a sample gets what the sample must get",
            f"{len(run.deviating)} of {run.notebooks:,} copies got something else",
            not run.deviating and not run.faults,
        ),
    ]
