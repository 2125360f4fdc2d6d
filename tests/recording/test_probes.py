"""What probes gave is read without trust: the process that wrote it is the student's."""

from typing import Any

import numpy as np
import pytest

from grader.execution.frames import write_frame
from grader.execution.outcome import Probe, ProbeRun, Step
from grader.recording.model import ProbeResult
from grader.recording.npy import write_npy
from grader.recording.probes import read_probes

PROBE = Probe(
    steps=(Step("f(case0_x)", "y"), Step("layer", "after")),
    inputs={"case0_x": np.arange(3.0)},
    withheld={"labels": np.array([1, 0])},
    labels=("a vector",),
    about="q.0",
    found="f",
)
STEP = {
    "kind": "step",
    "step": 0,
    "name": "y",
    "type": "ndarray",
    "error": "",
    "warnings": [],
    "seconds": 0.25,
    "changed": [],
}
VALUE = {"kind": "value", "path": "y", "library": "numpy"}
ARRAY = write_npy(np.array([1.0, 2.0]))


def read(*frames: bytes, **run: Any) -> ProbeResult:
    [result] = read_probes([PROBE], [ProbeRun(b"".join(frames), **run)])
    return result


def value(payload: bytes = ARRAY, **changed: Any) -> bytes:
    return write_frame({**VALUE, **changed}, payload)


def step(**changed: Any) -> bytes:
    return write_frame({**STEP, **changed})


def test_values_belong_to_the_step_that_ends_after_them() -> None:
    after = (value(path="after.w"), value(path="after.b[0]"), step(step=1, name="after"))

    result = read(value(), step(), *after)

    assert [list(one.values) for one in result.steps] == [[""], [".w", ".b[0]"]]
    assert result.steps[0].array is not None
    assert result.steps[0].array.tolist() == [1.0, 2.0]
    assert result.steps[1].array is None


def test_complex_numbers_are_kept_but_are_no_answer() -> None:
    [taken] = read(value(write_npy(np.array([1.0 + 2.0j]))), step()).steps

    assert list(taken.values) == [""]
    assert taken.array is None


def test_what_was_asked_stands_beside_what_came_of_it() -> None:
    result = read(value(), step(), output="said", error="late")

    assert (result.about, result.found, result.labels) == ("q.0", "f", ("a vector",))
    assert sorted(result.inputs) == ["case0_x", "labels"]
    assert result.arguments(0)["x"].tolist() == [0.0, 1.0, 2.0]
    assert (result.output, result.fault) == ("said", "late")


@pytest.mark.parametrize(
    "frames",
    [
        (step(step=1),),
        (step(step="0"),),
        (step(type=3),),
        (step(error=None),),
        (step(error="x" * 5000),),
        (step(warnings="none"),),
        (step(warnings=[1]),),
        (step(changed=None),),
        (value(path="z"), step()),
        (value(path=7), step()),
        (value(library="jax"), step()),
        (value(payload=b"no array"), step()),
    ],
)
def test_at_the_first_frame_that_is_not_as_it_should_be_reading_ends(
    frames: tuple[bytes, ...],
) -> None:
    assert read(*frames, step()).steps == ()


@pytest.mark.parametrize("seconds", [float("nan"), float("inf"), "1", None, True])
def test_a_time_that_is_none_counts_nothing(seconds: Any) -> None:
    assert read(step(seconds=seconds)).steps[0].seconds == 0.0


def test_a_changed_input_is_one_there_is() -> None:
    [only] = read(step(changed=["case0_x", "case9_x", "__class__"])).steps

    assert only.changed == ("case0_x",)


def test_more_steps_than_were_asked_for_are_not_read() -> None:
    frames = [step(), step(step=1, name="after"), step(step=2, name="more")]

    assert len(read(*frames).steps) == 2


def test_control_characters_steer_no_terminal() -> None:
    result = read(step(error="\x1b[2J gone\x07"), output="a\x00b\nc")

    assert result.steps[0].error == "�[2J gone�"
    assert result.output == "a�b\nc"
