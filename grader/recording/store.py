"""Recordings on disk: one zip file each, of JSON and plain arrays, written whole or not at all.

    recording.json    everything that is text or a number; where each array lies
    arrays.npy.bin    the arrays, one .npy after the other
    handed_in.ipynb   the notebook as handed in
    executed.ipynb    the notebook as it came out of the run
    reordered.ipynb   the same of a run in the order of its execution counts; mostly null

One packed member for all arrays: a zip member each takes ten times as long to read.
"""

import io
import json
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any, Literal

import nbformat
import numpy as np
from pydantic import BaseModel, ConfigDict, NonNegativeInt, ValidationError

from grader.execution.outcome import CellRun
from grader.faults import RecordingFault
from grader.recording.files import write_atomically
from grader.recording.model import Draws, Library, Origin, OwnSlope, RecordedValue, Recording
from grader.recording.npy import read_npy, write_npy

FORMAT: Literal["gradmark/recording/2"] = "gradmark/recording/2"
MEMBER_LIMIT = 2**30  # bytes
_MARK = FORMAT.encode("ascii") + b" "
_NOTEBOOKS = ("handed_in", "executed", "reordered")
_MEMBERS = ("recording.json", "arrays.npy.bin", *(f"{name}.ipynb" for name in _NOTEBOOKS))
_PLAIN = (
    *("submission", "file", "key", "fault", "cells", "torch_cells", "left_out", "incomplete"),
    *("seconds", "peak_memory_bytes", "isolation", "environment"),
)
_VALUE = ("origin", "cell", "last_cell", "path", "library", "span")
_DRAWS = ("cell", "generator", "call", "parameters")
_SLOPE = ("function", "constant", "result")
# RuntimeError: zipfile's word for a method or a flag it does not know.
_UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, KeyError, ValueError),
    *(OSError, OverflowError, RuntimeError),
)


class _Stored(BaseModel):
    """A table of recording.json."""

    model_config = ConfigDict(extra="forbid")


class _Place(_Stored):
    """Where an array lies in the packed arrays, in bytes."""

    start: NonNegativeInt
    size: NonNegativeInt


class _StoredValue(_Place):
    origin: Origin
    cell: int
    last_cell: int
    path: str
    library: Library
    span: tuple[int, int] | None


class _StoredDraws(_Place):
    cell: int
    generator: Literal["numpy", "python", "torch"]
    call: str
    parameters: dict[str, float]


class _StoredSlope(_Place):
    function: str
    constant: str
    result: float


class _StoredRecording(_Stored):
    format: Literal["gradmark/recording/2"]
    submission: str
    file: str
    key: str
    fault: str
    cells: tuple[CellRun, ...]
    values: tuple[_StoredValue, ...]
    draws: tuple[_StoredDraws, ...]
    own_slopes: tuple[_StoredSlope, ...]
    torch_cells: dict[int, tuple[str, ...]]
    left_out: tuple[str, ...]
    incomplete: tuple[int, ...]
    seconds: float
    peak_memory_bytes: int
    isolation: str
    environment: dict[str, str]


def save(recording: Recording, path: Path) -> None:
    """Write a recording to a file, replacing what was there in one step."""
    arrays = _Packer()
    stored = _StoredRecording(
        format=FORMAT,
        values=tuple(_describe_value(value, arrays) for value in recording.values),
        draws=tuple(_describe_draws(draws, arrays) for draws in recording.draws),
        own_slopes=tuple(_describe_slope(slope, arrays) for slope in recording.own_slopes),
        **{name: getattr(recording, name) for name in _PLAIN},
    )
    members = {
        "recording.json": _encode(stored.model_dump()),
        "arrays.npy.bin": arrays.packed(),
        **{f"{name}.ipynb": _encode(getattr(recording, name)) for name in _NOTEBOOKS},
    }
    write_atomically(path, _zip(members, _marked(recording.key)))


