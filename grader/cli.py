"""The command line: run, record, score, and what is wrong with a rubric."""

import logging
import os
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from grader import __version__
from grader.batch import Recorded, Scored, record_class, score_class
from grader.console import progress_bar, show_problems, show_summary, tell, warn
from grader.faults import RubricFault, UsageFault
from grader.rubric.reference import open_rubric
from grader.rubric.shipped import find_rubric
from grader.scoring.separation import check_separation

app = typer.Typer(
    name="grader",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
rubric_app = typer.Typer(help="Look after rubrics.", no_args_is_help=True)
app.add_typer(rubric_app, name="rubric")

RubricArgument = Annotated[
    str,
    typer.Argument(help="The rubric: a TOML file, or the name of one that ships with the grader."),
]
FolderArgument = Annotated[
    Path, typer.Argument(help="The class: a folder with one file or one subfolder a student.")
]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=1, help="Notebooks at once.")]
Only = Annotated[
    list[str] | None, typer.Option("--only", help="Run just this student; may be given again.")
]
Rerun = Annotated[bool, typer.Option("--rerun", help="Run notebooks that did not change, too.")]
CORES = os.cpu_count() or 1


@app.command()
def run(
    rubric: RubricArgument,
    submissions: FolderArgument,
    out: Annotated[Path, typer.Option("--out", help="Where the reports go.")],
    jobs: Jobs = CORES,
    only: Only = None,
    rerun: Rerun = False,
    workspace: Annotated[
        Path | None,
        typer.Option(help="Where recordings are kept. [default: OUT/workspace]"),
    ] = None,
) -> None:
    """Run a class's notebooks and grade them: `record`, then `score`."""
    path = find_rubric(rubric)
    kept = workspace or out / "workspace"
    _require_writable(out)
    recorded = _record(path, submissions, kept, jobs, only or [], rerun)
    _score(path, kept, out, jobs, recorded)


@app.command()
def record(
    rubric: RubricArgument,
    submissions: FolderArgument,
    out: Annotated[Path, typer.Option("--out", help="The workspace: where recordings are kept.")],
    jobs: Jobs = CORES,
    only: Only = None,
    rerun: Rerun = False,
) -> None:
    """Run a class's notebooks and keep what they produced; nothing is graded."""
    _require_writable(out)
    recorded = _record(find_rubric(rubric), submissions, out, jobs, only or [], rerun)
    tell(f"Recordings: {out}")
    if recorded.faults:
        _fail(recorded.faults)


@app.command()
def score(
    rubric: RubricArgument,
    workspace: Annotated[Path, typer.Argument(help="The workspace `record` wrote.")],
    out: Annotated[Path, typer.Option("--out", help="Where the reports go.")],
    jobs: Jobs = CORES,
) -> None:
    """Grade recordings; no notebook runs."""
    _require_writable(out)
    _score(find_rubric(rubric), workspace, out, jobs, None)


@rubric_app.command("check")
def check(rubric: RubricArgument) -> None:
    """Say what is wrong with a rubric, where, and what is allowed."""
    path = find_rubric(rubric)
    opened, reference = open_rubric(path)
    problems = [f"{path}, {problem}" for problem in check_separation(opened, reference)]
    if problems:
        raise RubricFault(problems)
    count = len(opened.question)
    counted = f"{count} question{'' if count == 1 else 's'}, {opened.points:g} points"
    tell(f"{path}: {counted}; no problem found")


def _record(
    path: Path, submissions: Path, workspace: Path, jobs: int, only: list[str], rerun: bool
) -> Recorded:
    rubric, _ = open_rubric(path)
    _log_to(workspace / "grader.log")
    with progress_bar("Running") as progress:
        recorded = record_class(
            rubric, submissions, workspace, jobs=jobs, only=only, rerun=rerun, progress=progress
        )
    if recorded.reused:
        tell(f"{len(recorded.run)} run, {len(recorded.reused)} unchanged since they last ran")
    return recorded


def _score(path: Path, workspace: Path, out: Path, jobs: int, recorded: Recorded | None) -> None:
    _log_to(out / "grader.log")
    with progress_bar("Grading") as progress:
        scored = score_class(path, workspace, out, jobs=jobs, progress=progress)
    show_summary(scored.grades)
    tell(f"Report: {scored.index}")
    tell(f"Grades: {out / 'grades.csv'}, {out / 'grades.json'}")
    faults = [*(recorded.faults if recorded else ()), *_faulty(scored)]
    if faults:
        _fail(faults, out / "grader.log")


def _faulty(scored: Scored) -> list[str]:
    return [
        grade.submission
        for grade in scored.grades.grades
        if any(verdict.cause == "grader_fault" for verdict in grade.verdicts)
    ]


def _fail(faults: "list[str] | tuple[str, ...]", log: Path | None = None) -> NoReturn:
    unique = list(dict.fromkeys(faults))
    where = f"; the log says more: {log}" if log else ""
    warn(f"The grader itself failed on {len(unique)} submissions: {', '.join(unique[:5])}{where}")
    raise typer.Exit(1)


def _require_writable(folder: Path) -> None:
    """Find out before the work, not after it, whether its result can be written."""
    probe = folder / ".writable"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise UsageFault(f"{folder} cannot be written: {error.strerror}") from error


def _log_to(path: Path) -> None:
    log = logging.getLogger("grader")
    for handler in list(log.handlers):
        log.removeHandler(handler)
        handler.close()
    handler = logging.FileHandler(path, delay=True, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    log.addHandler(handler)
    log.propagate = False


def _version(wanted: bool) -> None:
    if wanted:
        tell(f"gradmark {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    """Grades numerical and deep-learning notebooks by finding out how their numbers came about."""


def main() -> None:
    """Run the command line; a usage error is one sentence and exit code 2."""
    try:
        app()
    except UsageFault as fault:
        show_problems(str(fault))
        sys.exit(2)
    except KeyboardInterrupt:
        warn("Stopped. What is finished is kept: run the same command again to go on.")
        sys.exit(130)
