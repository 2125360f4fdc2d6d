"""What the command line prints: progress, the summary table, and problems."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from grader.batch import progress as batch_progress
from grader.reporting.text import one_line
from grader.scoring.verdict import ClassGrades, Grade, Verdict

_out = Console(highlight=False, soft_wrap=True)
_err = Console(stderr=True, highlight=False, soft_wrap=True)
_MOST_ROWS = 60
_MARKS = {
    "correct": ("+", "green"),
    "partial": ("~", "yellow"),
    "wrong": ("x", "red"),
    "missing": ("-", "red"),
    "ungraded": ("?", "magenta"),
}


def tell(sentence: str) -> None:
    """Print a sentence."""
    _out.print(Text(sentence))


def warn(sentence: str) -> None:
    """Print a sentence where errors go."""
    _err.print(Text(one_line(sentence, 2000), style="bold red"))


def counted(count: int, thing: str) -> str:
    """Count things: "1 submission", "2 submissions"."""
    return f"{count} {thing}{'' if count == 1 else 's'}"


def show_problems(problems: str) -> None:
    """Print what cannot be done and why, a line each."""
    _err.print(Text(problems))


@contextmanager
def progress_bar(task: str) -> Iterator[batch_progress.Progress]:
    """Show a bar while submissions are worked on."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[submission]}", markup=False),
    )
    progress = Progress(*columns, console=_err)
    bar = progress.add_task(task, total=None, submission="")

    def report(done: int, total: int, submission: str) -> None:
        progress.start()  # not before: what cannot be begun is one sentence, and no bar
        last = one_line(submission, 40) if done < total else ""
        progress.update(bar, completed=done, total=total, submission=last)

    try:
        yield report
    finally:
        if progress.live.is_started:
            progress.stop()


def show_summary(grades: ClassGrades) -> None:
    """Print the class: a row for each submission, and how many need a person."""
    _out.print(_table(grades))
    if len(grades.grades) > _MOST_ROWS:
        tell(f"... and {len(grades.grades) - _MOST_ROWS} more, in the report")
    tell("  ".join(f"{mark} {word}" for word, (mark, _) in _MARKS.items()))
    tell("  ".join(f"{n} {question}" for n, question in enumerate(_questions(grades), start=1)))
    tell(_counts(grades.grades))


def _table(grades: ClassGrades) -> Table:
    questions = _questions(grades)
    table = Table(title=grades.title, title_justify="left")
    table.add_column("submission", no_wrap=True)
    table.add_column("points", justify="right")
    for number in range(1, len(questions) + 1):
        table.add_column(str(number), justify="center")
    table.add_column("note", overflow="fold")
    for grade in grades.grades[:_MOST_ROWS]:
        points = "-" if grade.status == "ungraded" else f"{grade.points:g}"
        marks = [_mark(verdict) for verdict in grade.verdicts]
        submission, note = one_line(grade.submission, 80), one_line(_note(grade), 400)
        table.add_row(Text(submission), points, *marks, Text(note))
    return table


def _questions(grades: ClassGrades) -> list[str]:
    return [verdict.question for verdict in grades.grades[0].verdicts] if grades.grades else []


def _mark(verdict: Verdict) -> Text:
    mark, colour = _MARKS[verdict.outcome]
    return Text(mark, style=colour)


def _note(grade: Grade) -> str:
    if grade.status == "ungraded":
        return grade.note
    mistakes = {mistake for verdict in grade.verdicts for mistake in verdict.mistakes}
    causes = {verdict.cause.replace("_", " ") for verdict in grade.verdicts if verdict.cause}
    waiting = [verdict.question for verdict in grade.verdicts if verdict.needs_review]
    person = f"for a person: {', '.join(waiting)}" if waiting else ""
    return "; ".join(filter(None, [", ".join(sorted(mistakes)), ", ".join(sorted(causes)), person]))


def _counts(grades: tuple[Grade, ...]) -> str:
    review = sum(grade.status == "needs_review" for grade in grades)
    unread = sum(grade.status == "ungraded" for grade in grades)
    faults = sum(v.cause == "grader_fault" for grade in grades for v in grade.verdicts)
    return (
        f"{counted(len(grades), 'submission')}: {len(grades) - review - unread} graded, "
        f"{review} need{'s' if review == 1 else ''} a person, {unread} could not be read"
        + (f"; {counted(faults, 'question')} ungraded by a fault of the grader" if faults else "")
    )
