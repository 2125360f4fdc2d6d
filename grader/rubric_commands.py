"""The command line's part about rubrics: what is wrong with one, and the trial of one."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from grader.arguments import CORES, Jobs, RubricArgument
from grader.console import counted, progress_bar, tell, warn
from grader.data.supplying import read_given
from grader.faults import RubricFault, UsageFault
from grader.rubric.model import Rubric
from grader.rubric.reference import Reference, open_rubric
from grader.rubric.shipped import PROJECT, find_rubric, shipped_rubrics
from grader.scoring.random.confusion import confusion_lines, confusions
from grader.scoring.separation import check_predictions, check_separation
from grader.scoring.wording import listed
from grader.sealing.publish import publish
from grader.sealing.wording import level_told
from grader.sealing.wording import summary as edition_summary
from grader.trial.solution import find_solution, find_template
from grader.trial.summary import as_data, summary
from grader.trial.trial import try_rubric

rubric_app = typer.Typer(help="Look after rubrics.", no_args_is_help=True)


@rubric_app.command("check")
def check(
    rubric: RubricArgument,
    *,
    quick: Annotated[
        bool, typer.Option("--quick", help="Do not simulate random training: that takes minutes.")
    ] = False,
) -> None:
    """Say what is wrong with a rubric, where, and what is allowed.

    For random training it also says how well its mistakes can be told apart by their results
    alone. What is simulated for that is kept, and used in grading.
    """
    path = find_rubric(rubric)
    opened, reference = open_rubric(path)
    require_usable(path, check_predictions(opened, reference))
    require_usable(path, check_separation(opened, reference))
    find_solution(opened, path)
    find_template(opened, path)
    for line in () if quick else _confusion(opened, reference):
        tell(line)
    questions = counted(len(opened.question), "question")
    tell(f"{path}: {questions}, {opened.points:g} points; no problem found")


@rubric_app.command("test")
def try_out(
    rubric: RubricArgument,
    *,
    jobs: Jobs = CORES,
    quick: Annotated[
        bool, typer.Option("--quick", help="Leave out mutants that take a training each.")
    ] = False,
    supply: Annotated[
        list[str] | None,
        typer.Option(
            help="NAME=PATH: data the rubric asks for, for this trial only; may be given again."
        ),
    ] = None,
    written: Annotated[
        Path | None, typer.Option("--json", help="Write what was found to this file, too.")
    ] = None,
) -> None:
    """Put a rubric on trial: its solution, its prices, mutants of the solution, its tolerances.

    Everything is tried: the solution gets full marks and a blank notebook none, every convention
    is accepted and every mistake named and priced, and slips made in the solution's code lose
    points. Ends with 1 where one of these does not hold; a warning changes nothing.
    """
    path = find_rubric(rubric)
    opened, reference = open_rubric(path)
    require_usable(path, check_predictions(opened, reference))
    with progress_bar("Trying") as progress:
        trial = try_rubric(
            path, jobs=jobs, quick=quick, supply=read_given(supply or []), progress=progress
        )
    for line in summary(trial):
        tell(line)
    if written is not None:
        _write(written, json.dumps(as_data(trial), indent=2) + "\n")
    if trial.failed:
        raise typer.Exit(1)


@rubric_app.command("publish")
def publish_edition(
    rubric: RubricArgument,
    *,
    out: Annotated[
        Path,
        typer.Option("--out", file_okay=False, help="The folder to hand out; of its own, or new."),
    ],
) -> None:
    """Write the student's edition of a rubric: what is asked, with its answers sealed.

    Students check themselves with it; no answer, hidden question or hidden mistake can be read
    in it. Says of every question how it is checked, and which answers cannot be sealed safely.
    """
    path = find_rubric(rubric)
    opened, reference = open_rubric(path)
    require_usable(path, check_predictions(opened, reference))
    published = publish(path, out)
    for line in [*edition_summary(published.told), "", level_told()]:
        tell(line)
    for sentence in published.warnings:
        warn(sentence)
    tell(f"Hand out {out}: {listed(published.files)}.")
    if path in shipped_rubrics().values():
        tell(
            f"This rubric ships with the grader, its reference too: a {PROJECT} that says "
            f'rubric = "{path.stem}" lets students check more.'
        )


def require_usable(path: Path, found: Sequence[str]) -> None:
    """Refuse a rubric with problems.

    Raises:
        RubricFault: with each of them.
    """
    if found:
        raise RubricFault([f"{path}, {problem}" for problem in found])


def _confusion(rubric: Rubric, reference: Reference) -> list[str]:
    """Tell how well the hypotheses of random training can be told apart by their results."""
    with progress_bar("Simulating") as progress:
        found = confusions(
            rubric, reference, progress=lambda question, done, of: progress(done, of, question)
        )
    return confusion_lines(found)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageFault(f"{path} cannot be written: {error.strerror}") from error
