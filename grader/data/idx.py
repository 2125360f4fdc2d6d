"""MNIST's two formats: keras's one .npz file, and the four files torchvision reads."""

from pathlib import Path

import numpy as np

from grader.data.arrays import read_npz
from grader.execution.supplies import READ_ONLY
from grader.recording.files import write_atomically

# What each of the four files is made of; the numbers are those of unsigned bytes in 3 and 1 axes.
FILES = {
    "train-images-idx3-ubyte": "x_train",
    "train-labels-idx1-ubyte": "y_train",
    "t10k-images-idx3-ubyte": "x_test",
    "t10k-labels-idx1-ubyte": "y_test",
}
AXES = {"x_train": 3, "y_train": 1, "x_test": 3, "y_test": 1}


def lay_out(npz: Path, folder: Path) -> list[Path]:
    """Write the four files into a folder, unless they are there; the same input, the same bytes.

    Raises:
        ValueError: the file has no digits in it.

    """
    paths = [folder / name for name in FILES]
    if not all(path.is_file() for path in paths):
        for path, content in zip(paths, _contents(npz), strict=True):
            write_atomically(path, content)
            path.chmod(READ_ONLY)
    return paths


def idx_bytes(array: np.ndarray) -> bytes:
    """Give unsigned bytes in the format of MNIST's own files.

    Source: the "IDX file format" as described with the MNIST database: two zero bytes, the type
    (8: unsigned byte), the number of axes, each axis as a big-endian 32-bit integer, the data.
    """
    head = np.array([0x0800 + array.ndim, *array.shape], dtype=">u4")
    return head.tobytes() + np.ascontiguousarray(array, dtype=np.uint8).tobytes()


def _contents(npz: Path) -> list[bytes]:
    arrays = read_npz(npz)
    if not arrays.keys() >= AXES.keys():
        raise ValueError(f"no .npz file with {', '.join(AXES)} in it")
    return [idx_bytes(_checked(name, arrays[name])) for name in FILES.values()]


def _checked(name: str, array: np.ndarray) -> np.ndarray:
    """Refuse what are no whole numbers from 0 to 255 in the right number of axes."""
    if array.ndim != AXES[name] or array.dtype.kind not in "ui":
        raise ValueError(f"{name} has shape {array.shape} and type {array.dtype}")
    if array.size and (array.min() < 0 or array.max() > 255):
        raise ValueError(f"{name} has values beyond 0 to 255")
    return array
