"""How a page is made: templates that escape everything and load nothing."""

import base64
import hashlib
import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from grader.reporting import numbers, words
from grader.reporting.comparison import Entry
from grader.reporting.text import clean

_EXPONENT = re.compile(r"\b\d+(\.\d+)?e-\d+\b")
_LONGEST = 2000  # characters of a sentence; names a student chose can stand in it
_OPENED = {None: "<td>"} | {level: f'<td class="d{level}">' for level in range(6)}
_CODE = re.compile(r"`([^`\n]+)`")


def render_page(template: str, **context: Any) -> bytes:
    """Fill a template in; the same context gives the same bytes."""
    return _environment().get_template(template).render(context).encode("utf-8")


def prose(text: str) -> Markup:
    """Mark up a sentence: escaped, code between backticks set as code, no number broken."""
    shown = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    escaped = str(escape(clean(shown)))
    unbroken = _EXPONENT.sub(r'<span class="whole">\g<0></span>', escaped)
    return Markup(_CODE.sub(r"<code>\1</code>", unbroken))  # noqa: S704  escaped above


def entry_cells(entries: Iterable[Entry]) -> Markup:
    """Write the entries of a row of a table; a page has hundreds of them."""
    cells = (f"{_OPENED[entry.level]}{escape(clean(entry.text))}</td>" for entry in entries)
    return Markup("".join(cells))  # noqa: S704  escaped above


@cache
def column_heads(columns: tuple[str, ...]) -> Markup:
    """Write the heads of a table's columns; they are numbers, and tables few columns wide."""
    return Markup("".join(f'<th scope="col">{escape(column)}</th>' for column in columns))  # noqa: S704


def script_source(script: str) -> str:
    """Name a script for a content security policy, so that no other script runs."""
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("grader.reporting"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalized,
    )
    script = _asset("sort.js")
    environment.globals.update(
        style=_asset("style.css"),
        sort_script=script,
        sort_source=script_source(script),
        words=words,
    )
    environment.filters.update(
        prose=prose,
        entry_cells=entry_cells,
        column_heads=column_heads,
        points=numbers.points_text,
        seconds=numbers.seconds_text,
        bytes=numbers.bytes_text,
        error=numbers.error_text,
        count=numbers.count_text,
    )
    return environment


def _asset(name: str) -> Markup:
    return Markup(files(__package__).joinpath("templates", name).read_text("utf-8"))  # noqa: S704


def _finalized(value: Any) -> Any:
    """Clean every string on its way into a page, so that no template can forget to."""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value
