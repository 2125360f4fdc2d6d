from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.execution.frames import HEADER_LIMIT, LENGTHS, read_frames, write_frame
from grader.execution.outcome import CellRun, CellStatus, Execution
from grader.recording.assemble import assemble
from grader.recording.model import Recording
from grader.recording.npy import write_npy

VALUE = {"kind": "value", "cell": 2, "origin": "variable", "path": "w1", "library": "numpy"}
DRAWS = {"kind": "draws", "cell": 1, "generator": "torch", "call": "rand", "parameters": {"p": 0.6}}
ONE = write_npy(np.array([1.0]))


def recorded(*frames: bytes, statuses: tuple[CellStatus, ...] = ("ok",) * 5) -> Recording:
    cells = tuple(CellRun(i, "pass", status) for i, status in enumerate(statuses, start=1))
    execution = Execution(None, cells, b"".join(frames), 1.0, 0, "", {}, notes=("no data.csv",))
    return assemble("s1", "s1.ipynb", "key", None, execution)


def test_a_value_keeps_type_shape_and_place() -> None:
    array = np.array([[1, 2]], dtype="float32")
    header = VALUE | {"origin": "printed", "path": "print 1, argument 1", "span": [3, 9]}

    (value,) = recorded(write_frame(header, write_npy(array))).values

    assert value.array.dtype == np.float32
    assert value.array.tolist() == [[1, 2]]
    assert (value.origin, value.cell, value.path) == ("printed", 2, "print 1, argument 1")
    assert value.span == (3, 9)


def test_a_value_lasts_until_the_cell_before_its_end() -> None:
    (value,) = recorded(
        write_frame(VALUE, ONE), write_frame({"kind": "end", "cell": 5, "path": "w1"})
    ).values

    assert (value.cell, value.last_cell) == (2, 4)


def test_a_value_that_nothing_ends_lasts_to_the_last_cell_that_ran() -> None:
    statuses: tuple[CellStatus, ...] = ("ok", "ok", "ok", "died", "not_run")

    (value,) = recorded(write_frame(VALUE, ONE), statuses=statuses).values

    assert value.last_cell == 4


def test_a_changed_value_ends_the_one_before_it() -> None:
    first, second = recorded(write_frame(VALUE, ONE), write_frame(VALUE | {"cell": 4}, ONE)).values

    assert (first.last_cell, second.last_cell) == (3, 5)


def test_the_end_of_the_old_value_does_not_end_the_new_one_of_the_same_cell() -> None:
    first, second = recorded(
        write_frame(VALUE, ONE),
        write_frame(VALUE | {"cell": 4}, ONE),
        write_frame({"kind": "end", "cell": 4, "path": "w1"}),
    ).values

    assert (first.last_cell, second.last_cell) == (3, 5)


def test_a_printed_value_lasts_no_longer_than_its_cell() -> None:
    (value,) = recorded(write_frame(VALUE | {"origin": "printed"}, ONE)).values

    assert value.last_cell == 2


def test_draws_torch_cells_and_notes_are_kept() -> None:
    recording = recorded(
        write_frame(DRAWS, write_npy(np.ones((3, 2)))),
        write_frame({"kind": "cell", "cell": 1, "torch": ["float32"]}),
        write_frame({"kind": "cell", "cell": 2, "torch": []}),
        write_frame({"kind": "left_out", "cell": 3, "what": "x: 376 MB"}),
    )

    assert recording.draws[0].array.shape == (3, 2)
    assert recording.draws[0].parameters == {"p": 0.6}
    assert recording.torch_cells == {1: ("float32",)}
    assert recording.left_out == ("no data.csv", "x: 376 MB")


