"""Arrays as small tables, and the difference of two as a table shaded by its size."""

from dataclasses import dataclass

import numpy as np

from grader.reporting.numbers import entry_texts

LARGEST = 12  # rows and columns shown
_LEVELS = (1e-6, 1e-4, 1e-2, 1e-1)  # of the largest expected entry; from each a darker shade


@dataclass(frozen=True)
class Entry:
    """One entry of a grid; `level` 0 to 4 by size, 5 where it is not a number, None unshaded."""

    text: str
    level: int | None = None


@dataclass(frozen=True)
class Grid:
    """An array as rows of entries; labels are the indices NumPy would use."""

    caption: str
    shape: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Entry, ...]], ...]
    more_rows: bool
    more_columns: bool


def value_grid(array: np.ndarray, caption: str) -> Grid:
    """Show an array."""
    shown = _shown(array)
    return _grid(array, caption, [Entry(text) for text in entry_texts(shown)])


def difference_grid(actual: np.ndarray, expected: np.ndarray, caption: str) -> Grid | None:
    """Show `actual - expected`, shaded; None where their shapes differ."""
    if actual.shape != expected.shape:
        return None
    actual, expected = _number(actual), _number(expected)
    levels = _levels(actual - expected, expected)
    shown = _shown(actual - expected).ravel().tolist()
    entries = [
        Entry(_signed(entry), int(level))
        for entry, level in zip(shown, _shown(levels).ravel(), strict=True)
    ]
    return _grid(actual, caption, entries)


def worst_place(actual: np.ndarray, expected: np.ndarray) -> str:
    """Name the index of the largest difference, "[0, 2]"; empty for scalars and other shapes."""
    if actual.shape != expected.shape or actual.size < 2:
        return ""
    sizes = np.abs(_number(actual) - _number(expected))
    worst = np.argmax(np.where(np.isfinite(sizes), sizes, np.inf))
    return str([int(index) for index in np.unravel_index(worst, actual.shape)])


def _grid(array: np.ndarray, caption: str, entries: list[Entry]) -> Grid:
    matrix = _matrix(array)
    rows, width = min(matrix.shape[0], LARGEST), min(matrix.shape[1], LARGEST)
    lines = [tuple(entries[start * width : (start + 1) * width]) for start in range(rows)]
    return Grid(
        caption=caption,
        shape=_shape_text(array.shape),
        columns=tuple(str(column) for column in range(width)) if array.ndim else (),
        rows=tuple((_row_label(array.shape, row), line) for row, line in enumerate(lines)),
        more_rows=matrix.shape[0] > rows,
        more_columns=matrix.shape[1] > width,
    )


def _matrix(array: np.ndarray) -> np.ndarray:
    """View an array of any dimension as rows along its last axis."""
    if array.ndim < 2:
        return array.reshape(1, array.size)
    return array.reshape(int(np.prod(array.shape[:-1])), array.shape[-1])


def _shown(array: np.ndarray) -> np.ndarray:
    return _matrix(array)[:LARGEST, :LARGEST]


def _row_label(shape: tuple[int, ...], row: int) -> str:
    if len(shape) < 2:
        return ""
    return ", ".join(str(int(index)) for index in np.unravel_index(row, shape[:-1]))


def _shape_text(shape: tuple[int, ...]) -> str:
    return str(shape) if shape else ""


def _number(array: np.ndarray) -> np.ndarray:
    return array.astype(np.complex128 if array.dtype.kind == "c" else np.float64)


def _levels(difference: np.ndarray, expected: np.ndarray) -> np.ndarray:
    sizes = np.abs(expected)
    scale = float(sizes[np.isfinite(sizes)].max(initial=0.0)) or 1.0
    share = np.abs(difference) / scale
    levels = np.searchsorted(_LEVELS, share, side="right")
    return np.where(np.isfinite(share), levels, len(_LEVELS) + 1)


def _signed(difference: complex | float) -> str:
    if isinstance(difference, complex):
        return f"{difference:.2g}"
    return "0" if difference == 0 else f"{difference:+.2g}"
