"""The digits that tests and samples work on: the same bytes everywhere, in MNIST's format."""

import hashlib
from pathlib import Path

import numpy as np

from tests.digits import digits, write_npz

SHA256 = "5f9d2b27711d94181f1ca5e122fcd125e7405b00674835c4e2c7bf683882406d"


def test_the_digits_are_the_same_bytes_everywhere(tmp_path: Path) -> None:
    write_npz(tmp_path / "digits.npz", digits())

    assert hashlib.sha256((tmp_path / "digits.npz").read_bytes()).hexdigest() == SHA256


def test_the_digits_are_as_keras_has_mnist(tmp_path: Path) -> None:
    write_npz(tmp_path / "digits.npz", digits())

    with np.load(tmp_path / "digits.npz", allow_pickle=False) as file:
        found = {name: file[name] for name in file}

    shapes = {name: array.shape for name, array in found.items()}
    assert shapes == {
        "x_train": (1440, 28, 28),
        "y_train": (1440,),
        "x_test": (357, 28, 28),
        "y_test": (357,),
    }
    assert {array.dtype for array in found.values()} == {np.dtype(np.uint8)}
    assert (found["x_train"].min(), found["x_train"].max()) == (0, 255)
    assert not found["x_train"][:, :2].any()
    assert not found["x_train"][:, :, -2:].any()
    assert np.bincount(found["y_train"]).min() > 130
    assert np.bincount(found["y_test"]).min() > 30