@pytest.mark.parametrize(
    "frame",
    [
        write_frame(VALUE | {"cell": 6}, ONE),
        write_frame(VALUE | {"cell": True}, ONE),
        write_frame(VALUE | {"cell": "2"}, ONE),
        write_frame(VALUE | {"origin": "stored_output"}, ONE),
        write_frame(VALUE | {"library": ["numpy"]}, ONE),
        write_frame(VALUE | {"path": "x" * 501}, ONE),
        write_frame(VALUE | {"span": [9, 3]}, ONE),
        write_frame(VALUE | {"span": {}}, ONE),
        write_frame(VALUE, b""),
        write_frame(VALUE, ONE + b"more"),
        write_frame({"kind": "judgement"}),
        write_frame({"kind": ["value"]}),
        write_frame({"kind": "end", "cell": 2, "path": None}),
        write_frame({"kind": "cell", "cell": 2, "torch": [1]}),
        write_frame({"kind": "cell", "cell": 2, "torch": "float32"}),
        write_frame({"kind": "left_out", "cell": 2}),
        write_frame(DRAWS | {"generator": "dice"}, ONE),
        write_frame(DRAWS | {"parameters": [1]}, ONE),
        write_frame(DRAWS, write_npy(np.array(1.0))),
    ],
)
def test_an_entry_that_is_not_as_it_should_be_is_left_out_and_noted(frame: bytes) -> None:
    recording = recorded(frame, write_frame(VALUE, ONE))

    assert len(recording.values) == 1
    assert not recording.draws
    assert recording.left_out[1].startswith("an entry of the recorder's stream: ")


def test_parameters_that_are_no_finite_numbers_are_dropped() -> None:
    header = DRAWS | {"parameters": {"p": 1, "scale": float("inf"), "big": 10**400, "name": "x"}}

    (draws,) = recorded(write_frame(header, ONE)).draws

    assert draws.parameters == {"p": 1.0}


def test_a_last_frame_that_is_cut_off_is_no_news() -> None:
    whole = write_frame(VALUE, ONE)

    for end in range(len(whole)):
        recording = recorded(whole, whole[:end])

        assert len(recording.values) == 1
        assert len(recording.left_out) == 1


@pytest.mark.parametrize(
    "garbage",
    [
        LENGTHS.pack(HEADER_LIMIT + 1, 0) + b"x",
        LENGTHS.pack(0, 2**32 - 1),
        LENGTHS.pack(5, 0) + b"[1,2]",
        LENGTHS.pack(4, 0) + b"\xff\xfe{}",
        LENGTHS.pack(60_000, 0) + b"[" * 60_000,
    ],
)
def test_garbage_ends_the_reading_with_a_note(garbage: bytes) -> None:
    recording = recorded(write_frame(VALUE, ONE), garbage, write_frame(VALUE, ONE))

    assert len(recording.values) == 1
    assert "makes no sense" in recording.left_out[1]


def test_a_stream_of_too_many_frames_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.execution.frames.COUNT_LIMIT", 10)

    frames = list(read_frames(write_frame({}) * 12))

    assert len(frames) == 11
    assert "more than" in frames[-1].header["what"]


def test_a_flood_of_notes_is_cut() -> None:
    recording = recorded(write_frame({"kind": "left_out", "cell": 1, "what": "x"}) * 1000)

    assert len(recording.left_out) == 201
    assert recording.left_out[-1] == "and more"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda children: (
        st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=5), children, max_size=3)
    ),
    max_leaves=6,
)


@st.composite
def headers(draw: Any) -> dict[str, Any]:
    header = dict(draw(st.sampled_from([VALUE, DRAWS, {"kind": "end", "cell": 3, "path": "w1"}])))
    for name in draw(st.sets(st.sampled_from([*header, "span", "torch", "what"]), max_size=3)):
        header[name] = draw(JSON)
    return header


@given(st.lists(st.tuples(headers(), st.binary(max_size=50) | st.just(ONE)), max_size=5))
@settings(deadline=None)
def test_no_entry_whatever_it_claims_breaks_the_assembling(entries: list[Any]) -> None:
    recording = recorded(*(write_frame(header, payload) for header, payload in entries))

    assert all(1 <= value.cell <= value.last_cell <= 5 for value in recording.values)


@given(st.binary(max_size=400), st.integers(0, 200), st.integers(0, 255))
@settings(deadline=None)
def test_no_bytes_break_the_assembling(noise: bytes, place: int, byte: int) -> None:
    stream = bytearray(write_frame(VALUE, ONE) + write_frame(DRAWS, ONE))
    stream[place] = byte

    for attempt in (noise, bytes(stream), bytes(stream) + noise):
        assert len(recorded(attempt).values) <= 2
