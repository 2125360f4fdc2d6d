"""The executed notebook as a page shows it: whole where it is short, bounded where it is not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

from markupsafe import Markup, escape
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from grader.execution.outcome import CellRun
from grader.recording.model import Recording
from grader.reporting.numbers import count_text
from grader.reporting.outputs import OutputView, joined_text, show_outputs
from grader.reporting.text import clean, cut, one_line
from grader.reporting.words import CELL_STATUSES

_TEXT_BYTES = 200 * 1024  # of all cells of a page
_PICTURE_BYTES = 240 * 1024  # of all pictures of a page, encoded
_CELL_BYTES = 40 * 1024  # of the source of a cell, and of its outputs
_FRAME_BYTES = 400  # of the markup around a cell
_OPEN_LINES = 30  # longer code or output is folded, unless there is a reason to look at it


@dataclass(frozen=True)
class CellView:
    """One cell. `number` counts code cells from 1; it is 0 for text and for gaps."""

    number: int = 0
    source: Markup | str = ""
    outputs: tuple[OutputView, ...] = ()
    stored: tuple[OutputView, ...] = ()  # the file's own outputs, where they are evidence
    status: str = ""
    status_text: str = ""
    error: str = ""
    marked: bool = False
    folded_code: str = ""  # what is folded away; empty where it is open
    folded_outputs: str = ""
    gap: int = 0  # so many cells are not shown here


@dataclass
class _Room:
    """The bytes of a page that are left."""

    text: int = _TEXT_BYTES
    pictures: int = _PICTURE_BYTES


def show_cells(recording: Recording, marked: set[int], stored: set[int]) -> list[CellView]:
    """Show the cells of a run; those evidence points into are the first to get space.

    Args:
        recording: the run; a notebook that was never executed is shown as handed in.
        marked: numbers of the cells evidence points into.
        stored: numbers of the cells whose outputs in the file as handed in are evidence.

    """
    numbered = _numbered(recording.executed or recording.handed_in)
    cells = [(number, cell) for number, cell in numbered if number or _source(cell).strip()]
    runs = {run.number: run for run in recording.cells}
    originals = {number: cell for number, cell in _numbered(recording.handed_in) if number}
    room, views = _Room(), dict[int, CellView]()
    for place in sorted(range(len(cells)), key=lambda place: cells[place][0] not in marked):
        number, cell = cells[place]
        view = _view(number, cell, runs.get(number), marked=number in marked)
        kept = _outputs(originals[number]) if number in stored & originals.keys() else []
        view = replace(view, stored=tuple(kept))
        fitted = _fitted(view, room)
        if fitted is None:
            break
        views[place] = fitted
    return _with_gaps(views, len(cells)) if views else []


def _numbered(notebook: Any) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Go through the cells of a notebook with their numbers, 0 for text."""
    number = 0
    cells = notebook.get("cells") if isinstance(notebook, Mapping) else None
    for cell in cells if isinstance(cells, list) else ():
        if not isinstance(cell, Mapping):
            continue
        is_code = cell.get("cell_type") == "code"
        number += is_code
        yield (number if is_code else 0), cell


def _view(number: int, cell: Mapping[str, Any], run: CellRun | None, *, marked: bool) -> CellView:
    source = clean(_source(cell)).strip("\n")
    if not number:
        return CellView(source=_prose(cut(source, lines=60, characters=6000)))
    outputs = tuple(_outputs(cell))
    status = run.status if run else "ok"
    fold = not marked and status == "ok"
    return CellView(
        number=number,
        source=highlighted(cut(source, lines=120, characters=6000)),
        outputs=outputs,
        status=status,
        status_text=CELL_STATUSES[status],
        error=one_line(run.error, 300) if run else "",
        marked=marked,
        folded_code=_long(source.count("\n") + 1, "code") if fold else "",
        folded_outputs=_long(sum(output.lines for output in outputs), "output") if fold else "",
    )


def _source(cell: Mapping[str, Any]) -> str:
    return joined_text(cell.get("source"))


def _outputs(cell: Mapping[str, Any]) -> list[OutputView]:
    outputs = cell.get("outputs")
    return show_outputs(outputs if isinstance(outputs, list) else ())


def _prose(source: str) -> Markup:
    """Escape Markdown and leave it as it was typed, but for headings, which are set bold."""
    lines = [escape(line) for line in source.split("\n")]
    return Markup("\n").join(
        Markup("<strong>{}</strong>").format(line) if line.startswith("#") else line
        for line in lines
    )


@cache
def _pygments() -> tuple[PythonLexer, HtmlFormatter]:
    return PythonLexer(stripnl=False, ensurenl=False), HtmlFormatter(nowrap=True)


@lru_cache(maxsize=256)  # a class shares the cells of its template
def highlighted(source: str) -> Markup:
    """Colour Python; code that would grow out of proportion is only escaped."""
    coloured = highlight(source, *_pygments()).rstrip("\n")
    return Markup(coloured) if len(coloured) <= _CELL_BYTES else escape(source)  # noqa: S704


def _long(lines: int, what: str) -> str:
    """Say how much there is of something long; empty for what is short."""
    return f"{count_text(lines, 'line')} of {what}" if lines > _OPEN_LINES else ""


def _fitted(view: CellView, room: _Room) -> CellView | None:
    """Take a cell's bytes from what is left; None where it has no room."""
    source = len(str(escape(view.source)).encode("utf-8")) + _FRAME_BYTES
    if source > room.text:
        return None
    room.text -= source
    outputs = _fitted_outputs(view.outputs, room)
    return replace(view, outputs=outputs, stored=_fitted_outputs(view.stored, room))


def _fitted_outputs(outputs: Sequence[OutputView], room: _Room) -> tuple[OutputView, ...]:
    fitted: list[OutputView] = []
    allowance = min(_CELL_BYTES, room.text)
    for output in outputs:
        if output.source:
            fits = output.weight <= room.pictures
            room.pictures -= output.weight if fits else 0
        else:
            fits = output.weight <= allowance
            allowance -= output.weight if fits else 0
            room.text -= output.weight if fits else 0
        left_out = OutputView("note", "an output is not shown: this page has no more room for it")
        fitted.append(output if fits else left_out)
    return tuple(fitted)


def _with_gaps(views: Mapping[int, CellView], count: int) -> list[CellView]:
    """Put cells in the order of the notebook, and say where some are not shown."""
    shown: list[CellView] = []
    gap = 0
    for place in range(count):
        if place not in views:
            gap += 1
            continue
        shown += [CellView(gap=gap)] if gap else []
        shown.append(views[place])
        gap = 0
    return shown + ([CellView(gap=gap)] if gap else [])
