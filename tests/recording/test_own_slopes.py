from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.execution.frames import write_frame
from grader.execution.outcome import CellRun, Execution, Probe, ProbeRun
from grader.recording.assemble import assemble
from grader.recording.npy import write_npy
from grader.recording.own_slopes import MOST, read_slopes

ARRAY = np.array([[1.0, -2.0], [3.0, 0.5]])
SLOPE = {"kind": "slope", "function": "net.loss", "constant": "w", "result": 1.5}


def probed(*frames: bytes) -> ProbeRun:
    return ProbeRun(b"".join(frames), slopes={"w": (2, 2)})


def test_a_slope_is_read_with_its_place() -> None:
    [slope] = read_slopes([probed(write_frame(SLOPE, write_npy(ARRAY)))])

    assert slope.array.tolist() == ARRAY.tolist()
    assert (slope.function, slope.constant, slope.result) == ("net.loss", "w", 1.5)


def test_a_recording_keeps_the_slopes_of_its_probes() -> None:
    run = CellRun(1, "pass", "ok")
    probe = probed(write_frame(SLOPE, write_npy(ARRAY)))
    execution = Execution(None, (run,), b"", 1.0, 0, "", {}, asked=(Probe(),), probes=(probe,))

    recording = assemble("s", "s.ipynb", "key", None, execution)

    assert [slope.function for slope in recording.own_slopes] == ["net.loss"]


@pytest.mark.parametrize(
    ("header", "array"),
    [
        ({"kind": "value"}, ARRAY),
        ({"function": 3}, ARRAY),
        ({"function": ""}, ARRAY),
        ({"function": "<b>loss</b>"}, ARRAY),
        ({"function": "loss\n"}, ARRAY),
        ({"function": "l" * 70}, ARRAY),
        ({"function": "a.b.c"}, ARRAY),
        ({"constant": "x"}, ARRAY),
        ({"constant": ["w"]}, ARRAY),
        ({"constant": None}, ARRAY),
        ({"result": "1.5"}, ARRAY),
        ({"result": float("inf")}, ARRAY),
        ({"result": True}, ARRAY),
        ({}, ARRAY[:1]),
        ({}, ARRAY.ravel()),
        ({}, ARRAY.astype(np.float32)),
        ({}, ARRAY.astype(np.complex128)),
        ({}, np.array([[1.0, np.nan], [0.0, 1.0]])),
    ],
)
def test_what_is_not_as_it_should_be_is_dropped(header: dict[str, Any], array: np.ndarray) -> None:
    bad, good = write_frame(SLOPE | header, write_npy(array)), write_frame(SLOPE, write_npy(ARRAY))

    assert len(read_slopes([probed(bad, good)])) == 1


def test_a_probe_that_asked_for_no_slopes_has_none() -> None:
    assert read_slopes([ProbeRun(write_frame(SLOPE, write_npy(ARRAY)))]) == ()


def test_no_more_are_kept_than_a_recording_may_have() -> None:
    frames = [write_frame(SLOPE, write_npy(ARRAY))] * (MOST + 5)

    assert len(read_slopes([probed(*frames)])) == MOST


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_no_stream_makes_reading_fail(stream: bytes) -> None:
    frame = write_frame(SLOPE, write_npy(ARRAY))

    read_slopes([probed(stream), probed(frame[:40] + stream), probed(write_frame(SLOPE, stream))])
