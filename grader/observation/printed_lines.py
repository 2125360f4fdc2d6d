"""Lines: the numbers of running text, and matrices printed row by row."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TypeVar

import numpy as np

from grader.observation.printed_arrays import Reading
from grader.observation.printed_frames import Form, Span

_MOST_ROWS = 64
_MOST_SPANS = 5_000

T = TypeVar("T")

_LINE_END = re.compile(r"\r\n|\n|\r")
_SEPARATOR = re.compile(r"[\s,;|&'\"]+")
_LEFT_OUT = re.compile(r"[0-9.][,\s]\s*(?:\.\.\.|…)[,\s]\s*[-+0-9.]")


@dataclass(frozen=True, slots=True)
class Row:
    """A span, and the first and last of the lines it takes."""

    span: Span
    first: int
    last: int


class Lines:
    """The lines of a text, numbered from 0."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.starts = np.array([0, *(end.end() for end in _LINE_END.finditer(text)), len(text) + 1])

    def numbers(self, places: Iterable[int]) -> list[int]:
        """Say which lines these places are in."""
        found = np.searchsorted(self.starts, np.fromiter(places, np.int64), side="right") - 1
        return [int(number) for number in found]

    def text(self, number: int) -> str:
        """Return a line; there is an empty one before the first and after the last."""
        if not 0 <= number < len(self.starts) - 1:
            return ""
        return self._text[self.starts[number] : self.starts[number + 1]].strip()


def first_and_last(items: list[T]) -> list[T]:
    """Bound how much is made of one text."""
    half = _MOST_SPANS // 2
    return items if len(items) <= _MOST_SPANS else items[:half] + items[-half:]


def find_lines(reading: Reading) -> list[Span]:
    """Find the loose numbers of each line, and matrices printed row by row.

    Returns:
        The loose numbers of each line, and the uninterrupted sequences of two and more among
        them; and a matrix for each block of lines with as many numbers each, in the line, in
        its one sequence or in its one array.

    """
    lines = Lines(reading.text)
    rows = list(_loose_rows(reading, lines))
    sequences = [list(_sequences(reading, row)) for row in rows]
    single = [found[0] for found in sequences if len(found) == 1]
    matrices = [
        *_matrices(rows, lines),
        *_matrices(single, lines),
        *_matrices(_array_rows(reading, lines), lines),
    ]
    spans = [row.span for row in rows] + [row.span for found in sequences for row in found]
    return list(dict.fromkeys(spans + matrices))


def _loose_rows(reading: Reading, lines: Lines) -> Iterator[Row]:
    """Gather the loose numbers of each line; a factor on a line of its own holds for a block."""
    indices = _loose_numbers(reading, lines)
    numbers = lines.numbers(reading.numbers[index][0] for index in indices)
    factor_lines = lines.numbers(end - 1 for end, _ in reading.factors)
    factors = dict(zip(factor_lines, (factor for _, factor in reading.factors), strict=True))
    previous, factor = -1, 1.0
    by_line = groupby(zip(numbers, indices, strict=True), key=lambda pair: pair[0])
    gathered = [(line, [index for _, index in group]) for line, group in by_line]
    for line, group in first_and_last(gathered):
        factor = factors.get(line - 1, factor if line == previous + 1 else 1.0)
        previous = line
        text = lines.text(line)
        if ("..." in text or "…" in text) and _LEFT_OUT.search(text):
            continue
        yield _row(reading, group, line, factor)


def _row(reading: Reading, indices: list[int], line: int, factor: float) -> Row:
    start, end = reading.numbers[indices[0]][0], reading.numbers[indices[-1]][1]
    span = Span(start, end, (len(indices),), "loose", tuple(indices), scale=factor)
    return Row(span, line, line)


def _loose_numbers(reading: Reading, lines: Lines) -> list[int]:
    """Return the indices of the numbers outside of brackets, and not after an unclosed one."""
    starts = np.array([start for start, _ in reading.numbers], dtype=np.int64)
    unclosed = lines.starts[np.array(lines.numbers(reading.unclosed), dtype=np.int64) + 1]
    uncertain = np.searchsorted(starts, np.column_stack([reading.unclosed, unclosed]))
    change = np.zeros(len(starts) + 1, dtype=np.int64)
    for first, last in (*reading.hidden, *uncertain.tolist()):
        change[first] += 1
        change[last] -= 1
    return [int(index) for index in np.flatnonzero(np.cumsum(change[:-1]) == 0)]


def _sequences(reading: Reading, row: Row) -> Iterator[Row]:
    """Find the numbers of a line that nothing but separators stands between.

    A line that is one sequence is its own; single numbers are none.
    """
    sequence: list[int] = []
    for index in (*row.span.numbers, -1):
        if sequence and not _adjoin(reading, sequence[-1], index):
            if len(sequence) > 1:
                yield _row(reading, sequence, row.first, row.span.scale)
            sequence = []
        sequence.append(index)


def _adjoin(reading: Reading, left: int, right: int) -> bool:
    if right < 0:
        return False
    gap = reading.numbers[left][1], reading.numbers[right][0]
    return _SEPARATOR.fullmatch(reading.text, *gap) is not None


def _array_rows(reading: Reading, lines: Lines) -> list[Row]:
    """Return the one-dimensional arrays that are the only array in their lines."""
    found = sorted(first_and_last(reading.found), key=lambda span: (span.start, -span.end))
    first = lines.numbers(span.start for span in found)
    last = lines.numbers(span.end - 1 for span in found)
    rows = [Row(*row) for row in zip(found, first, last, strict=True)]
    shared = {id(row) for pair in pairwise(rows) if pair[0].last >= pair[1].first for row in pair}
    return [row for row in rows if len(row.span.shape) == 1 and id(row) not in shared]


def _matrices(rows: list[Row], lines: Lines) -> Iterator[Span]:
    """Stack rows of one length that stand in consecutive lines."""
    block: list[Row] = []
    for row in rows:
        if block and not _continues(block[-1], row):
            yield from _matrix(block, lines)
            block = []
        block.append(row)
    yield from _matrix(block, lines)


def _continues(above: Row, below: Row) -> bool:
    return (
        below.first == above.last + 1
        and below.span.shape == above.span.shape
        and below.span.form == above.span.form
    )


def _matrix(block: list[Row], lines: Lines) -> Iterator[Span]:
    """Make one matrix of a block, or a vector where each line has a single loose number."""
    if not 2 <= len(block) <= _MOST_ROWS or _is_cut(block, lines):
        return
    spans = tuple(row.span for row in block)
    form: Form = "loose" if spans[0].form == "loose" else "brackets"
    width = () if spans[0].shape == (1,) and form == "loose" else spans[0].shape
    dtypes = {span.dtype for span in spans}
    dtype = spans[0].dtype if len(dtypes) == 1 else None
    shape = (len(spans), *width)
    yield Span(spans[0].start, spans[-1].end, shape, form, rows=spans, dtype=dtype)


def _is_cut(block: list[Row], lines: Lines) -> bool:
    """Whether a line of nothing but dots stands above or below: rows were left out."""
    around = lines.text(block[0].first - 1), lines.text(block[-1].last + 1)
    return any(line and not line.strip(" \t.…⋮") for line in around)
