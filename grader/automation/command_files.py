"""The files by which a step speaks to its runner: kept from others, and written safely."""

import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from grader.faults import UsageFault


@dataclass
class Watch:
    """The names of the files that somebody else changed meanwhile."""

    changed: list[str] = field(default_factory=list)


@contextmanager
def watched(files: Mapping[str, Path]) -> Iterator[Watch]:
    """Put the files back as they were, and say which had been changed.

    What is no file to begin with, as a folder or a link, is nobody's to put back.
    """
    ours = {name: path for name, path in files.items() if _is_plain(path) or not _is_there(path)}
    before = {name: _content(path) for name, path in ours.items()}
    watch = Watch()
    try:
        yield watch
    finally:
        for name, path in ours.items():
            if not _holds(path, before[name]):
                watch.changed.append(name)
                _restore(path, before[name])


def write_outputs(path: Path, outputs: Mapping[str, str]) -> None:
    """Append outputs of a step, each between two lines that nobody could foresee."""
    text = "".join(_entry(name, value) for name, value in outputs.items())
    append(path, text)


def append(path: Path, text: str) -> None:
    """Append a text to one of the runner's files.

    Raises:
        UsageFault: it cannot be written.

    """
    try:
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise UsageFault(f"{path} cannot be written: {error.strerror or error}") from error


def _entry(name: str, value: str) -> str:
    end = f"end-{secrets.token_hex(16)}"
    return f"{name}<<{end}\n{value}\n{end}\n"


def _content(path: Path) -> bytes | None:
    """Read a plain file; None where there is none."""
    return path.read_bytes() if _is_plain(path) else None


def _holds(path: Path, content: bytes | None) -> bool:
    """Say whether a file is as it was; one that grew is not read, it may be of any size."""
    if content is None or not _is_plain(path):
        return content is None and not _is_there(path)
    return path.stat().st_size == len(content) and path.read_bytes() == content


def _is_there(path: Path) -> bool:
    return path.is_symlink() or path.exists()


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _restore(path: Path, content: bytes | None) -> None:
    """Put the content back; written over in place, as the runner may hold the file open."""
    if content is None or not _is_plain(path):
        remove(path)
    if content is not None:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)


def remove(path: Path) -> None:
    """Remove whatever is there, but nothing a link points to."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
