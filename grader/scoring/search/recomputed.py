"""The constants of an assignment with one slip in them: a row left out, one epoch too many."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.rubric.table import Transform
from grader.scoring.search.transforms import IT
from grader.scoring.wording import listed

_MOST_ROWS = 12


@dataclass(frozen=True)
class Slip:
    """Changed constants, and the words for what was done with them."""

    transform: Transform
    says: str
    given: Mapping[str, Any]


def slips(given: Mapping[str, Any]) -> Iterator[Slip]:
    """Yield the constants with each slip, the likeliest first."""
    yield from miscounted(given)
    yield from without_rows(given)


def miscounted(given: Mapping[str, Any]) -> Iterator[Slip]:
    """Yield the constants with one whole number one too small or too large: epochs, steps."""
    for name, value in given.items():
        if isinstance(value, int) and not isinstance(value, bool) and value > 1:
            for other in (value - 1, value + 1):
                says = f"{IT} with {name} = {other}, not {value}"
                yield Slip("epoch_off", says, {**given, name: other})


def without_rows(given: Mapping[str, Any]) -> Iterator[Slip]:
    """Yield the constants with a row left out, or twice, of all arrays of as many rows."""
    arrays = {name: v for name, v in given.items() if isinstance(v, np.ndarray) and v.ndim}
    lengths = {len(v) for v in arrays.values()}
    for length in sorted(n for n in lengths if 2 < n <= _MOST_ROWS):
        rows = [name for name, v in arrays.items() if len(v) == length]
        for row in range(length):
            for kind, says, times in _ROWS:
                counts = np.ones(length, dtype=int)
                counts[row] = times
                changed = {name: np.repeat(arrays[name], counts, axis=0) for name in rows}
                words = f"{IT} with row {row + 1} of {listed(rows)} {says}"
                yield Slip(kind, words, {**given, **changed})


_ROWS: tuple[tuple[Transform, str, int], ...] = (
    ("example_missing", "left out", 0),
    ("example_twice", "counted twice", 2),
)
