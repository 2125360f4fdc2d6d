"""The notebook's variables after each cell: what is new, what changed, what is gone."""

import hashlib
import re
from collections.abc import Callable
from typing import Any

from .frames import Stream, encode_array
from .notes import Notes
from .walk import Found, Walk

VALUES = 2_000  # new or changed ones recorded after one cell
SHELLS_OWN = re.compile(r"In|Out|_{1,3}|_\d+|_i{1,3}|_i\d+|_[iod]h|_exit_code|__\w+__")


class Variables:
    """What the variables held when they were last looked at, as digests."""

    def __init__(self, stream: Stream, notes: Notes) -> None:
        self._stream = stream
        self._notes = notes
        self._held: dict[str, bytes] = {}

    def forget(self) -> None:
        """Start afresh."""
        self._held.clear()

    def record(
        self, namespace: dict[str, Any], cell: int, walk: Walk, see: Callable[[Found], None]
    ) -> None:
        """Write every value that differs from the last look; `see` is told of each of them."""
        names = [name for name in list(namespace) if _is_students(name)]
        there: set[str] = set()
        room = VALUES
        for name in names:
            for found in walk.find(namespace.get(name), name):
                there.add(found.path)
                room -= self._record(found, cell, room > 0, see)
        if room <= 0:
            self._notes.say(f"more than {VALUES} values changed in this cell")
        self._end_missing(there, walk.cut, cell)

    def _record(self, found: Found, cell: int, room: bool, see: Callable[[Found], None]) -> int:
        """Write one value if it changed; give the number of values written."""
        digest = _digest(found)
        if self._held.get(found.path) == digest:
            return 0
        see(found)
        self._end(found.path, cell)
        if not room:
            return 0
        origin = "attribute" if found.is_attribute else "variable"
        if self._stream.write_value(
            value_header(found, cell, origin), encode_array(found.numbers.array)
        ):
            self._held[found.path] = digest
        else:
            self._notes.leave_out("the recording is full", found.path)
        return 1

    def _end_missing(self, there: set[str], unsure: set[str], cell: int) -> None:
        """End the values that were not met again, save below names not wholly looked at."""
        for path in [path for path in self._held if path not in there]:
            if path.partition(".")[0].partition("[")[0] not in unsure:
                self._end(path, cell)

    def _end(self, path: str, cell: int) -> None:
        """Write that a path no longer holds what it held."""
        if self._held.pop(path, None) is not None:
            self._stream.write({"kind": "end", "cell": cell, "path": path})


def value_header(
    found: Found, cell: int, origin: str, span: tuple[int, int] | None = None
) -> dict[str, Any]:
    """Describe a value as its frame does."""
    header = {
        "cell": cell,
        "origin": origin,
        "path": found.path,
        "library": found.numbers.library,
        "span": span,
    }
    return {**header, "dtype": found.numbers.dtype} if found.numbers.dtype else header


def _is_students(name: object) -> bool:
    """Say whether a variable is the student's; the shell keeps its own there too."""
    return type(name) is str and not SHELLS_OWN.fullmatch(name)


def _digest(found: Found) -> bytes:
    """Sum up type, shape and entries."""
    array = found.numbers.array
    state = hashlib.blake2b(digest_size=16)
    state.update(f"{found.numbers.library}{array.dtype.str}{array.shape}".encode())
    state.update(array.tobytes())
    return state.digest()