def load(path: Path) -> Recording:
    """Read a recording back.

    Raises:
        RecordingFault: there is none, or it is damaged, or of another version.

    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_version(archive.comment, path)
            mark = archive.comment
            members = {name: _read_member(archive, name) for name in _MEMBERS}
        stored = _StoredRecording.model_validate_json(members["recording.json"])
        if mark != _marked(stored.key):
            raise ValueError("its end is missing")
        packed = members["arrays.npy.bin"]
        return Recording(
            values=tuple(_restore_value(value, packed) for value in stored.values),
            draws=tuple(_restore_draws(draws, packed) for draws in stored.draws),
            own_slopes=tuple(_restore_slope(slope, packed) for slope in stored.own_slopes),
            **{name: _decode(members[f"{name}.ipynb"]) for name in _NOTEBOOKS},
            **{name: getattr(stored, name) for name in _PLAIN},
        )
    except FileNotFoundError:
        raise RecordingFault(f"{path}: there is no such recording") from None
    except _UNREADABLE as error:
        reason = type(error).__name__ if isinstance(error, ValidationError) else error
        raise RecordingFault(f"{path}: the recording is damaged ({reason})") from error


def read_key(path: Path) -> str | None:
    """Read the key a recording was made for, and no more of it; None where there is none."""
    try:
        with zipfile.ZipFile(path) as archive:
            comment = archive.comment
    except _UNREADABLE:
        return None
    if not comment.startswith(_MARK):
        return None
    return comment.removeprefix(_MARK).decode("utf-8", "replace")


class _Packer:
    """Arrays laid one after the other."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._size = 0

    def add(self, array: np.ndarray) -> dict[str, Any]:
        """Append an array; say where it lies."""
        data = write_npy(array)
        place = {"start": self._size, "size": len(data)}
        self._parts.append(data)
        self._size += len(data)
        return place

    def packed(self) -> bytes:
        """Give all of them."""
        return b"".join(self._parts)


def _describe_value(value: RecordedValue, arrays: _Packer) -> _StoredValue:
    """Pack the array of a value, and describe the rest."""
    facts: dict[str, Any] = {name: getattr(value, name) for name in _VALUE}
    return _StoredValue(**arrays.add(value.array), **facts)


def _restore_value(stored: _StoredValue, packed: bytes) -> RecordedValue:
    """Undo `_describe_value`."""
    array = _unpack(stored, packed)
    return RecordedValue(array=array, **{name: getattr(stored, name) for name in _VALUE})


def _describe_draws(draws: Draws, arrays: _Packer) -> _StoredDraws:
    """Pack the array of draws, and describe the rest."""
    facts: dict[str, Any] = {name: getattr(draws, name) for name in _DRAWS}
    return _StoredDraws(**arrays.add(draws.array), **facts)


def _restore_draws(stored: _StoredDraws, packed: bytes) -> Draws:
    """Undo `_describe_draws`."""
    array = _unpack(stored, packed)
    return Draws(array=array, **{name: getattr(stored, name) for name in _DRAWS})


def _describe_slope(slope: OwnSlope, arrays: _Packer) -> _StoredSlope:
    """Pack the array of a slope, and describe the rest."""
    facts: dict[str, Any] = {name: getattr(slope, name) for name in _SLOPE}
    return _StoredSlope(**arrays.add(slope.array), **facts)


def _restore_slope(stored: _StoredSlope, packed: bytes) -> OwnSlope:
    """Undo `_describe_slope`."""
    array = _unpack(stored, packed)
    return OwnSlope(array=array, **{name: getattr(stored, name) for name in _SLOPE})


def _unpack(place: _Place, packed: bytes) -> np.ndarray:
    """Read one of the packed arrays."""
    return read_npy(packed[place.start : place.start + place.size])


def _encode(data: Any) -> bytes:
    """Give JSON; what no UTF-8 text can hold is replaced."""
    return json.dumps(data, ensure_ascii=False).encode("utf-8", "replace")


def _decode(data: bytes) -> Any:
    """Read a notebook back, or the None that was written in its place."""
    return nbformat.from_dict(json.loads(data))  # type: ignore[no-untyped-call]


def _zip(members: dict[str, bytes], comment: bytes) -> bytes:
    """Make a zip file that depends on its content only."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.comment = comment
        for name, data in members.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = 0o644 << 16
            archive.writestr(info, data, zipfile.ZIP_DEFLATED, compresslevel=1)
    return buffer.getvalue()


def _marked(key: str) -> bytes:
    """Give the mark a recording ends with."""
    return _MARK + key.encode("utf-8", "replace")


def _check_version(comment: bytes, path: Path) -> None:
    """Refuse what another version wrote, by its name."""
    if comment.startswith(_MARK):
        return
    found = comment.split(b" ")[0].decode("ascii", "replace")[:60] or "of no known format"
    raise RecordingFault(f"{path}: the recording is {found}, and {FORMAT} is what can be read")


def _read_member(archive: zipfile.ZipFile, name: str) -> bytes:
    """Read one member of a size that makes sense."""
    info = archive.getinfo(name)
    if info.file_size > MEMBER_LIMIT:
        raise ValueError(f"{name} is too large")
    return archive.read(info)
