"""The stream the recorder writes: frames of a JSON header and an .npy payload."""

import io
import json
import os
import struct
from typing import Any

import numpy as np
from numpy.lib import format as npy

LENGTHS = struct.Struct(">II")  # bytes of the header, bytes of the payload
FRAMES_LIMIT = 150_000  # whoever reads gives up at 200,000


class Stream:
    """A file that only grows, each frame in one write.

    It falls silent for good when it can no longer write to the file it opened: student code
    shares the process and may close the descriptor, which then becomes another file.
    """

    def __init__(self) -> None:
        """Be silent until there is a file."""
        self.open = False
        self._descriptor = -1
        self._file = (0, 0)
        self._left = self._frames_left = 0

    def begin(self, descriptor: int, *, values_limit: int) -> None:
        """Take an open file; `values_limit` bytes may go into frames of values."""
        self._descriptor = descriptor
        self._file = _identity(descriptor)
        self._left = values_limit
        self._frames_left = FRAMES_LIMIT
        self.open = True

    def write(self, header: dict[str, Any], payload: bytes = b"") -> None:
        """Append one frame."""
        text = json.dumps(header, separators=(",", ":")).encode("ascii", "replace")
        data = LENGTHS.pack(len(text), len(payload)) + text + payload
        if not self.open or self._frames_left <= 0:
            return
        self._frames_left -= 1
        try:
            whole = _identity(self._descriptor) == self._file
            whole = whole and os.write(self._descriptor, data) == len(data)
        except OSError:
            whole = False
        self.open = whole

    def write_value(self, header: dict[str, Any], payload: bytes) -> bool:
        """Append a value, and say whether there was room for it."""
        cost = len(payload) + 256  # the header, about
        if cost > self._left or self._frames_left <= 1000:  # the rest is for notes and ends
            return False
        self._left -= cost
        self.write({"kind": "value", **header}, payload)
        return self.open


def encode_array(array: np.ndarray) -> bytes:
    """Give the bytes of an .npy file; an array that would need a pickle is refused."""
    target = io.BytesIO()
    npy.write_array(target, array, allow_pickle=False)
    return target.getvalue()


def _identity(descriptor: int) -> tuple[int, int]:
    """Tell which file a descriptor stands for."""
    status = os.fstat(descriptor)
    return status.st_dev, status.st_ino
