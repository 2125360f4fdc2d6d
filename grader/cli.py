"""The command line: run, record, score, and what is wrong with a rubric."""

import logging
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from grader import __version__, log
from grader.arguments import CORES, Jobs, RubricArgument
from grader.batch import Recorded, Scored, record_class, score_class
from grader.batch.perturbing import changes_asked
from grader.check_commands import check
from grader.console import counted, progress_bar, show_problems, show_summary, tell, warn
from grader.data.supplying import read_given
from grader.data_commands import data_app
from grader.execution.asking.plan import Asking
from grader.execution.checkup import describe, examine
from grader.execution.isolation import UNSEALED, detect
from grader.export_commands import export_app
from grader.faults import Fault, UsageFault
from grader.review.file import NAME, load_decisions
from grader.review_commands import review
from grader.rubric.model import Rubric
from grader.rubric.reference import Reference, open_rubric
from grader.rubric.shipped import find_rubric
from grader.rubric_commands import require_usable, rubric_app
from grader.scoring.separation import check_predictions

app = typer.Typer(
    name="grader",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(rubric_app, name="rubric")
app.command()(review)
app.command()(check)
app.add_typer(data_app, name="data")
app.add_typer(export_app, name="export")

FolderArgument = Annotated[
    Path, typer.Argument(help="The class: a folder with one file or one subfolder a student.")
]


Only = Annotated[
    list[str] | None, typer.Option("--only", help="Run just this student; may be given again.")
]
Rerun = Annotated[bool, typer.Option("--rerun", help="Run notebooks that did not change, too.")]
Data = Annotated[
    Path | None, typer.Option(help="A folder whose files every notebook finds beside it.")
]
Supply = Annotated[
    list[str] | None,
    typer.Option(
        help="NAME=PATH: data the rubric asks for, for this run only; may be given again."
    ),
]
Cold = Annotated[
    bool, typer.Option("--cold", help="Run each notebook in a fresh kernel: slow, to cross-check.")
]
RequireIsolation = Annotated[
    bool,
    typer.Option("--require-isolation", help="Run nothing where notebooks cannot be shut in."),
]
DecisionsOption = Annotated[
    Path | None,
    typer.Option("--decisions", help="What people decided. [default: OUT/decisions.json]"),
]
Perturb = Annotated[
    bool,
    typer.Option("--perturb", help="Run notebooks again with other constants: who typed answers?"),
]


@app.command()
def run(  # noqa: PLR0913  every option is its own
    rubric: RubricArgument,
    submissions: FolderArgument,
    out: Annotated[Path, typer.Option("--out", help="Where the reports go.")],
    *,
    jobs: Jobs = CORES,
    only: Only = None,
    rerun: Rerun = False,
    data: Data = None,
    supply: Supply = None,
    cold: Cold = False,
    require_isolation: RequireIsolation = False,
    perturb: Perturb = False,
    workspace: Annotated[
        Path | None,
        typer.Option(help="Where recordings are kept. [default: OUT/workspace]"),
    ] = None,
    decisions: DecisionsOption = None,
) -> None:
    """Run a class's notebooks and grade them: `record`, then `score`."""
    path, opened, reference = _usable_rubric(rubric)
    constants = _constants(opened, reference, path, perturb)
    kept = workspace or out / "workspace"
    load_decisions(decisions or out / NAME, opened.assignment)
    _require_writable(out)
    log.log_to(out)
    with _resumable():
        chosen = {"only": only or [], "rerun": rerun, "data": data, "apart": [out]}
        chosen["supply"] = read_given(supply or [])
        manner = {"jobs": jobs, "cold": cold, "require_isolation": require_isolation}
        recorded = _record(opened, submissions, kept, **chosen, **manner, **constants)
        _score(path, kept, out, jobs, recorded, decisions)


@app.command()
def record(  # noqa: PLR0913  every option is its own
    rubric: RubricArgument,
    submissions: FolderArgument,
    out: Annotated[Path, typer.Option("--out", help="The workspace: where recordings are kept.")],
    *,
    jobs: Jobs = CORES,
    only: Only = None,
    rerun: Rerun = False,
    data: Data = None,
    supply: Supply = None,
    cold: Cold = False,
    require_isolation: RequireIsolation = False,
    perturb: Perturb = False,
) -> None:
    """Run a class's notebooks and keep what they produced; nothing is graded."""
    path, opened, reference = _usable_rubric(rubric)
    constants = _constants(opened, reference, path, perturb)
    _require_writable(out)
    log.log_to(out)
    with _resumable():
        chosen = {"only": only or [], "rerun": rerun, "data": data}
        chosen["supply"] = read_given(supply or [])
        manner = {"jobs": jobs, "cold": cold, "require_isolation": require_isolation}
        recorded = _record(opened, submissions, out, **chosen, **manner, **constants)
    tell(f"Recordings: {out}")
    if recorded.faults:
        _fail(recorded.faults, out / log.NAME)


@app.command()
def score(
    rubric: RubricArgument,
    workspace: Annotated[Path, typer.Argument(help="The workspace `record` wrote.")],
    out: Annotated[Path, typer.Option("--out", help="Where the reports go.")],
    jobs: Jobs = CORES,
    decisions: DecisionsOption = None,
) -> None:
    """Grade recordings; no notebook runs."""
    path, *_ = _usable_rubric(rubric)
    _require_workspace(workspace)
    _require_writable(out)
    log.log_to(out)
    with _resumable():
        _score(path, workspace, out, jobs, None, decisions)


@app.command()
def doctor() -> None:
    """Say how well notebooks are shut in on this machine, and try it out."""
    isolation = detect()
    tell(f"isolation: {isolation.text}")
    for part in describe():
        tell(part)
    failed = False
    for finding in examine():
        failed = failed or not finding.holds
        seen = "" if finding.holds else f" ({finding.seen})"
        tell(f"{'holds' if finding.holds else 'missing'}: {finding.promise}{seen}")
    if failed:
        tell("docs/isolation.md says what that means, and what to change.")
        raise typer.Exit(1)


def _usable_rubric(name: str) -> tuple[Path, Rubric, Reference]:
    """Find a rubric that can be graded with, before anything is run for it."""
    path = find_rubric(name)
    rubric, reference = open_rubric(path)
    require_usable(path, check_predictions(rubric, reference))
    return path, rubric, reference


def _constants(rubric: Rubric, reference: Reference, path: Path, perturb: bool) -> dict[str, Any]:
    """Return what is asked of the students' code, and what a second run changes of constants."""
    changes = changes_asked(rubric, reference, perturb)
    return {"asking": Asking(rubric, path), "changes": changes}


def _require_workspace(workspace: Path) -> None:
    inner = workspace / "workspace"
    if not (workspace / "class.json").exists() and (inner / "class.json").exists():
        raise UsageFault(f"{workspace} holds no recordings; did you mean {inner}?")


@contextmanager
def _resumable() -> Iterator[None]:
    """Tell a person who stops a long task what is kept."""
    try:
        yield
    except KeyboardInterrupt:
        warn("Stopped. What is finished is kept: the same command goes on from there.")
        raise typer.Exit(130) from None


def _record(rubric: Rubric, submissions: Path, workspace: Path, **options: Any) -> Recorded:
    text = UNSEALED if options["cold"] else detect().text
    if text != "full":
        warn(f"isolation {text}; `grader doctor` says more")
    with progress_bar("Running") as progress:
        recorded = record_class(rubric, submissions, workspace, progress=progress, **options)
    if recorded.reused:
        tell(f"{len(recorded.run)} run, {len(recorded.reused)} unchanged since they last ran")
    return recorded


def _score(
    path: Path,
    workspace: Path,
    out: Path,
    jobs: int,
    recorded: Recorded | None,
    decisions: Path | None,
) -> None:
    with progress_bar("Grading") as progress:
        options: dict[str, Any] = {"jobs": jobs, "decisions": decisions}
        scored = score_class(path, workspace, out, progress=progress, **options)
    show_summary(scored.grades)
    tell(f"Report: {scored.index}")
    tell(f"Grades: {out / 'grades.csv'}, {out / 'grades.json'}")
    faults = [*(recorded.faults if recorded else ()), *_faulty(scored)]
    if faults:
        _fail(faults, out / log.NAME)


def _faulty(scored: Scored) -> list[str]:
    return [
        grade.submission
        for grade in scored.grades.grades
        if any(verdict.cause == "grader_fault" for verdict in grade.verdicts)
    ]


def _fail(faults: Sequence[str], written: Path) -> NoReturn:
    unique = list(dict.fromkeys(faults))
    where = f"; the log says more: {written}"
    more = f" and {len(unique) - 5} more" if len(unique) > 5 else ""
    named = ", ".join(unique[:5]) + more
    warn(f"The grader itself failed on {counted(len(unique), 'submission')}: {named}{where}")
    raise typer.Exit(1)


def _require_writable(folder: Path) -> None:
    """Find out before the work, not after it, whether its result can be written."""
    probe = folder / ".writable"
    if folder.exists() and not folder.is_dir():
        raise UsageFault(f"{folder} cannot be written: it is a file, not a folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise UsageFault(f"{folder} cannot be written: {error.strerror}") from error


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
    # Ended from outside, it stops as for Ctrl-C: no kernel and no temporary folder is left.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # A log that cannot be written, on a full disk, is no reason for a traceback on the terminal.
    logging.raiseExceptions = False
    try:
        app()
    except Fault as fault:
        show_problems(str(fault))
        sys.exit(2)
