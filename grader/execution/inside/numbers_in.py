"""One object as an array of numbers: NumPy arrays and scalars, Python numbers, lists of numbers."""

import math
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np

from .types_of import NUMPY_SCALARS, SCALARS, lineage

NUMERIC_KINDS = "biufc"
SEQUENCES = (list, tuple)
AXES_LIMIT = 8


@dataclass(frozen=True)
class Numbers:
    """An array, and the library it comes from; `dtype` names a type .npy does not know."""

    array: np.ndarray
    library: str
    dtype: str = ""


@dataclass(frozen=True)
class LeftOut:
    """An object with numbers that are not recorded."""

    reason: str
    size: str = ""


def too_large(size: int, limit: int) -> LeftOut:
    """Say that a value of `size` bytes is larger than the `limit`."""
    shown = f"{size / 1e6:,.0f} MB" if size >= 1e6 else f"{size / 1e3:,.0f} kB"
    return LeftOut(f"larger than {limit // 1024} KiB", shown)


def read_numbers(value: object, limit: int) -> Numbers | LeftOut | None:
    """Read an object of NumPy or Python as one array of at most `limit` bytes.

    None where it is something else, or a container whose items are to be looked at one by one.
    """
    kind = type(value)
    if kind in SCALARS:
        return _read_plain(np.array(value), "numpy" if kind in NUMPY_SCALARS else "python")
    classes = lineage(value)
    if np.ndarray in classes:
        return _read_array(value, classes, limit)
    if list in classes or tuple in classes:
        return _read_nested(value, limit)
    return None


def _read_array(value: Any, classes: tuple[type, ...], limit: int) -> Numbers | LeftOut:
    """Read an array of any subclass through the base class alone."""
    if np.ma.MaskedArray in classes:
        return LeftOut("masked arrays are not recorded")
    plain = np.ndarray.view(value, np.ndarray)
    if plain.dtype.kind in NUMERIC_KINDS and plain.nbytes > limit:
        return too_large(plain.nbytes, limit)
    return _read_plain(plain, "numpy")


def _read_plain(array: np.ndarray, library: str) -> Numbers | LeftOut:
    """Bring an array to a type every reader knows."""
    dtype = array.dtype
    if dtype.kind == "O" and library == "python":
        return LeftOut("an integer of more than 64 bits")
    if dtype.kind not in NUMERIC_KINDS:
        return LeftOut(f"an array of {'objects' if dtype.kind == 'O' else dtype.name[:40]}")
    if dtype.kind == "f" and dtype.itemsize not in (4, 8):
        wanted = np.float32 if dtype.itemsize == 2 else np.float64
        return Numbers(array.astype(wanted), library, dtype.name)
    if dtype.kind == "c" and dtype.itemsize > 16:
        return Numbers(array.astype(np.complex128), library, dtype.name)
    return Numbers(array.astype(dtype.newbyteorder("="), copy=False), library)


def _read_nested(value: Any, limit: int) -> Numbers | LeftOut | None:
    """Read nested lists and tuples of equal length as one array; None where they are not that."""
    shape: list[int] = []
    level: list[Any] = [value]
    while len(shape) < AXES_LIMIT and _is_sequence(level[0]):
        if not all(map(_is_sequence, level)):
            return None
        lengths = set(map(_length, level))
        shape.append(lengths.pop())
        if lengths or shape[-1] == 0:
            return None
        size = math.prod(shape) * 8
        if size > limit:
            return too_large(size, limit) if _starts_with_number(level[0]) else None
        level = list(chain.from_iterable(map(_iterate, level)))
    kinds = set(map(type, level))
    if not kinds <= SCALARS:
        return None
    library = "numpy" if kinds & NUMPY_SCALARS else "python"
    return _read_plain(np.array(level).reshape(shape), library)


def _is_sequence(value: object) -> bool:
    """Say whether an object is a list or tuple, of whatever class."""
    return type(value) in SEQUENCES or any(kind in SEQUENCES for kind in lineage(value))


def _length(value: Any) -> int:
    """Count the items without asking the object's own class."""
    return list.__len__(value) if list in lineage(value) else tuple.__len__(value)


def _iterate(value: Any) -> Any:
    """Iterate over the items without asking the object's own class."""
    return list.__iter__(value) if list in lineage(value) else tuple.__iter__(value)


def _starts_with_number(value: Any) -> bool:
    """Say whether the first thing in nested lists is a number."""
    while _is_sequence(value):
        value = next(iter(_iterate(value)), None)
    return type(value) in SCALARS
