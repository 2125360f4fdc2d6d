import dataclasses
import zipfile
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.execution.outcome import CellRun
from grader.faults import RecordingFault
from grader.recording.model import Draws, RecordedValue, Recording
from grader.recording.store import load, read_key, save

TYPES = (hnp.boolean_dtypes(), hnp.integer_dtypes, hnp.floating_dtypes, hnp.complex_number_dtypes)
ARRAYS = hnp.arrays(
    st.one_of(TYPES[0], *(types(endianness="=") for types in TYPES[1:])),
    hnp.array_shapes(min_dims=0, min_side=0, max_side=3),
)
NUMBERS = st.integers(1, 99)
SECONDS = st.floats(0, 1e6)
VALUES = st.builds(
    RecordedValue,
    array=ARRAYS,
    origin=st.sampled_from(["variable", "printed", "text"]),
    cell=NUMBERS,
    last_cell=NUMBERS,
    path=st.text(max_size=9),
    library=st.sampled_from(["numpy", "torch", "python"]),
    span=st.none() | st.tuples(NUMBERS, NUMBERS),
)
DRAWS = st.builds(
    Draws,
    array=ARRAYS,
    cell=NUMBERS,
    generator=st.sampled_from(["numpy", "torch"]),
    call=st.text(max_size=9),
    parameters=st.dictionaries(st.text(max_size=3), st.floats(allow_nan=False), max_size=2),
)
CELLS = st.builds(
    CellRun,
    number=NUMBERS,
    source=st.text(),
    status=st.sampled_from(["ok", "raised", "died"]),
    seconds=SECONDS,
    error=st.text(),
    output_cut=st.booleans(),
)
RECORDINGS = st.builds(
    Recording,
    submission=st.text(),
    file=st.text(),
    key=st.text(alphabet="0123456789abcdef", max_size=64),
    fault=st.text(),
    cells=st.lists(CELLS, max_size=2).map(tuple),
    values=st.lists(VALUES, max_size=3).map(tuple),
    draws=st.lists(DRAWS, max_size=2).map(tuple),
    torch_cells=st.dictionaries(NUMBERS, st.just(("float32", "float64")), max_size=2),
    left_out=st.lists(st.text(), max_size=2).map(tuple),
    seconds=SECONDS,
    peak_memory_bytes=st.integers(0, 2**40),
    isolation=st.text(),
    environment=st.dictionaries(st.text(), st.text(), max_size=2),
)


def notebook(output: str = "") -> Any:
    cell = nbformat.v4.new_code_cell("1 + 1", id="one")
    cell.outputs = [nbformat.v4.new_output("stream", text=output)]
    return nbformat.v4.new_notebook(cells=[cell])


def example() -> Recording:
    value = RecordedValue(np.array([np.nan, np.inf]), "variable", 1, 2, "w1", "numpy")
    return Recording("s1", "s1.ipynb", "ab12", values=(value,), handed_in=notebook("2"))


def plain(recording: Recording) -> Any:
    """Everything of a recording in a form that == can compare, NaN included."""

    def flat(item: Any) -> Any:
        if isinstance(item, np.ndarray):
            # The padding of long doubles is not part of their value.
            return str(item.dtype), item.shape, [repr(entry) for entry in item.ravel()]
        if dataclasses.is_dataclass(item):
            return {f.name: flat(getattr(item, f.name)) for f in dataclasses.fields(item)}
        return [flat(part) for part in item] if isinstance(item, tuple) else item

    return flat(recording)


@given(RECORDINGS)
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_a_recording_comes_back_as_it_was(tmp_path: Path, recording: Recording) -> None:
    save(recording, tmp_path / "r.zip")

    assert plain(load(tmp_path / "r.zip")) == plain(recording)
    assert read_key(tmp_path / "r.zip") == recording.key


def test_both_notebooks_come_back_as_nbformat_knows_them(tmp_path: Path) -> None:
    recording = dataclasses.replace(example(), executed=notebook("3"))
    save(recording, tmp_path / "r.zip")

    back = load(tmp_path / "r.zip")

    assert back.handed_in == recording.handed_in
    assert back.executed.cells[0].outputs[0].text == "3"


def test_text_that_no_utf8_can_hold_does_not_stop_the_saving(tmp_path: Path) -> None:
    cell = CellRun(1, "x = '\ud800'", "ok")
    save(dataclasses.replace(example(), cells=(cell,)), tmp_path / "r.zip")

    assert load(tmp_path / "r.zip").cells[0].source == "x = '?'"


def test_the_same_recording_makes_the_same_file(tmp_path: Path) -> None:
    save(example(), tmp_path / "a.zip")
    save(example(), tmp_path / "b.zip")

    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_a_file_cut_at_any_place_is_a_recording_fault(tmp_path: Path) -> None:
    path = tmp_path / "r.zip"
    save(example(), path)
    whole = path.read_bytes()

    for end in range(0, len(whole) - 1, 11):
        path.write_bytes(whole[:end])

        with pytest.raises(RecordingFault, match=r"r\.zip: the recording is"):
            load(path)


def test_a_file_with_any_byte_changed_is_a_recording_fault_or_the_same(tmp_path: Path) -> None:
    path = tmp_path / "r.zip"
    save(example(), path)
    whole = path.read_bytes()
    faults = 0

    for place in range(0, len(whole), 5):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x5A]) + whole[place + 1 :])
        try:
            assert plain(load(path)) == plain(example())
        except RecordingFault:
            faults += 1

    assert faults > 50


def test_a_recording_of_another_version_is_named(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "r.zip", "w") as archive:
        archive.comment = b"gradmark/recording/7 abc"

    with pytest.raises(RecordingFault, match="gradmark/recording/7, and gradmark/recording/3"):
        load(tmp_path / "r.zip")
    assert read_key(tmp_path / "r.zip") is None


def test_arrays_that_lie_outside_their_file_are_a_recording_fault(tmp_path: Path) -> None:
    save(example(), tmp_path / "r.zip")
    with (
        zipfile.ZipFile(tmp_path / "r.zip") as old,
        zipfile.ZipFile(tmp_path / "s.zip", "w") as new,
    ):
        new.comment = old.comment
        for name in old.namelist():
            new.writestr(name, b"" if name == "arrays.npy.bin" else old.read(name))

    with pytest.raises(RecordingFault, match="damaged"):
        load(tmp_path / "s.zip")


def test_no_recording_is_a_recording_fault_and_has_no_key(tmp_path: Path) -> None:
    with pytest.raises(RecordingFault, match="there is no such recording"):
        load(tmp_path / "r.zip")
    assert read_key(tmp_path / "r.zip") is None


def test_a_save_that_fails_leaves_the_old_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(example(), tmp_path / "r.zip")

    def refuse(handle: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("os.fsync", refuse)

    with pytest.raises(OSError, match="no space"):
        save(dataclasses.replace(example(), key="new"), tmp_path / "r.zip")
    assert read_key(tmp_path / "r.zip") == "ab12"
    assert [path.name for path in tmp_path.iterdir()] == ["r.zip"]
