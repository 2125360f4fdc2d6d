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
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
from pydantic import ValidationError

from grader.faults import RecordingFault
from grader.recording.files import write_atomically
from grader.recording.model import Recording
from grader.recording.stored import FORMAT, describe, restore

MEMBER_LIMIT = 2**30  # bytes
_MARK = FORMAT.encode("ascii") + b" "
_NOTEBOOKS = ("handed_in", "executed", "reordered")
_MEMBERS = ("recording.json", "arrays.npy.bin", *(f"{name}.ipynb" for name in _NOTEBOOKS))
# RuntimeError: zipfile's word for a method or a flag it does not know.
_UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, KeyError, ValueError),
    *(OSError, OverflowError, RuntimeError),
)


def save(recording: Recording, path: Path) -> None:
    """Write a recording to a file, replacing what was there in one step."""
    text, arrays = describe(recording)
    members = {
        "recording.json": text,
        "arrays.npy.bin": arrays,
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
        recording = restore(members["recording.json"], members["arrays.npy.bin"])
        if mark != _marked(recording.key):
            raise ValueError("its end is missing")
        notebooks = {name: _decode(members[f"{name}.ipynb"]) for name in _NOTEBOOKS}
        return replace(recording, **notebooks)
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
