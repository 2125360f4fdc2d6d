"""The command line's part for whoever wrote a notebook: what of it passes, before the grade."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from grader import log
from grader.checking.choice import choose, notebook_of
from grader.checking.judge import Judge
from grader.checking.run import Progress, check_notebook
from grader.console import tell
from grader.data.supplying import read_given
from grader.faults import UsageFault
from grader.reporting.files import write_report
from grader.reporting.text import one_line
from grader.results.file import result_json
from grader.results.forms import markdown, plain
from grader.results.model import CheckResult


def check(
    notebook: Annotated[
        Path | None,
        typer.Argument(
            help="The notebook. [default: what gradmark.toml names, or the only one here]",
            show_default=False,
        ),
    ] = None,
    *,
    rubric: Annotated[
        str | None,
        typer.Option(
            help="A rubric, or a student's edition of one: a path, or the name of one that ships "
            "with the grader. [default: what gradmark.toml or the notebook names]"
        ),
    ] = None,
    question: Annotated[
        list[str] | None,
        typer.Option("--question", help="Tell of just this question; may be given again."),
    ] = None,
    supply: Annotated[
        list[str] | None,
        typer.Option(help="NAME=PATH: data the rubric asks for; may be given again."),
    ] = None,
    as_json: Annotated[
        Path | None, typer.Option("--json", help="Write the result to this file, too.")
    ] = None,
    as_markdown: Annotated[
        Path | None, typer.Option("--markdown", help="Write it as Markdown to this file, too.")
    ] = None,
) -> None:
    """Run a notebook, and say which of its public checks pass; no answer is told.

    Ends with 0 where the public checks pass, with 1 where one does not or nothing could be
    checked, and with 2 where the command cannot be carried out as it stands.
    """
    notebook = notebook or notebook_of(Path.cwd())
    _require_notebook(notebook)
    _require_free([as_json, as_markdown], notebook)
    choice = choose(notebook, rubric, read_given(supply or []))
    with _progress_line() as progress:
        progress("reading the rubric")
        judge = Judge(choice.rubric)
        judge.require(question or [])
        log.log_to(Path.cwd())
        checked = check_notebook(notebook, judge, supply=choice.supply, progress=progress)
    result = _only(checked.result, question or [])
    tell(plain(result))
    _write(result, as_json, as_markdown)
    if not result.passes:
        raise typer.Exit(1)


def _require_notebook(path: Path) -> None:
    if path.is_dir():
        raise UsageFault(f"{path} is a folder; name the notebook in it")
    if not path.is_file():
        raise UsageFault(f"there is no notebook {path}")


def _require_free(files: Sequence[Path | None], notebook: Path) -> None:
    """Find before a notebook is run that what comes of it cannot be written there.

    Raises:
        UsageFault: a file to write is a folder, or the notebook itself.
    """
    for path in filter(None, files):
        if path.is_dir():
            raise UsageFault(f"{path} is a folder; name a file to write")
        if path.exists() and path.samefile(notebook):
            raise UsageFault(f"{path} is the notebook; name another file to write")


def _only(result: CheckResult, questions: Sequence[str]) -> CheckResult:
    kept = [one for one in result.checks if not questions or one.question in questions]
    return replace(result, checks=tuple(kept), whole=len(kept) == len(result.checks))


@contextmanager
def _progress_line() -> Iterator[Progress]:
    """Show what is being done: on a terminal in a line that goes away, elsewhere line by line."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    with console.status("") as status:

        def report(doing: str) -> None:
            line = Text(f"{one_line(doing, 80)} ...")
            if console.is_terminal:
                status.update(line)
            else:
                console.print(line)

        yield report


def _write(result: CheckResult, as_json: Path | None, as_markdown: Path | None) -> None:
    if as_json is not None:
        write_report(as_json, result_json(result).encode("utf-8", "replace"))
    if as_markdown is not None:
        write_report(as_markdown, markdown(result).encode("utf-8", "replace"))
