"""Numbers read back from the text a notebook printed, with the precision of their digits."""

from dataclasses import dataclass

import numpy as np

from grader.observation.printed_arrays import Reading, find_arrays
from grader.observation.printed_digits import Rounding, read_literals
from grader.observation.printed_frames import Form, Span
from grader.observation.printed_lines import find_lines, first_and_last
from grader.observation.printed_tokens import plain_text

# Of more text, or of text with more brackets than any real output of that size has, only
# the two ends are read: the time stays near a second.
_MOST_CHARACTERS = 1_200_000
_MOST_BRACKETS = 100_000
_CROWDED_CHARACTERS = 200_000


@dataclass(frozen=True)
class PrintedArray:
    """Numbers that were printed together.

    `values` is float64 or complex128. `resolution` has the same shape: half a unit of the
    last digit that was printed, 0 where that is exact; the rounding of the printed type
    comes on top. `start` and `end` are the place in the text. `form` says what was printed:
    a torch repr, a NumPy repr, bare brackets, or numbers in running text. `dtype` is as
    printed, None where it was not.
    """

    values: np.ndarray
    resolution: np.ndarray
    start: int
    end: int
    form: Form
    dtype: str | None


def read_numbers(text: str) -> list[PrintedArray]:
    """Read all numbers back from printed text, in the order of their place.

    Matrices printed row by row come before their rows, lists of arrays before the arrays.
    An array printed with '...' in place of items is left out; truth values are no numbers.
    Of a very long text the beginning and the end are read, and the first and last arrays
    are returned. Never raises.

    A float tensor that torch printed with `precision=0` is taken for integers, unless a type
    or gradient stands beside it: nothing else tells them apart.
    """
    brackets = text.count("[") + text.count("(")
    most = _MOST_CHARACTERS if brackets <= _MOST_BRACKETS else _CROWDED_CHARACTERS
    if len(text) <= most:
        return _read(text, 0)
    head, tail = _ends(text, most // 2)
    return first_and_last(_read(text[:head], 0) + _read(text[tail:], tail))


def _ends(text: str, size: int) -> tuple[int, int]:
    """Return where to stop and to go on, at the ends of lines where there are any."""
    head = text.rfind("\n", 0, size) + 1
    tail = text.find("\n", len(text) - size) + 1
    return head or size, tail or len(text) - size


def _read(text: str, offset: int) -> list[PrintedArray]:
    reading = find_arrays(plain_text(text))
    spans = sorted(reading.found + find_lines(reading), key=lambda span: (span.start, -span.end))
    return [_measure(reading, span, offset) for span in first_and_last(spans)]


def _measure(reading: Reading, span: Span, offset: int) -> PrintedArray:
    values, resolution = _values(reading, span)
    start, end = span.start + offset, span.end + offset
    return PrintedArray(values, resolution, start, end, span.form, span.dtype)


def _values(reading: Reading, span: Span) -> tuple[np.ndarray, np.ndarray]:
    if span.rows:
        values, resolutions = zip(*(_values(reading, row) for row in span.rows), strict=True)
        return np.stack(values).reshape(span.shape), np.stack(resolutions).reshape(span.shape)
    places = (reading.numbers[index] for index in span.numbers)
    literals = [reading.text[start:end] for start, end in places]
    rounding = Rounding(
        common=span.form != "loose",
        exact_points=span.form == "tensor",
        exact_integers=not span.floating,
    )
    values, resolution = read_literals(literals, rounding)
    if span.scale != 1:
        with np.errstate(over="ignore"):
            values, resolution = values * span.scale, resolution * span.scale
    return values.reshape(span.shape), resolution.reshape(span.shape)
