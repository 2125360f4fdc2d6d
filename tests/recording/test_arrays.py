import zipfile
from pathlib import Path

import numpy as np
import pytest

from grader.recording.arrays import load_arrays, save_arrays


def test_arrays_come_back_as_they_were(tmp_path: Path) -> None:
    arrays = {"rows": np.arange(6.0).reshape(2, 3), "count": np.array(20_000), "none": np.ones(0)}

    save_arrays(tmp_path / "new" / "some.npz", arrays)
    found = load_arrays(tmp_path / "new" / "some.npz")

    assert found is not None
    assert found.keys() == arrays.keys()
    for name, array in arrays.items():
        np.testing.assert_array_equal(found[name], array)
        assert found[name].dtype == array.dtype


def test_numpy_reads_the_file_without_pickles(tmp_path: Path) -> None:
    save_arrays(tmp_path / "some.npz", {"rows": np.eye(2)})

    with np.load(tmp_path / "some.npz", allow_pickle=False) as found:
        np.testing.assert_array_equal(found["rows"], np.eye(2))


@pytest.mark.parametrize("keep", [0, 10, 0.5, 0.99])
def test_a_damaged_file_holds_nothing(tmp_path: Path, keep: float) -> None:
    path = tmp_path / "some.npz"
    save_arrays(path, {"rows": np.eye(20)})
    data = path.read_bytes()
    path.write_bytes(data[: int(keep if keep > 1 else keep * len(data))])

    assert load_arrays(path) is None


def test_a_file_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert load_arrays(tmp_path / "none.npz") is None
    assert load_arrays(tmp_path) is None


def test_objects_are_not_read(tmp_path: Path) -> None:
    np.savez(tmp_path / "objects.npz", rows=np.array([{}], dtype=object))

    assert load_arrays(tmp_path / "objects.npz") is None


def test_what_unpacks_to_far_more_is_not_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "huge.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("rows.npy", bytes(2**27))

    assert load_arrays(tmp_path / "huge.npz") is None
