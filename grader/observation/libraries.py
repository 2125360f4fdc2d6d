"""Which library a value may come from, where its type alone does not say.

A tensor comes from torch. A NumPy array may be a tensor in disguise (`.detach().numpy()`),
a float may be an `.item()`, and printed text has no type at all. The recorder keeps every
number that left torch, and in which cells torch computed: that tells nearly all of them apart.
"""

import re
from functools import cache, lru_cache

import numpy as np

from grader.observation.makers import Makers
from grader.observation.rounding import rounding_resolution
from grader.recording.model import RecordedValue, Recording

NUMPY = frozenset({"numpy"})
TORCH = frozenset({"torch"})
EITHER = NUMPY | TORCH
_NAMES = re.compile(r"\b(numpy|np|torch|pytorch)\b", re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][-+]?\d+)?")
_MOST_TEXT = 50_000  # characters
_DECIMAL = re.compile(r"\d\.\d*")
_COARSE = 5e-4  # a rounding above this says nothing about where a number came from
_SAME = 1e-12  # relative: digits that two libraries, computing by themselves, need not share
_SHORTEST = 2.5e-7  # relative: two roundings of a single, to few digits and to decimals
_MOST_DECIMALS = 8
_LINES_BACK = 4  # a heading such as "--- PyTorch ---" stands this close above its numbers


