"""A recording put together from a run; what the student's process claims is checked first."""

import math
import re
from dataclasses import replace
from typing import Any, Literal, cast

from grader.execution.frames import Frame, read_frames
from grader.execution.outcome import CellRun, Execution
from grader.recording.model import Draws, Library, Origin, RecordedValue, Recording
from grader.recording.npy import read_npy
from grader.recording.own_slopes import read_slopes
from grader.recording.probes import read_probes

ORIGINS = {"variable", "attribute", "printed", "displayed", "returned"}
LASTING = {"variable", "attribute"}  # origins of values that stay until something ends them
LIBRARIES = {"numpy", "torch", "python"}
GENERATORS = {"numpy", "python", "torch"}
TEXT_LIMIT = 500  # characters of a path or another name
NOTE_LIMIT = 1000  # characters of a sentence
NOTES_LIMIT = 200
_LOSES_VALUES = re.compile(
    "^recorder fault|values changed in this cell$|the recording is full$|too many objects"
)
PARAMETERS_LIMIT = 16


def assemble(
    submission: str, file: str, key: str, handed_in: Any, execution: Execution
) -> Recording:
    """Put a recording together from an execution and the recorder's stream."""
    ledger = _Ledger(len(execution.cells))
    for note in execution.notes:
        ledger.leave_out(note)
    for frame in read_frames(execution.stream):
        ledger.enter(frame)
    unheard = ledger.unheard(execution.cells)
    executed = [cell.number for cell in execution.cells if cell.status != "not_run"]
    return Recording(
        submission=submission,
        file=file,
        key="" if unheard else key,  # what was cut off, for want of room perhaps, is run again
        cells=execution.cells,
        values=ledger.close(max(executed, default=0)),
        draws=tuple(ledger.draws),
        torch_cells=ledger.torch_cells,
        left_out=tuple(ledger.left_out),
        incomplete=tuple(sorted(ledger.incomplete | unheard)),
        own_slopes=read_slopes(execution.probes),
        probes=read_probes(execution.asked, execution.probes),
        changes=execution.changes,
        data=dict(execution.data),
        notes=execution.surroundings,
        handed_in=handed_in,
        executed=execution.notebook,
        seconds=execution.seconds,
        peak_memory_bytes=execution.peak_memory_bytes,
        isolation=execution.isolation,
        environment=execution.environment,
    )


