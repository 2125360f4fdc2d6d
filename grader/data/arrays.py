"""The arrays in data files: plain numbers, read from .npz files without trust."""

import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from grader.execution.supplies import Supply
from grader.faults import UsageFault
from grader.recording.npy import read_npy

SIZE_LIMIT = 2**30  # bytes of one array
_UNREADABLE = (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError, RuntimeError)


def arrays_of(supplies: Iterable[Supply]) -> dict[str, dict[str, np.ndarray]]:
    """Read the arrays of all .npz files that were supplied, by the files' names.

    Raises:
        UsageFault: one of them cannot be read.

    """
    found = {}
    for supply in supplies:
        paths = [path for _, path in supply.places if zipfile.is_zipfile(path)]
        if paths:
            found[supply.name] = _read(paths[0])
    return found


def read_npz(path: Path) -> dict[str, np.ndarray]:
    """Read the arrays of an .npz file by their names; those that are too large are left out.

    Raises:
        ValueError: it is no such file, or holds an array of anything but numbers.

    """
    try:
        with zipfile.ZipFile(path) as archive:
            return {
                entry.filename.removesuffix(".npy"): read_npy(archive.read(entry))
                for entry in archive.infolist()
                if entry.filename.endswith(".npy") and entry.file_size <= SIZE_LIMIT
            }
    except _UNREADABLE as error:
        raise ValueError(str(error)) from error


def _read(path: Path) -> dict[str, np.ndarray]:
    try:
        return read_npz(path)
    except ValueError as error:
        raise UsageFault(f"{path.name} is no .npz file that can be read: {error}") from error
