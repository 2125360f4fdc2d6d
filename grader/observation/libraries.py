"""Which library a value may come from, where its type alone does not say.

A tensor comes from torch. A NumPy array may be a tensor in disguise (`.detach().numpy()`),
a float may be an `.item()`, and printed text has no type at all. The recorder keeps every
number that left torch, and in which cells torch computed: that tells nearly all of them apart.
"""

import re
from functools import cache

import numpy as np

from grader.recording.model import RecordedValue, Recording

NUMPY = frozenset({"numpy"})
TORCH = frozenset({"torch"})
EITHER = NUMPY | TORCH
_NAMES = re.compile(r"\b(numpy|np|torch|pytorch)\b", re.IGNORECASE)
_LINES_BACK = 4  # a heading such as "--- PyTorch ---" stands this close above its numbers


class Libraries:
    """Attributes the values of one recording to the libraries they may come from."""

    def __init__(self, recording: Recording) -> None:
        self._values = recording.values
        self._torch_cells = recording.torch_cells
        self._tensors = {
            _content(value.array) for value in recording.values if value.library == "torch"
        }
        self._departed = cache(self._find_departed)

    def of_value(self, value: RecordedValue) -> frozenset[str]:
        """Say where a recorded value may come from."""
        if value.library == "torch":
            return TORCH
        single = _is_single_precision(value.array)
        if single and value.array.size > 1 and _content(value.array) in self._tensors:
            return TORCH
        if value.cell not in self._torch_cells or not self._has_left(value.cell, value.array, 0.0):
            return NUMPY
        # The same numbers in double precision may have been computed twice.
        return TORCH if single else EITHER

    def of_text(
        self, cell: int, form: str, text: str, start: int, numbers: tuple[np.ndarray, np.ndarray]
    ) -> frozenset[str]:
        """Say where `numbers`, and their rounding, printed at `start` of a `text` may come from."""
        if form in ("tensor", "array"):
            return TORCH if form == "tensor" else NUMPY
        if cell not in self._torch_cells:
            return NUMPY
        named = _named_before(text, start)
        if named:
            return frozenset({named})
        return EITHER if self._has_left(cell, *numbers) else NUMPY

    def _has_left(self, cell: int, values: np.ndarray, rounding: np.ndarray | float) -> bool:
        """Say whether every one of some numbers left torch in a cell."""
        departed = self._departed(cell)
        wanted = np.ravel(values).real
        if departed.size == 0 or wanted.size == 0:
            return False
        places = np.clip(np.searchsorted(departed, wanted), 1, max(departed.size - 1, 1))
        near = np.minimum(
            np.abs(departed[places - 1] - wanted),
            np.abs(departed[np.minimum(places, departed.size - 1)] - wanted),
        )
        return bool((near <= np.ravel(rounding) * 1.01 + 1e-6 * np.abs(wanted)).all())

    def _find_departed(self, cell: int) -> np.ndarray:
        """Sort the numbers that left torch in a cell."""
        numbers = [
            np.ravel(value.array).astype(np.float64)
            for value in self._values
            if value.origin == "returned"
            and value.cell == cell
            and value.array.dtype.kind in "biuf"
        ]
        return np.sort(np.concatenate(numbers)) if numbers else np.empty(0)


def _named_before(text: str, start: int) -> str | None:
    line_end = text.find("\n", start)
    above = text[: line_end if line_end >= 0 else len(text)].split("\n")[-_LINES_BACK:]
    for line in reversed(above):
        names = {_library(name) for name in _NAMES.findall(line)}
        if names:
            return names.pop() if len(names) == 1 else None
    return None


def _library(name: str) -> str:
    return "torch" if "torch" in name.lower() else "numpy"


def _is_single_precision(array: np.ndarray) -> bool:
    if array.dtype.kind != "f":
        return False
    with np.errstate(over="ignore"):
        return bool(np.array_equal(array.astype(np.float32), array, equal_nan=True))


def _content(array: np.ndarray) -> tuple[int, bytes]:
    with np.errstate(over="ignore"):
        flat = np.sort(np.ravel(array).real.astype(np.float32))
    return array.size, flat.tobytes()
