"""The text a cell puts out: how much of it there is, and an end to it."""

import sys
from collections.abc import Callable
from typing import Any

from .stand_in import drop_own_frames


class Meter:
    """Counts the characters of the running cell's output, and says how much more is let through."""

    def __init__(self) -> None:
        self.cut = False
        self.limit = 2**20  # characters of standard output and standard error let through
        self._position = 0
        self._left = self.limit
        self._message = ""
        self._clear_first = False

    def begin(self, message: str) -> None:
        """Start counting for the cell that a message asked to run."""
        self._position, self.cut, self._clear_first = 0, False, False
        self._left = self.limit
        self._message = message

    @property
    def position(self) -> int:
        """Where in the cell's standard output, as it will be read, the next text will stand."""
        return 0 if self._clear_first else self._position

    def clear(self, *, wait: bool) -> None:
        """Take note that the cell's output is cleared, at once or before more of it comes."""
        self._clear_first = wait
        if not wait:
            self._position = 0

    def admit(self, stream: Any, text: str) -> str:
        """Count text, and give the part of it that is let through."""
        kept = text if len(text) <= self._left else text[: self._left]
        self.cut = self.cut or kept is not text
        self._left -= len(kept)
        if stream.parent_header.get("msg_id") == self._message:
            if self._clear_first:
                self.clear(wait=False)
            self._position += len(kept) if stream.name == "stdout" else 0
        return kept


def meter_streams(meter: Meter) -> None:
    """Have both standard streams counted; the streams stay the same objects."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "parent_header"):
            stream.__class__ = _metered(type(stream), meter)


def meter_clearing(publisher: Any, meter: Meter) -> None:
    """Take note of outputs that are cleared."""
    original = publisher.clear_output

    def clear_output(wait: bool = False) -> None:
        meter.clear(wait=bool(wait))
        original(wait)

    publisher.clear_output = clear_output


def _metered(base: Any, meter: Meter) -> Any:
    """Derive a class that asks the meter before it writes."""
    plain: Callable[[Any, Any], Any] = base.write

    def write(self: Any, string: str) -> Any:
        """Write to current stream after encoding if necessary."""
        try:
            if type(string) is not str:
                return plain(self, string)
            kept = meter.admit(self, string)
            if kept is string:
                return plain(self, string)
            if kept:
                plain(self, kept)
            return len(string)
        except BaseException as raised:
            drop_own_frames(raised)
            raise

    entries = {"write": write, "__module__": base.__module__, "__qualname__": base.__qualname__}
    return type(base.__name__, (base,), entries)
