"""Recordings that lost values: said so, and never graded as if nothing were missing."""

from grader.execution.frames import write_frame
from grader.execution.outcome import CellRun, Execution
from grader.recording.assemble import assemble
from grader.recording.model import Recording


def assembled(*frames: bytes, cells: int = 2) -> Recording:
    runs = tuple(CellRun(number, "x = 1", "ok") for number in range(1, cells + 1))
    execution = Execution(None, runs, b"".join(frames), 1.0, 0, "", {})
    return assemble("s", "s.ipynb", "k", None, execution)


def heard(cell: int) -> bytes:
    return write_frame({"kind": "cell", "cell": cell, "torch": []})


def left_out(cell: int, what: str) -> bytes:
    return write_frame({"kind": "left_out", "cell": cell, "what": what})


def test_a_recording_of_which_every_cell_was_heard_is_complete() -> None:
    assert assembled(heard(1), heard(2)).incomplete == ()


def test_a_cell_the_recorder_said_nothing_of_is_incomplete() -> None:
    cut = assembled(heard(1))

    assert (cut.incomplete, cut.key) == ((2,), "")


def test_a_cell_of_which_values_were_dropped_is_incomplete() -> None:
    sentences = [
        left_out(1, "more than 2000 values changed in this cell"),
        left_out(2, "w: the recording is full"),
    ]

    dropped = assembled(*sentences, heard(1), heard(2))

    assert (dropped.incomplete, dropped.key) == ((1, 2), "k")


def test_a_large_value_alone_makes_no_cell_incomplete() -> None:
    sentence = left_out(1, "x_train (376 MB): larger than 1024 KiB")

    assert assembled(sentence, heard(1), heard(2)).incomplete == ()
