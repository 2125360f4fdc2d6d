"""A snapshot of a live session: the numbers its variables hold, as frames; nothing is changed."""

import json
import sys
from typing import Any

import numpy as np

from grader.execution.inside.frames import LENGTHS, Stream, encode_array
from grader.execution.inside.notes import Notes
from grader.execution.inside.tensors import Tensors
from grader.execution.inside.variables import SHELLS_OWN, value_header
from grader.execution.inside.walk import Found, Walk
from grader.live.session import Session

VALUE_LIMIT = 1024 * 1024  # bytes of the largest value
LIMIT = 8 * 1024 * 1024  # bytes of all; small values come first
DISPLAYS = 200  # the latest cells whose display is looked at

Value = tuple[dict[str, Any], np.ndarray]


def take_snapshot(session: Session) -> bytes:
    """Write down all numbers of a session, each with the name that leads to it.

    The cell of a value is 0: which one made it is found out from the sources, elsewhere.
    """
    notes = Notes()
    walk = Walk(notes, loaded_tensors(), limit=VALUE_LIMIT)
    values: list[Value] = []
    for name, value in list(session.names.items()):
        if _is_students(session, name, value):
            for found in notes.run(_found, walk, value, name) or ():
                origin = "attribute" if found.is_attribute else "variable"
                values.append((value_header(found, 0, origin), found.numbers.array))
    for number in sorted(session.displayed)[-DISPLAYS:]:
        shown = session.displayed[number]
        if not _is_ours(shown):
            values += [
                (value_header(found, number, "displayed"), found.numbers.array)
                for found in notes.run(_found, walk, shown, "display 1") or ()
            ]
    return _written(values, notes)


def loaded_tensors() -> Tensors | None:
    """Prepare to read tensors, where the session has loaded torch."""
    torch = sys.modules.get("torch")
    return Tensors(torch) if hasattr(torch, "nn") and hasattr(torch, "_C") else None


def _found(walk: Walk, value: object, path: str) -> list[Found]:
    return list(walk.find(value, path))


def _is_students(session: Session, name: object, value: object) -> bool:
    """Tell a student's variable from the shell's own, and from ours."""
    if type(name) is not str or SHELLS_OWN.fullmatch(name) or _is_ours(value):
        return False
    return name not in session.hidden or session.hidden[name] is not value


def _is_ours(value: object) -> bool:
    """Tell what this package made."""
    module = type.__dict__["__dict__"].__get__(type(value)).get("__module__")
    return type(module) is str and module.partition(".")[0] == "grader"


def _written(values: list[Value], notes: Notes) -> bytes:
    """Write values, the small ones first, and the sentences about what is left out."""
    stream, left = Written(), LIMIT
    chosen: dict[int, bytes] = {}
    for place in sorted(range(len(values)), key=lambda n: values[n][1].nbytes):
        left -= values[place][1].nbytes + 256
        if left < 0:
            notes.leave_out("the recording is full", str(values[place][0]["path"]))
        else:
            chosen[place] = encode_array(values[place][1])
    for place in sorted(chosen):
        stream.write({"kind": "value", **values[place][0]}, chosen[place])
    notes.write(stream, 0)
    return bytes(stream.content)


class Written(Stream):
    """Frames that are kept, instead of going into a file."""

    def __init__(self) -> None:
        super().__init__()
        self.content = bytearray()

    def write(self, header: dict[str, Any], payload: bytes = b"") -> None:
        """Append one frame."""
        text = json.dumps(header, separators=(",", ":")).encode("ascii", "replace")
        self.content += LENGTHS.pack(len(text), len(payload)) + text + payload
