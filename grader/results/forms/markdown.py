"""A result as Markdown: a head line and a table."""

import re

from grader.results.forms.told import Row, told
from grader.results.model import CheckResult

_SPECIAL = re.compile(r"[\\`*_{}\[\]()#!~]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;", "$": "&#36;", "@": "&#64;"}
_ADDRESS = re.compile(r"(?<=\w)://|(?<=www)\.", re.IGNORECASE)


def markdown(result: CheckResult) -> str:
    """Write a result as Markdown."""
    says = told(result)
    title = f" — {escaped(says.title)}" if says.title else ""
    lines = [f"**{escaped(says.head)}**{title}"]
    if says.rows or says.later:
        lines += ["", "| | Question | |", "|---|---|---|"]
        lines += [_row(row) for row in (*says.rows, *says.later)]
    for note in says.notes:
        lines += ["", f"Note: {escaped(note)}"]
    return "\n".join(lines) + "\n"


def escaped(text: str) -> str:
    """Escape all that Markdown, its tables, its links and its formulas are made of."""
    text = _SPECIAL.sub(r"\\\g<0>", text)
    text = "".join(_ENTITIES.get(character, character) for character in text)
    return _ADDRESS.sub(lambda found: f"&#{ord(found[0][0])};{found[0][1:]}", text)


def _row(row: Row) -> str:
    says = " · ".join(filter(None, (row.sentence, *row.facts)))
    cells = (f"{row.mark.sign} {row.mark.word}", row.title, says)
    return f"| {' | '.join(map(escaped, cells))} |"
