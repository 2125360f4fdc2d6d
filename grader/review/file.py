"""decisions.json: what people decided, on disk; never lost to a rerun, never half written."""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from grader.faults import UsageFault
from grader.recording.files import write_atomically
from grader.review.decisions import Decision, Decisions, Key, made_of

NAME = "decisions.json"
FORMAT: Literal["gradmark/decisions/1"] = "gradmark/decisions/1"


class DecisionsFile(BaseModel):
    """What people decided about the submissions of an assignment."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    format: Literal["gradmark/decisions/1"]
    assignment: str = Field(description="The assignment of the rubric.")
    decisions: list[Decision] = Field(description="In the order they were made.")


def load_decisions(path: Path, assignment: str) -> Decisions:
    """Read the decisions of an assignment; there are none where there is no file.

    Raises:
        UsageFault: the file is damaged, of another version or of another assignment.

    """
    try:
        content = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return Decisions(assignment)
    except OSError as error:
        raise UsageFault(f"{path} cannot be read: {error.strerror}") from error
    found = _parsed(content, path)
    if found.assignment != assignment:
        raise UsageFault(
            f'{path} holds decisions about "{found.assignment}"; the rubric is for "{assignment}"'
        )
    decisions = made_of(assignment, found.decisions)
    if len(decisions) != len(found.decisions):
        raise UsageFault(f"{path} {_DAMAGED}: it decides something twice")
    return decisions


def change_decisions(
    path: Path, assignment: str, added: Iterable[Decision] = (), removed: Iterable[Key] = ()
) -> Decisions:
    """Change the decisions on disk, and return them; what others wrote meanwhile stays.

    Raises:
        UsageFault: what is there cannot be read, and so is not written over; or the file
            cannot be written.

    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _sole_writer(path):
            changed = load_decisions(path, assignment).with_(added, removed)
            write_atomically(path, _text(changed).encode())
    except OSError as error:
        raise UsageFault(f"{path} cannot be written: {error.strerror or error}") from error
    return changed


_DAMAGED = "is damaged, and is not written over"


def _parsed(content: bytes, path: Path) -> DecisionsFile:
    try:
        return DecisionsFile.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ", ".join(map(str, first["loc"]))
        where = f" at {place}" if place else ""
        raise UsageFault(f"{path} {_DAMAGED}{where}: {' '.join(first['msg'].split())}") from error


def _text(decisions: Decisions) -> str:
    whole = DecisionsFile(format=FORMAT, assignment=decisions.assignment, decisions=[*decisions])
    return whole.model_dump_json(indent=2) + "\n"


@contextmanager
def _sole_writer(path: Path) -> Iterator[None]:
    """Wait until nobody else changes the file: two people may review one class at a time."""
    # A folder of reports is locked by whole batches; a file of its own is held but a moment.
    handle = os.open(path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o666)
    try:
        _lock(handle)
        yield
    finally:
        os.close(handle)


def _lock(handle: int) -> None:
    """Lock where the file system knows how to; elsewhere trust to luck."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
    except OSError:
        return