class Libraries:
    """Attributes the values of one recording to the libraries they may come from."""

    def __init__(self, recording: Recording) -> None:
        self._values = recording.values
        self._torch_cells = recording.torch_cells
        self._tensors = {
            _content(value.array) for value in recording.values if value.library == "torch"
        }
        self._makers = Makers({cell.number: cell.source for cell in recording.cells})
        self._departed = cache(self._find_departed)
        self._stayed = cache(self._find_stayed)

    def of_value(self, value: RecordedValue) -> frozenset[str]:
        """Say where a recorded value may come from."""
        if value.library == "torch":
            return TORCH
        single = _is_single_precision(value.array)
        if single and value.array.size > 1 and _content(value.array) in self._tensors:
            return TORCH
        rounding = rounding_resolution(value.array)
        slack = _SHORTEST * np.abs(np.ravel(value.array)) if single else 0.0
        kept = slack + (rounding if rounding < _COARSE else 0.0)
        if not self._has_left(value.cell, value.array, kept):
            return TORCH if self._is_rounded_exit(value) else NUMPY
        if value.cell in self._torch_cells and (single or value.library == "python"):
            return TORCH
        # The same numbers in double precision may have been computed twice.
        return TORCH if self._is_torchs_alone(value) else EITHER

    def of_text(
        self, cell: int, form: str, text: str, start: int, numbers: tuple[np.ndarray, np.ndarray]
    ) -> frozenset[str]:
        """Say where `numbers`, and their rounding, printed at `start` of a `text` may come from."""
        if form == "tensor":
            return TORCH
        values, rounding = numbers
        if not self._has_left(cell, values, rounding + _SHORTEST * np.abs(values)):
            return NUMPY
        named = _named_before(text, start)
        if named == "numpy":  # a word is no proof: torch has these numbers
            return NUMPY if _all_among(values, rounding, self._stayed(cell)) else EITHER
        if named == "torch" and form != "array":
            return TORCH
        return TORCH if self._is_only_torchs(cell, text, values, rounding) else EITHER

    def _is_rounded_exit(self, value: RecordedValue) -> bool:
        """Say whether a value is what left torch in its cell, rounded to some decimals."""
        left = (
            other.array.astype(value.array.dtype)
            for other in self._values
            if (other.library, other.origin, other.cell) == ("torch", "returned", value.cell)
            and other.array.shape == value.array.shape
        )
        if value.array.dtype.kind != "f" or not value.array.size:
            return False
        telling = [
            d for d in range(1, _MOST_DECIMALS + 1) if np.abs(value.array).max() * 10**d > 99
        ]
        return any(
            np.array_equal(np.round(array, digits), value.array)
            for array in left
            for digits in telling
        )

    def _is_torchs_alone(self, value: RecordedValue) -> bool:
        """Say whether a cell without NumPy has left no second value with the same numbers."""
        if not self._is_without_numpy(value.cell):
            return False
        return not any(
            other is not value
            and (other.cell, other.origin, other.library)
            == (value.cell, value.origin, value.library)
            and other.array.size == value.array.size
            and np.allclose(np.ravel(other.array), np.ravel(value.array), rtol=_SAME, atol=0)
            for other in self._values
        )

    def _is_without_numpy(self, cell: int) -> bool:
        return cell in self._torch_cells and self._makers.torch_only(cell)

    def _is_only_torchs(
        self, cell: int, text: str, values: np.ndarray, rounding: np.ndarray
    ) -> bool:
        """Say whether nothing but torch has these numbers, in a cell without NumPy.

        What is printed twice may have been printed by either.
        """
        if not self._is_without_numpy(cell):
            return False
        first, error = float(np.ravel(values).real[0]), float(np.ravel(rounding)[0])
        error += _SHORTEST * abs(first)
        own, printed = (np.abs(some - first) <= error for some in (values, _numbers(text)))
        if np.count_nonzero(printed) > np.count_nonzero(own):
            return False
        return not _all_among(values, rounding, self._stayed(cell))

    def _find_stayed(self, cell: int) -> np.ndarray:
        """Sort the numbers of all values up to a cell that have not left torch."""
        numbers = [
            np.ravel(value.array).real.astype(np.float64)
            for value in self._values
            if value.cell <= cell
            and value.library != "torch"
            and value.array.dtype.kind in "fc"
            and self.of_value(value) == NUMPY
        ]
        return np.sort(np.concatenate(numbers)) if numbers else np.empty(0)

    def _has_left(self, cell: int, values: np.ndarray, rounding: np.ndarray | float) -> bool:
        """Say whether every one of some numbers, met in a cell, may have left torch."""
        return _all_among(values, rounding, self._departed(cell))

    def _find_departed(self, cell: int) -> np.ndarray:
        """Sort the numbers that left torch in a cell, or that variables keep from earlier ones."""
        numbers = [
            np.ravel(value.array).astype(np.float64)
            for value in self._values
            if value.array.dtype.kind in "biuf" and self._brings(value, cell)
        ]
        return np.sort(np.concatenate(numbers)) if numbers else np.empty(0)

    def _brings(self, value: RecordedValue, cell: int) -> bool:
        if value.library == "torch":
            return value.origin == "returned" and value.cell == cell
        if value.origin not in ("variable", "attribute") or value.array.dtype.kind != "f":
            return False
        kept = value.cell < cell <= value.last_cell + 1
        return kept and self._has_left(value.cell, value.array, 0.0)


def _all_among(values: np.ndarray, rounding: np.ndarray | float, numbers: np.ndarray) -> bool:
    """Say whether each value, up to its rounding, is one of some sorted numbers."""
    wanted = np.ravel(values).real
    if numbers.size == 0 or wanted.size == 0:
        return False
    above = np.minimum(np.searchsorted(numbers, wanted), numbers.size - 1)
    below = np.maximum(above - 1, 0)
    near = np.minimum(np.abs(numbers[above] - wanted), np.abs(numbers[below] - wanted))
    return bool((near <= np.ravel(rounding) * 1.01 + _SAME * np.abs(wanted)).all())


@lru_cache(maxsize=8)
def _numbers(text: str) -> np.ndarray:
    """Return all numbers of a text."""
    return np.array([float(number) for number in _NUMBER.findall(text[:_MOST_TEXT])])


def _named_before(text: str, start: int) -> str | None:
    """Return the library named just before a place: since the last number, or closely above."""
    *above, line = text[:start].split("\n")[-_LINES_BACK:]
    for named in (_DECIMAL.split(line)[-1], line, *reversed(above)):
        names = {_library(name) for name in _NAMES.findall(named)}
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
