"""Arrays as .npy bytes: the plain numerical part of the format, and never a pickle."""

import io
import math
import re
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.lib import format as npy

_MAGIC = re.compile(rb"\x93NUMPY(?:\x01\x00(..)|\x02\x00(....))", re.S)
_HEADER = re.compile(
    rb"\{'descr': '([<>|][biufc]\d{1,2})', 'fortran_order': (True|False), "
    rb"'shape': \(((?:\d{1,18}, ?)*(?:\d{1,18})?)\), ?\}\s*"
)
_AXES_LIMIT = 32
_AXIS_LIMIT = 2**40
_TYPES = frozenset("?bhilqBHILQefdgFDG")


def write_npy(array: np.ndarray) -> bytes:
    """Give an array of booleans or numbers as .npy bytes."""
    if array.dtype.char not in _TYPES:
        raise ValueError(f"no array of numbers, but of {array.dtype}")
    buffer = io.BytesIO()
    npy.write_array(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def read_npy(data: bytes) -> np.ndarray:
    """Read an array of booleans or numbers from exactly the bytes of a .npy file.

    The header is matched, not evaluated: it may come from a student's process.

    Raises:
        ValueError: the bytes are anything else; the message says what is wrong with them.

    """
    magic = _MAGIC.match(data)
    if magic is None:
        raise ValueError("no .npy data")
    start = magic.end()
    end = start + int.from_bytes(magic[1] or magic[2], "little")
    dtype, shape, order = _read_header(data[start:end])
    if math.prod(shape) * dtype.itemsize != len(data) - end:
        raise ValueError(f"{len(data) - end} bytes are no array of shape {shape}")
    flat = np.frombuffer(data, dtype, offset=end)
    return flat.reshape(shape, order=order).astype(dtype.newbyteorder("="))


@lru_cache(1024)
def _read_header(text: bytes) -> tuple[np.dtype, tuple[int, ...], Literal["C", "F"]]:
    """Read type, shape and order; most arrays of a recording share theirs with others."""
    header = _HEADER.fullmatch(text)
    if header is None:
        raise ValueError("no array of plain numbers")
    dtype = _read_dtype(header[1].decode("ascii"))
    shape = tuple(int(axis) for axis in header[3].split(b",") if axis.strip())
    if len(shape) > _AXES_LIMIT or max(shape, default=0) > _AXIS_LIMIT:
        raise ValueError(f"no array has the shape {shape}")
    return dtype, shape, "F" if header[2] == b"True" else "C"


def _read_dtype(text: str) -> np.dtype:
    """Read a type of plain numbers."""
    try:
        dtype = np.dtype(text)
    except TypeError:
        raise ValueError(f"no known type: {text}") from None
    if dtype.char not in _TYPES:
        raise ValueError(f"no type of numbers: {text}")
    return dtype
