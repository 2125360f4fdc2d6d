"""The ways by which torch's numbers become text, Python numbers or NumPy arrays, seen in passing.

What is seen is that a method is looked up: the method itself stays the original. The numbers
are kept, so that a list, an array or a printed line is known to be torch's by its content.
"""

import hashlib
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from .frames import Stream, encode_array
from .notes import Notes
from .numbers_in import LeftOut
from .tensors import Tensors

EXITS = ("item", "tolist", "numpy", "__array__", "__float__", "__repr__", "__format__")
ARRAYS = 200  # kept of one cell
SCALARS = 1_000
BYTES = 64 * 1024  # of one tensor


class Exit:
    """A method of tensors that tells which tensor it is taken from."""

    def __init__(self, method: Any, see: Callable[[Any], None]) -> None:
        self._method = method
        self._see = see

    def __get__(self, tensor: Any, kind: Any = None) -> Any:
        """Give the original method."""
        if tensor is not None:
            self._see(tensor)
        return self._method.__get__(tensor, kind)


def watch_exits(torch: Any, see: Callable[[Any], None]) -> None:
    """Have `see` told of every tensor whose numbers leave torch."""
    for name in EXITS:
        for kind in torch.Tensor.__mro__:
            if name in vars(kind):
                setattr(torch.Tensor, name, Exit(vars(kind)[name], see))
                break


class Departures:
    """The numbers that left torch in one cell: arrays one by one, single numbers in a row."""

    def __init__(self, tensors: Tensors, stream: Stream, notes: Notes) -> None:
        self._tensors = tensors
        self._stream = stream
        self._notes = notes
        self._seen: set[bytes] = set()
        self._arrays: list[np.ndarray] = []
        self._scalars: list[np.ndarray] = []

    def see(self, tensor: Any, steps_back: int) -> None:
        """Keep the numbers of a tensor; torch's own look-ups, as for its repr, say nothing."""
        caller = sys._getframe(steps_back + 1).f_globals.get("__name__", "")
        full = len(self._arrays) >= ARRAYS and len(self._scalars) >= SCALARS
        if full or str(caller).partition(".")[0] == "torch":
            return
        numbers = self._tensors.read(tensor, BYTES)
        if not isinstance(numbers, LeftOut) and numbers.array.dtype.kind in "biuf":
            self._keep(numbers.array)

    def finish(self, cell: int) -> None:
        """Write what left torch in a cell, and forget it."""
        scalars = [np.stack(self._scalars)] if self._scalars else []
        for array in (*self._arrays, *scalars):
            header = {
                "cell": cell,
                "origin": "returned",
                "path": "value read off a tensor",
                "library": "torch",
                "span": None,
            }
            self._stream.write_value(header, encode_array(array))
        self._seen.clear()
        self._arrays.clear()
        self._scalars.clear()

    def _keep(self, array: np.ndarray) -> None:
        if array.size == 1:
            if len(self._scalars) < SCALARS:
                self._scalars.append(array.reshape(()).astype(np.float64))
            return
        digest = hashlib.blake2b(array.tobytes(), digest_size=16).digest()
        if digest not in self._seen and len(self._arrays) < ARRAYS:
            self._seen.add(digest)
            self._arrays.append(array.copy())  # it may share the memory of a tensor
