"""Scikit-learn's handwritten digits as a file in MNIST's format: `python -m tests.digits OUT`."""

import sys
import zipfile
from pathlib import Path

import numpy as np
from numpy.lib import format as npy
from sklearn.datasets import load_digits

DEEPEST = 16  # a pixel of scikit-learn's digits is a number from 0 to 16
ENLARGED = 3  # 8 x 8 pixels become 24 x 24, and lie in the middle of 28 x 28
BORDER = 2
ROUND, EVERY = 10, 5  # writers wrote the ten digits in turn; every fifth round is for testing


def digits() -> dict[str, np.ndarray]:
    """Give 1,437 digits to train with and 360 to test with: images of unsigned bytes, labels."""
    found = load_digits()
    small, labels = found.images.astype(np.int64), found.target.astype(np.uint8)
    bytes_ = ((small * 255 + DEEPEST // 2) // DEEPEST).astype(np.uint8)
    large = np.kron(bytes_, np.ones((1, ENLARGED, ENLARGED), dtype=np.uint8))
    images = np.pad(large, [(0, 0), (BORDER, BORDER), (BORDER, BORDER)])
    test = np.arange(len(labels)) // ROUND % EVERY == EVERY - 1
    return {
        "x_train": images[~test],
        "y_train": labels[~test],
        "x_test": images[test],
        "y_test": labels[test],
    }


def write_npz(path: Path, arrays: dict[str, np.ndarray]) -> None:
    """Write an .npz file whose bytes depend on the arrays alone: not compressed, of no date."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, array in arrays.items():
            entry = zipfile.ZipInfo(f"{name}.npy")
            entry.create_system = 3  # whatever system this is
            with archive.open(entry, "w") as file:
                npy.write_array(file, np.ascontiguousarray(array), (1, 0), allow_pickle=False)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.parent.mkdir(parents=True, exist_ok=True)
    write_npz(target, digits())
