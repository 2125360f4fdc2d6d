"""The values a cell shows, in order: those of its first calls and of its last."""

from collections import deque
from typing import Any

from .frames import Stream
from .notes import Notes

HEAD = 500  # calls of a cell whose values are written at once
TAIL = 500  # calls of a cell of which the last are written when it ends
TAIL_BYTES = 8 * 1024 * 1024

Value = tuple[dict[str, Any], bytes]


class Shown:
    """What one cell printed, or displayed; emptied when it ends."""

    def __init__(self, stream: Stream, notes: Notes, *, what: str) -> None:
        self.count = 0  # calls in the cell so far
        self._stream = stream
        self._notes = notes
        self._what = what
        self._written = 0
        self._left_out = 0
        self._tail: deque[list[Value]] = deque()
        self._tail_bytes = 0

    def add(self, values: list[Value]) -> None:
        """Take the values of one call."""
        if self._written < HEAD:
            self._written += 1
            self._write(values)
            return
        self._tail.append(values)
        self._tail_bytes += _size(values)
        while len(self._tail) > TAIL or self._tail_bytes > TAIL_BYTES:
            self._tail_bytes -= _size(self._tail.popleft())
            self._left_out += 1

    def finish(self) -> None:
        """Write what waited for the end of the cell, and start afresh."""
        if self._left_out:
            self._notes.say(f"{self._left_out} of the {self.count} {self._what}s of the cell")
        for values in self._tail:
            self._write(values)
        self._tail.clear()
        self.count = self._written = self._left_out = self._tail_bytes = 0

    def _write(self, values: list[Value]) -> None:
        """Write the values of one call."""
        for header, payload in values:
            if not self._stream.write_value(header, payload):
                self._notes.leave_out("the recording is full", f"a {self._what}")


def _size(values: list[Value]) -> int:
    """Count the bytes of a call's values."""
    return sum(len(payload) for _, payload in values)
