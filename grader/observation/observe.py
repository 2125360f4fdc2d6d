"""From a recording to observations: recorded values, printed text, and the outputs handed in."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np

from grader.observation.libraries import EITHER, NUMPY, TORCH, Libraries
from grader.observation.literals import Literals
from grader.observation.model import Observation
from grader.observation.printed import PrintedArray, read_numbers
from grader.observation.rounding import rounding_resolution
from grader.recording.model import RecordedValue, Recording


class Observations:
    """All candidate values of one recording, read when they are first asked for.

    `recorded` are values at full precision; `printed` are numbers read back from the text
    the run printed; `stored` are those of the outputs in the file as it was handed in.
    """

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._libraries = Libraries(recording)
        self._literals = Literals(cell.source for cell in recording.cells)

    @cached_property
    def recorded(self) -> tuple[Observation, ...]:
        """The values the recorder saw, in order."""
        return tuple(self._from_value(value) for value in self._recording.values)

    @cached_property
    def printed(self) -> tuple[Observation, ...]:
        """The numbers of the executed notebook's text."""
        return tuple(
            self._from_text(cell, where, text, number)
            for cell, where, text in output_texts(self._recording.executed)
            for number in read_numbers(text)
        )

    @cached_property
    def stored(self) -> tuple[Observation, ...]:
        """The numbers of the text outputs stored in the file as handed in."""
        return tuple(
            self._from_stored(cell, f"{where}{_line(text, number.start)}", number)
            for cell, where, text in output_texts(self._recording.handed_in)
            for number in read_numbers(text)
        )

    def _from_stored(self, cell: int, path: str, number: PrintedArray) -> Observation:
        forms = {"tensor": TORCH, "array": NUMPY}
        libraries = forms.get(number.form, EITHER)
        return _observation(number, "stored_output", cell, path, libraries)

    def _from_value(self, value: RecordedValue) -> Observation:
        return Observation(
            values=value.array,
            resolution=np.broadcast_to(rounding_resolution(value.array), value.array.shape),
            origin=value.origin,
            cell=value.cell,
            last_cell=value.last_cell,
            path=self._path(value),
            libraries=self._libraries.of_value(value),
            dtype=str(value.array.dtype),
            typed_in=self._literals.hold(value.array),
        )

    def _path(self, value: RecordedValue) -> str:
        if value.span is None:
            return value.path
        text = self._standard_output.get(value.cell, "")
        return f"printed line {_line(text, value.span[0])}"

    @cached_property
    def _standard_output(self) -> dict[int, str]:
        texts = output_texts(self._recording.executed)
        return {cell: text for cell, where, text in texts if where.startswith("printed")}

    def _from_text(self, cell: int, where: str, text: str, number: PrintedArray) -> Observation:
        digits = (number.values, number.resolution)
        libraries = self._libraries.of_text(cell, number.form, text, number.start, digits)
        typed_in = self._literals.hold(number.values)
        path = f"{where}{_line(text, number.start)}"
        return _observation(number, "text", cell, path, libraries, typed_in)


def _observation(
    number: PrintedArray,
    origin: Any,
    cell: int,
    path: str,
    libraries: frozenset[str],
    typed_in: bool = False,
) -> Observation:
    return Observation(
        values=number.values,
        resolution=number.resolution,
        origin=origin,
        cell=cell,
        last_cell=cell,
        path=path,
        libraries=libraries,
        dtype="text",
        typed_in=typed_in,
    )


def output_texts(notebook: Any) -> Iterator[tuple[int, str, str]]:
    """Yield cell number, a path to put the line number behind, and text of each text output."""
    cells = [] if notebook is None else [c for c in notebook.cells if c.cell_type == "code"]
    for number, cell in enumerate(cells, start=1):
        printed = "".join(
            output.text
            for output in cell.outputs
            if output.output_type == "stream" and output.name == "stdout"
        )
        if printed:
            yield number, "printed line ", printed
        for output in cell.outputs:
            text = output.get("data", {}).get("text/plain")
            if isinstance(text, str):
                yield number, "displayed line ", text


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1
