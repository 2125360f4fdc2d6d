"""The arguments that several commands take."""

import os
from typing import Annotated

import typer

from grader.faults import UsageFault

RubricArgument = Annotated[
    str,
    typer.Argument(help="The rubric: a TOML file, or the name of one that ships with the grader."),
]


def _positive(jobs: int) -> int:
    if jobs < 1:
        raise UsageFault(f"--jobs must be at least 1; found {jobs}")
    return jobs


def _cores() -> int:
    """Count the processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


Jobs = Annotated[int, typer.Option("--jobs", "-j", callback=_positive, help="Submissions at once.")]
CORES = _cores()
