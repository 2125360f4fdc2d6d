"""The files a notebook finds beside it: plain ones, within bounds, brought to where it runs."""

import os
import shutil
import stat
import tarfile
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath

FILES_LIMIT = 2_000
BYTES_LIMIT = 256 * 1024 * 1024
SKIPPED_FOLDERS = {".git", ".venv", "venv", "node_modules", "__pycache__", ".ipynb_checkpoints"}
NOTES_LIMIT = 20


def copy_files(source: Path, target: Path, *, free: Sequence[PurePath] = ()) -> list[str]:
    """Copy files below `source`, none to a place in `free`; give a sentence for each left out."""
    chosen, notes = _choose(source, free)
    for path in chosen:
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    return notes


def pack_files(source: Path | None, *, free: Sequence[PurePath] = ()) -> tuple[int, list[str]]:
    """Pack the files below `source`, but for those at places in `free`, into an archive in memory.

    Returns:
        Its descriptor, and a sentence for each file left out; no files make an empty archive.

    """
    chosen, notes = _choose(source, free) if source is not None else ([], [])
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


def _choose(source: Path, free: Sequence[PurePath]) -> tuple[list[Path], list[str]]:
    """Choose what is brought; the bounds are those of all files together."""
    chosen: list[Path] = []
    notes: list[str] = []
    size = 0
    for path in _plain_files(source):
        if _is_in_the_way(path.relative_to(source), free):
            notes.append(f"{path.relative_to(source)}: data of the assignment take its place")
            continue
        bytes_ = path.stat().st_size
        if len(chosen) >= FILES_LIMIT or size + bytes_ > BYTES_LIMIT:
            notes.append(f"{path.relative_to(source)}: not copied beside the notebook, too much")
            continue
        size += bytes_
        chosen.append(path)
    more = len(notes) - NOTES_LIMIT
    return chosen, [*notes[:NOTES_LIMIT], *([f"{more} more files"] if more > 0 else [])]


def _is_in_the_way(path: PurePath, free: Sequence[PurePath]) -> bool:
    """Say whether a file stands at a place, or above or below it."""
    return any(path == place or path in place.parents or place in path.parents for place in free)


def _plain_files(source: Path) -> Iterator[Path]:
    """Walk the plain files below a folder, in order; links are not followed."""
    for folder, folders, names in os.walk(source, followlinks=False):
        folders[:] = sorted(set(folders) - SKIPPED_FOLDERS)
        for name in sorted(names):
            path = Path(folder, name)
            if stat.S_ISREG(path.lstat().st_mode):
                yield path
