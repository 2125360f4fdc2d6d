"""A digest of everything a run of a submission may depend on."""

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

HASHED_BYTES = 64 * 1024 * 1024  # content read for one submission; beyond it, size and time count
LITTER = frozenset(
    {".ipynb_checkpoints", "__MACOSX", "__pycache__", ".DS_Store"}
    | {".git", ".venv", "venv", "node_modules"}
)


def digest_of(path: Path, files: Path | None) -> str:
    """Digest a notebook and, where the student has a folder, the folder's other files.

    Names within the folder count, names above it do not: a class that moved is unchanged.
    Links are not followed. Of files beyond `HASHED_BYTES` the size and the time of the
    last change stand for the content.
    """
    if files is None:
        return _fingerprint(path, HASHED_BYTES)[0]
    total = hashlib.sha256(os.fsencode(path.relative_to(files)))
    left = HASHED_BYTES
    for other in _files_below(files):
        fingerprint, size = _fingerprint(other, left)
        left -= size
        total.update(b"\0" + os.fsencode(other.relative_to(files)) + b"\0" + fingerprint.encode())
    return total.hexdigest()


def _files_below(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in LITTER)
        links = [name for name in folders if Path(place, name).is_symlink()]
        for name in sorted([*names, *links]):
            if name not in LITTER:
                yield Path(place, name)


def _fingerprint(path: Path, limit: int) -> tuple[str, int]:
    """Digest one file, and say how many bytes that read."""
    try:
        state = path.lstat()
        if stat.S_ISREG(state.st_mode) and state.st_size <= limit:
            return hashlib.sha256(path.read_bytes()).hexdigest(), state.st_size
        described = _described(path, state)
    except OSError as error:
        described = f"unreadable {error.errno}"
    return hashlib.sha256(described.encode("utf-8", "surrogateescape")).hexdigest(), 0


def _described(path: Path, state: os.stat_result) -> str:
    if stat.S_ISLNK(state.st_mode):
        return f"link {os.readlink(path)}"  # noqa: PTH115 - the text of the link, as it stands
    return f"{stat.S_IFMT(state.st_mode)} {state.st_size} {state.st_mtime_ns}"
