"""Which library a value may come from, where its type alone does not say.

A tensor comes from torch. A NumPy array may be a tensor in disguise (`.detach().numpy()`),
a float may be an `.item()`, and printed text has no type at all: what torch did in the same
cell, and in which precision, tells most of them apart.
"""

import re

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
        self._torch_cells = recording.torch_cells
        self._tensors = {
            _content(value.array) for value in recording.values if value.library == "torch"
        }

    def of_value(self, value: RecordedValue) -> frozenset[str]:
        """Say where a recorded value may come from."""
        if value.library == "torch":
            return TORCH
        single = _is_single_precision(value.array)
        if single and value.array.size > 1 and _content(value.array) in self._tensors:
            return TORCH
        types = self._torch_cells.get(value.cell, ())
        if not types:
            return NUMPY
        if single:
            return TORCH if value.array.dtype == np.float32 else EITHER
        return EITHER if "float64" in types else NUMPY

    def of_text(self, cell: int, form: str, text: str, start: int) -> frozenset[str]:
        """Say where a number printed at `start` of a cell's `text` may come from."""
        if form in ("tensor", "array"):
            return TORCH if form == "tensor" else NUMPY
        if not self._torch_cells.get(cell):
            return NUMPY
        named = _named_before(text, start)
        return frozenset({named}) if named else EITHER


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
