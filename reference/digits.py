"""Digits no notebook has seen: those of a data set's test part, moved and made noisy."""

from collections.abc import Mapping

import numpy as np

NOISE = 0.02  # standard deviation, of brightness in [0, 1]
BRIGHTEST = 255.0
MOST = 2000  # 13 MB; an accuracy of 90 % is then known within a standard error of 0.7 %


def unseen_digits(seed: int, data: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the test part of `data`, shuffled, and changed too little to look different.

    Every image is moved by at most one pixel along each axis, and gets noise where the
    digit is; what leaves the image on one side is lost. Of a large test part, 2,000 are drawn.

    Args:
        seed: of the order, the shifts and the noise.
        data: the arrays of MNIST's file: x_test (N, 28, 28) in [0, 255], y_test (N,).

    Returns:
        x (N, 1, 784), in [0, 1], and labels (N,), whole numbers from 0 to 9.
    """
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(data["x_test"]))[:MOST]
    images = np.asarray(data["x_test"], dtype=np.float64)[order] / BRIGHTEST
    moved = shifted(images, rng.integers(-1, 2, size=(len(images), 2)))
    noisy = moved + rng.normal(scale=NOISE, size=moved.shape) * (moved > 0)
    x = np.clip(noisy, 0.0, 1.0).reshape(len(images), 1, -1)
    return {"x": x, "labels": np.asarray(data["y_test"], dtype=np.int64)[order]}


def shifted(images: np.ndarray, shifts: np.ndarray) -> np.ndarray:
    """Move images (N, H, W) by whole pixels, `shifts` (N, 2) of -1, 0 or 1; 0 comes in."""
    height, width = images.shape[1:]
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    rows = (1 - shifts[:, 0, None] + np.arange(height))[:, :, None]
    columns = (1 - shifts[:, 1, None] + np.arange(width))[:, None, :]
    moved: np.ndarray = padded[np.arange(len(images))[:, None, None], rows, columns]
    return moved
