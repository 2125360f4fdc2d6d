"""From a recording to observations: recorded values, printed text, and the outputs handed in."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np

from grader.observation.libraries import EITHER, NUMPY, TORCH, Libraries
from grader.observation.literals import Literals
from grader.observation.model import Observation, Unread
from grader.observation.printed import PrintedArray, read_numbers
from grader.observation.rounding import rounding_resolution
from grader.observation.scalars import Scalar, scalars
from grader.recording.model import Origin, RecordedValue, Recording

_LINE_END = re.compile("\n")


class Text:
    """Printed text whose lines can be numbered."""

    def __init__(self, text: str) -> None:
        self.text = text

    def path(self, where: str, position: int) -> str:
        """Name a place by its line: "printed line 3"."""
        return f"{where}{bisect_left(self._ends, position) + 1}"

    @cached_property
    def _ends(self) -> list[int]:
        """The places of all ends of lines."""
        return [end.start() for end in _LINE_END.finditer(self.text)]


class Observations:
    """All candidate values of one recording, read when they are first asked for.

    `recorded` are values at full precision; `printed` are numbers read back from the text
    the run printed; `stored` are those of the outputs in the file as it was handed in.
    """

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._libraries = Libraries(recording)
        self._literals = Literals(cell.source for cell in recording.cells)
        self._literals_of = {cell.number: Literals([cell.source]) for cell in recording.cells}

    @cached_property
    def scalars(self) -> tuple[Scalar, ...]:
        """The single numbers of the source."""
        return scalars(cell.source for cell in self._recording.cells)

    @cached_property
    def recorded(self) -> tuple[Observation, ...]:
        """The values the recorder saw, in order."""
        return tuple(self._from_value(value) for value in self._recording.values)

    @cached_property
    def printed(self) -> tuple[Observation, ...]:
        """The numbers of the executed notebook's text."""
        return tuple(
            self._from_text(cell, where, text, number)
            for cell, where, text in _texts(self._recording.executed)
            for number in read_numbers(text.text)
        )

    @cached_property
    def stored(self) -> tuple[Observation, ...]:
        """The numbers of the text outputs stored in the file as handed in."""
        return tuple(
            self._from_stored(cell, where, text, number)
            for cell, where, text in _texts(self._recording.handed_in)
            for number in read_numbers(text.text)
        )

    def _from_stored(self, cell: int, where: str, text: Text, number: PrintedArray) -> Observation:
        forms = {"tensor": TORCH, "array": NUMPY}
        libraries = forms.get(number.form, EITHER)
        return _observation(
            number, "stored_output", cell, text.path(where, number.start), libraries
        )

    def _from_value(self, value: RecordedValue) -> Observation:
        array = value.array
        return Unread(
            array,
            value.origin,
            (value.cell, value.last_cell),
            str(array.dtype),
            resolution=lambda: np.broadcast_to(rounding_resolution(array), array.shape),
            path=lambda: self._path(value),
            libraries=lambda: self._libraries.of_value(value),
            typed_in=lambda: self._literals.hold(array),
        )

    def _path(self, value: RecordedValue) -> str:
        if value.span is None:
            return value.path
        text = self._standard_output.get(value.cell)
        return text.path("printed line ", value.span[0]) if text else "printed line 1"

    @cached_property
    def _standard_output(self) -> dict[int, Text]:
        texts = output_texts(self._recording.executed)
        return {cell: Text(text) for cell, where, text in texts if where.startswith("printed")}

    def _from_text(self, cell: int, where: str, text: Text, number: PrintedArray) -> Observation:
        digits = (number.values, number.resolution)
        return Unread(
            number.values,
            "text",
            (cell, cell),
            "text",
            resolution=lambda: number.resolution,
            path=lambda: text.path(where, number.start),
            libraries=lambda: self._libraries.of_text(
                cell, number.form, text.text, number.start, digits
            ),
            typed_in=lambda: self._is_typed_text(cell, *digits),
        )

    def _is_typed_text(self, cell: int, values: np.ndarray, resolution: np.ndarray) -> bool:
        """Say whether printed numbers are literals of that cell, or of a value typed before."""
        if not self._literals.hold(values, resolution):
            return False
        literals = self._literals_of.get(cell)
        if literals is not None and literals.hold(values, resolution):
            return True
        held = (o for o in self.recorded if o.cell <= cell <= o.last_cell and o.typed_in)
        return any(_holds(o.values, values, resolution) for o in held)


def _holds(array: np.ndarray, values: np.ndarray, resolution: np.ndarray) -> bool:
    """Say whether an array has all of some rounded numbers."""
    numbers = np.ravel(array).real
    near = np.abs(numbers[:, None] - np.ravel(values).real) <= np.ravel(resolution) * 1.01
    return bool(near.any(axis=0).all())


def _observation(
    number: PrintedArray, origin: Origin, cell: int, path: str, libraries: frozenset[str]
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
    )


def _texts(notebook: Any) -> Iterator[tuple[int, str, Text]]:
    return ((cell, where, Text(text)) for cell, where, text in output_texts(notebook))


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
            if isinstance(text, str) and not _is_check(output):
                yield number, "displayed line ", text


def _is_check(output: Any) -> bool:
    """Say whether an output is what a student's own check of the answers showed."""
    return "gradmark" in output.get("metadata", {})
