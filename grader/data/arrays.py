"""The arrays in data files, for those who make inputs of them."""

import zipfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from grader.data.idx import SIZE_LIMIT
from grader.execution.supplies import Supply
from grader.faults import UsageFault
from grader.recording.npy import read_npy


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


def _read(path: Path) -> dict[str, np.ndarray]:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if entry.file_size <= SIZE_LIMIT]
            return {
                entry.filename.removesuffix(".npy"): read_npy(archive.read(entry))
                for entry in entries
                if entry.filename.endswith(".npy")
            }
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise UsageFault(f"{path.name} is no .npz file that can be read: {error}") from error
