"""The command line's part about other systems: what they run, made ready to be uploaded."""

import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from math import ceil
from pathlib import Path
from typing import Annotated

import typer

from grader import __version__
from grader.arguments import RubricArgument
from grader.console import counted, tell
from grader.data.store import user_store
from grader.data.supplying import read_given
from grader.exchange.autograder import WHEELS, Autograder, autograder_zip
from grader.faults import RubricFault, UsageFault
from grader.reporting.files import write_report
from grader.rubric.loading import reference_file
from grader.rubric.model import Rubric
from grader.rubric.reference import open_rubric
from grader.rubric.shipped import find_rubric, shipped_rubrics
from grader.rubric.wording import quote
from grader.scoring.separation import check_predictions

export_app = typer.Typer(
    help="Make what other systems run, ready to be uploaded.", no_args_is_help=True
)
_PYTHON = re.compile(r"3\.(?:1[1-9]|[2-9]\d)")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@export_app.callback()
def _options() -> None:
    """Keep the name of the only command."""


@export_app.command("gradescope")
def gradescope(
    rubric: RubricArgument,
    out: Annotated[Path, typer.Option("--out", help="The zip to upload.")],
    *,
    supply: Annotated[
        list[str] | None,
        typer.Option(help="NAME=PATH: data the rubric asks for; may be given again."),
    ] = None,
    wheel: Annotated[
        Path | None,
        typer.Option(help="A wheel of gradmark to bring along, where no package index has it."),
    ] = None,
    requirements: Annotated[
        Path | None,
        typer.Option(help="A requirements file: what notebooks may import besides."),
    ] = None,
    python: Annotated[
        str, typer.Option(help="The Python that grades, and that notebooks run under.")
    ] = "3.12",
) -> None:
    """Build the autograder of an assignment for Gradescope, hidden questions included.

    The zip holds the rubric, its reference and its data: it is for teachers only.
    """
    if not _PYTHON.fullmatch(python):
        raise UsageFault(f"--python takes a version such as 3.12; found {quote(python)}")
    path = find_rubric(rubric)
    opened, reference = open_rubric(path)
    problems = check_predictions(opened, reference)
    if problems:
        raise RubricFault([f"{path}, {problem}" for problem in problems])
    shipped = path in shipped_rubrics().values()
    autograder = Autograder(
        rubric=path.stem if shipped else path.name,
        requirements=(*_grader(wheel), *_others(requirements)),
        files={} if shipped else dict(_files(path, opened)),
        data=_data(opened, read_given(supply or [])),
        wheels={wheel.name: _read(wheel)} if wheel else {},
        python=python,
    )
    written = write_report(out, autograder_zip(autograder))
    tell(f"{written}: {counted(len(opened.question), 'question')}, {opened.points:g} points")
    tell(f"A submission may take {_minutes(opened)} minutes; the time limit there must be longer.")
    if not wheel:
        tell(f"It installs gradmark=={__version__} from the package index; --wheel brings one.")


def _minutes(rubric: Rubric) -> int:
    """Say how long grading may take.

    A notebook may be run again in another order and with other constants, and each of these
    with all of its data where these were cut short.
    """
    runs = (3 if rubric.perturb else 2) * (2 if rubric.execution.budget.first else 1)
    return ceil(runs * rubric.limits.notebook_seconds / 60) + 2


def _files(path: Path, rubric: Rubric) -> Iterator[tuple[str, bytes]]:
    """Yield what grading needs: the rubric and its reference, but no solution."""
    yield path.name, _read(path)
    reference = reference_file(rubric.reference, path)
    if reference is not None:
        yield reference.relative_to(path.parent).as_posix(), _read(reference)


def _data(rubric: Rubric, given: dict[str, Path]) -> dict[str, tuple[str, bytes]]:
    """Read the data of a rubric, given or kept, each checked by its digest where it is used."""
    unknown = given.keys() - {one.name for one in rubric.data}
    if unknown:
        raise UsageFault(f"this rubric asks for no data {quote(min(unknown))}")
    found = {}
    for one in rubric.data:
        kept = None if one.name in given else user_store().find(one.name)
        path = given.get(one.name) or (kept.path if kept else None)
        if path is None:
            raise UsageFault(
                f"this rubric needs the data {quote(one.name)}: `--supply {one.name}=PATH`"
            )
        found[one.name] = (path.name, _read(path))
    return found


def _grader(wheel: Path | None) -> Iterator[str]:
    """Yield the grader, and what it needs in the versions that are installed here."""
    if wheel is not None:
        if wheel.suffix != ".whl" or not wheel.name.startswith("gradmark-"):
            raise UsageFault(f"--wheel takes a wheel of gradmark; found {quote(wheel.name)}")
        yield f"./{WHEELS}/{wheel.name}"
    else:
        yield f"gradmark=={__version__}"
    for requirement in requires("gradmark") or ():
        name = _NAME.match(requirement)
        if name and "extra ==" not in requirement:
            yield from _pinned(name[0])


def _pinned(name: str) -> Iterator[str]:
    try:
        yield f"{name}=={version(name).split('+')[0]}"  # "2.9.1+cpu" is of one index only
    except PackageNotFoundError:  # one for another system
        return


def _others(requirements: Path | None) -> tuple[str, ...]:
    return tuple(_read(requirements).decode("utf-8").splitlines()) if requirements else ()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageFault(f"{path} cannot be read: {error.strerror or error}") from error
