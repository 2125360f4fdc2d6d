"""A result as HTML for the output of a notebook's cell.

No script, no style sheet, no id and no class: a few elements with inline styles, which the
sanitisers of front ends let through. No text has a colour of its own, so that it reads on any
background; the bar beside a word has one that shows on light and on dark.
"""

import re
from collections.abc import Sequence
from html import escape

from grader.results.forms.told import Row, told
from grader.results.model import CheckResult

_BOX = "border-left:3px solid rgba(128,128,128,0.6);padding-left:10px;line-height:1.4"
_TABLE = "border-collapse:collapse;margin:4px 0"
_CELL = "text-align:left;vertical-align:baseline;padding:2px 12px 2px 0"
_MARK = f"{_CELL};padding-left:8px;white-space:nowrap;border-left:4px solid"
_BARS = {"passed": "#2e9e4f", "partly": "#b97a00", "not yet": "#d1495b", "not found": "#d1495b"}
_GREY = "#808080"
_FAINT = "opacity:0.75"
_CODE = re.compile(r"`([^`]+)`")


def html(result: CheckResult) -> str:
    """Write a result as HTML."""
    says = told(result)
    lines = [
        f'<div style="{_BOX}">',
        f'<div><strong>{_text(says.head)}</strong> <span style="{_FAINT}">{_text(says.title)}'
        "</span></div>",
        *_table(says.rows),
        *_folded(f"{len(says.later)} graded after submission", _table(says.later)),
        *_folded("About this run", [f"<div>{_text(note)}</div>" for note in says.notes]),
        "</div>",
    ]
    return "\n".join(lines)


def _table(rows: Sequence[Row]) -> list[str]:
    if not rows:
        return []
    return [f'<table style="{_TABLE}"><tbody>', *map(_row, rows), "</tbody></table>"]


def _row(row: Row) -> str:
    mark = f"{escape(row.mark.sign)} {escape(row.mark.word)}"
    style = f"{_MARK} {_BARS.get(row.mark.word, _GREY)}"
    facts = _text(" · ".join(row.facts))
    end = f' <span style="{_FAINT}">{facts}</span>' if facts else ""
    return (
        f'<tr><td style="{style}">{mark}</td><td style="{_CELL}">{_text(row.title)}</td>'
        f'<td style="{_CELL}">{_text(row.sentence)}{end}</td></tr>'
    )


def _folded(summary: str, lines: Sequence[str]) -> list[str]:
    """Fold away what is seldom read."""
    if not lines:
        return []
    return [f"<details><summary>{escape(summary)}</summary>", *lines, "</details>"]


def _text(text: str) -> str:
    """Escape a text; what stands between backticks is set as code."""
    return _CODE.sub(r"<code>\1</code>", escape(text))