class _Ledger:
    """The frames of one run, entered in order."""

    def __init__(self, cells: int) -> None:
        self.draws: list[Draws] = []
        self.torch_cells: dict[int, tuple[str, ...]] = {}
        self.incomplete: set[int] = set()
        self._heard: set[int] = set()
        self.left_out: list[str] = []
        self._cells = cells
        self._values: list[RecordedValue] = []
        self._open: dict[str, int] = {}  # path of a lasting value, and its place in _values

    def enter(self, frame: Frame) -> None:
        """Enter a frame; one that is not as it should be is left out, and that is noted."""
        entries = {
            "value": self._enter_value,
            "end": self._enter_end,
            "draws": self._enter_draws,
            "cell": self._enter_cell,
            "left_out": self._enter_left_out,
        }
        kind = frame.header.get("kind")
        try:
            entries[_one_of(kind, set(entries))](frame.header, frame.payload)
        except ValueError as error:
            self.leave_out(f"an entry of the recorder's stream: {error}")

    def leave_out(self, sentence: str) -> None:
        """Note what is missing; where very much is, the first sentences do."""
        if len(self.left_out) < NOTES_LIMIT:
            self.left_out.append(_clean(sentence[:NOTE_LIMIT]))
        elif len(self.left_out) == NOTES_LIMIT:
            self.left_out.append("and more")

    def close(self, last: int) -> tuple[RecordedValue, ...]:
        """Give all values; those that nothing ended lasted until the last cell that ran."""
        for place in self._open.values():
            self._let_last(place, last)
        return tuple(self._values)

    def _enter_value(self, header: dict[str, Any], payload: bytes) -> None:
        """Enter a value; it ends what its path held before."""
        cell, path = self._cell(header), _text(header.get("path"))
        origin = cast(Origin, _one_of(header.get("origin"), ORIGINS))
        value = RecordedValue(
            array=read_npy(payload),
            origin=origin,
            cell=cell,
            last_cell=cell,
            path=path,
            library=cast(Library, _one_of(header.get("library"), LIBRARIES)),
            span=_span(header.get("span")),
        )
        if origin in LASTING:
            self._end(path, cell)
            self._open[path] = len(self._values)
        self._values.append(value)

    def _enter_end(self, header: dict[str, Any], payload: bytes) -> None:
        """Enter that a path does not hold its value any more."""
        self._end(_text(header.get("path")), self._cell(header))

    def _enter_draws(self, header: dict[str, Any], payload: bytes) -> None:
        """Enter random draws."""
        array = read_npy(payload)
        if array.ndim == 0:
            raise ValueError("draws that are no series")
        generator = _one_of(header.get("generator"), GENERATORS)
        self.draws.append(
            Draws(
                array=array,
                cell=self._cell(header),
                generator=cast(Literal["numpy", "python", "torch"], generator),
                call=_text(header.get("call")),
                parameters=_parameters(header.get("parameters")),
            )
        )

    def _enter_cell(self, header: dict[str, Any], payload: bytes) -> None:
        """Enter in which types torch computed."""
        types = header.get("torch")
        if not isinstance(types, list) or len(types) > 20:
            raise ValueError("no list of types")
        self._heard.add(self._cell(header))
        if types:
            self.torch_cells[self._cell(header)] = tuple(_text(name) for name in types)

    def _enter_left_out(self, header: dict[str, Any], payload: bytes) -> None:
        """Enter what the recorder itself left out."""
        sentence = header.get("what")
        if not isinstance(sentence, str):
            raise ValueError("no sentence")
        if _LOSES_VALUES.search(sentence):
            self.incomplete.add(self._cell(header))
        self.leave_out(sentence)

    def unheard(self, cells: tuple[CellRun, ...]) -> set[int]:
        """Name the cells that ran to their end without a word of the recorder: it was cut off."""
        ended = {c.number for c in cells if c.status in ("ok", "raised") and c.source.strip()}
        return ended - self._heard

    def _end(self, path: str, cell: int) -> None:
        """End the value a path held: it was last seen after the cell before."""
        place = self._open.get(path)
        if place is not None and self._values[place].cell < cell:
            self._let_last(place, cell - 1)
            del self._open[path]

    def _let_last(self, place: int, cell: int) -> None:
        """Say until when a value lasted."""
        value = self._values[place]
        self._values[place] = replace(value, last_cell=max(value.cell, cell))

    def _cell(self, header: dict[str, Any]) -> int:
        """Read the number of a cell there is."""
        cell = header.get("cell")
        if type(cell) is not int or not 1 <= cell <= self._cells:
            raise ValueError("no cell of the notebook")
        return cell


def _one_of(value: Any, known: set[str]) -> str:
    """Read one of the words that are known."""
    if not isinstance(value, str) or value not in known:
        raise ValueError(f"none of {', '.join(sorted(known))}")
    return value


def _text(value: Any) -> str:
    """Read a short text."""
    if not isinstance(value, str) or len(value) > TEXT_LIMIT:
        raise ValueError("no short text")
    return _clean(value)


def _clean(text: str) -> str:
    """Replace what no UTF-8 text can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _span(value: Any) -> tuple[int, int] | None:
    """Read where something was printed; None where it is not known."""
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 2 or any(type(n) is not int for n in value):
        raise ValueError("no span of text")
    start, end = value
    if not 0 <= start <= end <= 2**40:
        raise ValueError("no span of text")
    return start, end


def _parameters(value: Any) -> dict[str, float]:
    """Read the parameters of a draw, as far as they are finite numbers."""
    if not isinstance(value, dict) or len(value) > PARAMETERS_LIMIT:
        raise ValueError("no parameters of a draw")
    numbers = {
        _text(name): float(number)
        for name, number in value.items()
        if type(number) in (bool, int, float) and abs(number) < 2**1023
    }
    return {name: number for name, number in numbers.items() if math.isfinite(number)}
