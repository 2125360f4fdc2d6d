"""The files a notebook finds beside it: plain ones, within bounds, brought to where it runs."""

import os
import shutil
import stat
import tarfile
from collections.abc import Iterator
from pathlib import Path

FILES_LIMIT = 2_000
BYTES_LIMIT = 256 * 1024 * 1024
SKIPPED_FOLDERS = {".git", ".venv", "venv", "node_modules", "__pycache__", ".ipynb_checkpoints"}
NOTES_LIMIT = 20


def copy_files(source: Path, target: Path) -> list[str]:
    """Copy the files below `source`; give a sentence for each left out."""
    chosen, notes = _choose(source)
    for path in chosen:
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    return notes


def pack_files(source: Path | None) -> tuple[int, list[str]]:
    """Pack the files below `source` into a tar archive in memory.

    Returns:
        Its descriptor, and a sentence for each file left out; no files make an empty archive.

    """
    chosen, notes = _choose(source) if source is not None else ([], [])
    packed = os.memfd_create("files")
    try:
        if chosen and source is not None:
            _pack(source, chosen, packed)
    except BaseException:
        os.close(packed)
        raise
    return packed, notes


def _pack(source: Path, chosen: list[Path], packed: int) -> None:
    """Write files into an archive."""
    with (
        os.fdopen(os.dup(packed), "wb") as file,
        tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for path in chosen:
            entry = tarfile.TarInfo(str(path.relative_to(source)))
            entry.size, entry.mode = path.stat().st_size, 0o644
            with path.open("rb") as content:
                tar.addfile(entry, content)
    os.lseek(packed, 0, os.SEEK_SET)


def _choose(source: Path) -> tuple[list[Path], list[str]]:
    """Choose what is brought; the bounds are those of all files together."""
    chosen: list[Path] = []
    notes: list[str] = []
    size = 0
    for path in _plain_files(source):
        bytes_ = path.stat().st_size
        if len(chosen) >= FILES_LIMIT or size + bytes_ > BYTES_LIMIT:
            notes.append(f"{path.relative_to(source)}: not copied beside the notebook, too much")
            continue
        size += bytes_
        chosen.append(path)
    more = len(notes) - NOTES_LIMIT
    return chosen, [*notes[:NOTES_LIMIT], *([f"{more} more files"] if more > 0 else [])]


def _plain_files(source: Path) -> Iterator[Path]:
    """Walk the plain files below a folder, in order; links are not followed."""
    for folder, folders, names in os.walk(source, followlinks=False):
        folders[:] = sorted(set(folders) - SKIPPED_FOLDERS)
        for name in sorted(names):
            path = Path(folder, name)
            if stat.S_ISREG(path.lstat().st_mode):
                yield path
