"""Arrays of data files: all that are plain numbers, and a sentence for what is anything else."""

from pathlib import Path

import numpy as np
import pytest

from grader.data.arrays import arrays_of
from grader.execution.supplies import Supply
from grader.faults import UsageFault


def supply(path: Path) -> Supply:
    return Supply("mnist", "digits", "0" * 64, (("data/raw", path), ("data/mnist.npz", path)))


def test_arrays_come_by_the_names_of_the_data_and_their_own(digits: Path) -> None:
    found = arrays_of([supply(digits)])

    assert sorted(found["mnist"]) == ["x_test", "x_train", "y_test", "y_train"]
    assert found["mnist"]["y_train"].tolist() == [0, 1, 2]


def test_a_file_that_is_no_archive_has_no_arrays(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no archive")

    assert arrays_of([supply(tmp_path / "notes.txt")]) == {}


def test_an_archive_of_other_things_is_refused_by_its_name(tmp_path: Path) -> None:
    np.savez(tmp_path / "objects.npz", allow_pickle=True, x=np.array([{}]))

    with pytest.raises(UsageFault, match=r"^objects\.npz is no \.npz file that can be read"):
        arrays_of([supply(tmp_path / "objects.npz")])


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "cut.npz", x=np.arange(5000) % 7)
    content = bytearray((tmp_path / "cut.npz").read_bytes())
    content[60:90] = b"\xff" * 30
    (tmp_path / "cut.npz").write_bytes(content)

    with pytest.raises(UsageFault, match=r"^cut\.npz is no \.npz file that can be read"):
        arrays_of([supply(tmp_path / "cut.npz")])
