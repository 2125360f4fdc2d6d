"""Named arrays of numbers in one file: an .npz, and never a pickle."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from grader.recording.files import write_atomically
from grader.recording.npy import read_npy

_MOST_BYTES = 2**26


def save_arrays(path: Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Write arrays to a file that others may be reading or writing at the same time.

    Raises:
        OSError: nothing can be written there.

    """
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    write_atomically(path, buffer.getvalue())


def load_arrays(path: Path) -> dict[str, np.ndarray] | None:
    """Read the arrays of a file; None where there is none, or it is damaged."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            return None
        with zipfile.ZipFile(path) as archive:
            if sum(member.file_size for member in archive.infolist()) > _MOST_BYTES:
                return None
            return {
                name.removesuffix(".npy"): read_npy(archive.read(name))
                for name in archive.namelist()
            }
    except (OSError, ValueError, zipfile.BadZipFile, EOFError, NotImplementedError):
        return None
