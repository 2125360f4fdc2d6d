"""A result as text for a terminal: a line for each question."""

from grader.results.forms.told import Row, told
from grader.results.model import CheckResult

_WIDEST = 32  # characters of a question's id that lines are aligned by


def plain(result: CheckResult) -> str:
    """Write a result as text."""
    says = told(result)
    rows = (*says.rows, *says.later)
    word = max((len(row.mark.word) for row in rows), default=0)
    name = max((min(len(row.question), _WIDEST) for row in rows), default=0)
    lines = [*_lines(rows, word, name), *(f"note: {note}" for note in says.notes)]
    title = f"{says.title}: " if says.title else ""
    return "\n".join([*lines, f"{title}{says.head}"])


def _lines(rows: tuple[Row, ...], word: int, name: int) -> list[str]:
    return [
        f"{row.mark.plain} {row.mark.word:{word}}  {row.question:{name}}  {_says(row)}"
        for row in rows
    ]


def _says(row: Row) -> str:
    return f"{row.sentence} [{'; '.join(row.facts)}]" if row.facts else row.sentence
