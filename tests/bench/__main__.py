"""The benchmark's command line; `--quick` tries out everything on a few notebooks."""

import argparse
import signal
import sys
from pathlib import Path

from tests.bench import figures, report
from tests.bench.environments import BUILD
from tests.bench.machine import describe_machine
from tests.bench.notebooks import ROOT, write_some
from tests.bench.progress import tell
from tests.bench.rounds import measure_ways
from tests.bench.thousand import measure_class
from tests.bench.ways import TITLES

FIGURES = BUILD / "figures.json"


def main() -> int:
    """Measure what was asked for, and write the report."""
    options = _options()
    if not options.render:
        figures.write(_measure(options), FIGURES)
    options.out.write_text(report.render(figures.read(FIGURES)))
    tell(f"written: {options.out}")
    return 0


def _measure(options: argparse.Namespace) -> figures.Figures:
    chosen = options.only or [*TITLES, "class"]
    notebooks = write_some(BUILD / "notebooks", options.count)
    found = figures.Figures(
        machine=describe_machine(), count=options.count, rounds=options.rounds, ways=[]
    )
    names = [name for name in TITLES if name in chosen]
    found.ways, found.look_cost = measure_ways(names, notebooks, options.rounds, options.batch)
    if "class" in chosen:
        found.whole = measure_class(options.class_size)
        for name in found.whole.deviating:
            tell(f"another result: {name}")
    return found


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    add = parser.add_argument
    names = [*TITLES, "class"]
    add("--only", type=_names, help=f"ways to measure, of {','.join(names)}")
    add("--count", type=int, help="notebooks for each way (20)")
    add("--rounds", type=int, help="how often all ways take turns (3)")
    add("--batch", type=int, help="notebooks of a whole batch (100)")
    add("--class", dest="class_size", type=int, help="notebooks of the class (1000)")
    add("--out", type=Path, default=ROOT / "docs" / "benchmarks.md", help="the report")
    add("--quick", action="store_true", help="4 notebooks, 1 round, a class of 50")
    add("--render", action="store_true", help="write the last figures again; measure nothing")
    options = parser.parse_args()
    full = {"count": 20, "rounds": 3, "batch": 100, "class_size": 1000}
    quick = {"count": 4, "rounds": 1, "batch": 4, "class_size": 50}
    for name, value in (quick if options.quick else full).items():
        if getattr(options, name) is None:
            setattr(options, name, value)
    return options


def _names(text: str) -> list[str]:
    names = text.split(",")
    unknown = set(names) - {*TITLES, "class"}
    if unknown:
        raise argparse.ArgumentTypeError(f"no such way: {', '.join(sorted(unknown))}")
    return names


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        tell("stopped; nothing was written")
        sys.exit(130)
