"""MNIST's own files, made of keras's: as its format says, and always the same."""

import struct
from pathlib import Path

import numpy as np
import pytest

from grader.data.idx import idx_bytes, lay_out
from grader.execution.inside.stand_ins.torchvision.datasets import MNIST


def test_the_format_is_type_and_axes_in_big_endian_and_then_the_bytes() -> None:
    array = np.arange(6, dtype=np.uint8).reshape(3, 2)

    assert idx_bytes(array) == struct.pack(">HBBii", 0, 8, 2, 3, 2) + bytes(range(6))


def test_four_files_come_of_one_and_are_made_once(digits: Path, tmp_path: Path) -> None:
    made = lay_out(digits, tmp_path / "raw")
    before = [path.stat().st_mtime_ns for path in made]

    again = lay_out(digits, tmp_path / "raw")
    elsewhere = lay_out(digits, tmp_path / "other")

    assert [path.name for path in made] == [
        "train-images-idx3-ubyte",
        "train-labels-idx1-ubyte",
        "t10k-images-idx3-ubyte",
        "t10k-labels-idx1-ubyte",
    ]
    assert [path.stat().st_mtime_ns for path in again] == before
    assert [p.read_bytes() for p in elsewhere] == [p.read_bytes() for p in made]


def test_what_is_laid_out_is_read_back_as_it_was(digits: Path, tmp_path: Path) -> None:
    lay_out(digits, tmp_path / "MNIST" / "raw")

    read = MNIST(tmp_path, train=True)

    with np.load(digits, allow_pickle=False) as file:
        assert np.array_equal(read.data.numpy(), file["x_train"])
        assert np.array_equal(read.targets.numpy(), file["y_train"])


GOOD = {
    "x_train": np.zeros((2, 3, 3), np.uint8),
    "y_train": np.zeros(2, np.uint8),
    "x_test": np.zeros((1, 3, 3), np.int64),
    "y_test": np.zeros(1, np.uint8),
}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"x_test": None}, "no .npz file with x_train"),
        ({"x_train": np.zeros((2, 9), np.uint8)}, "x_train has shape"),
        ({"y_test": np.array([0.5])}, "y_test has shape .* float64"),
        ({"y_test": np.array([-1])}, "beyond 0 to 255"),
        ({"x_test": np.full((1, 3, 3), 256)}, "beyond 0 to 255"),
        ({"y_test": np.array([{}])}, "no array of plain numbers"),
    ],
)
def test_a_file_that_holds_no_digits_is_refused(
    changes: dict[str, np.ndarray | None], said: str, tmp_path: Path
) -> None:
    arrays = {name: array for name, array in {**GOOD, **changes}.items() if array is not None}
    np.savez(tmp_path / "file.npz", allow_pickle=True, **arrays)

    with pytest.raises(ValueError, match=said):
        lay_out(tmp_path / "file.npz", tmp_path / "raw")
    assert not (tmp_path / "raw").exists()


def test_a_file_that_is_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file.npz").write_text("no archive")

    with pytest.raises(ValueError, match="not a zip file"):
        lay_out(tmp_path / "file.npz", tmp_path / "raw")
