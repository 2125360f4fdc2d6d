"""A snapshot holds the numbers of a session, and asks none of the student's objects for them."""

from typing import Any

import numpy as np
import pytest
import torch

from grader.execution.frames import read_frames
from grader.live import snapshot
from grader.live.session import Session
from grader.live.shown import only_said
from grader.live.snapshot import take_snapshot


def told(session: Session) -> dict[str, dict[str, Any]]:
    frames = [frame.header for frame in read_frames(take_snapshot(session))]
    return {header["path"]: header for header in frames if header["kind"] == "value"}


def left_out(session: Session) -> list[str]:
    frames = [frame.header for frame in read_frames(take_snapshot(session))]
    return [header["what"] for header in frames if header["kind"] == "left_out"]


class Hostile:
    """Whatever it is asked for, it raises."""

    def __init__(self) -> None:
        self.inner = np.ones(2)

    def _refuse(self, *_: object) -> Any:
        raise AssertionError("student code was run")

    __getattr__ = __len__ = __array__ = __iter__ = __eq__ = __repr__ = __bool__ = _refuse  # type: ignore[assignment]
    __hash__ = None  # type: ignore[assignment]


def test_variables_are_told_with_their_library() -> None:
    found = told(Session({"a": np.ones(2), "b": torch.ones(2), "c": [1.0, 2.0], "d": "text"}))

    assert {path: header["library"] for path, header in found.items()} == {
        "a": "numpy",
        "b": "torch",
        "c": "python",
    }


def test_what_cells_ended_with_is_told_with_its_cell() -> None:
    found = told(Session({}, displayed={7: np.ones(2)}))

    assert {(h["origin"], h["cell"]) for h in found.values()} == {("displayed", 7)}


def test_the_shells_own_names_and_results_of_checks_are_left_out() -> None:
    own = {"_": 1.5, "__": 1.5, "_12": 1.5, "In": [1.5], "Out": {1: 1.5}, "_dh": [1.5], "r": 1.5}
    session = Session(
        {**own, "said": only_said("x")}, {}, {3: only_said("x")}, hidden={"r": own["r"]}
    )

    assert told(session) == {}


def test_a_shells_name_that_the_student_took_is_the_students() -> None:
    assert list(told(Session({"r": 2.5}, hidden={"r": 1.5}))) == ["r"]


def test_no_code_of_a_students_object_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Hostile, "__module__", "__main__")

    assert list(told(Session({"h": Hostile()}))) == ["h.inner"]


def test_small_values_come_before_large_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "LIMIT", 20_000)
    session = Session({"large": np.ones(2_000), "larger": np.ones(3_000), "small": np.ones(2)})

    assert list(told(session)) == ["large", "small"]
    assert left_out(session) == ["larger: the recording is full"]


def test_looking_moves_no_random_state_and_changes_no_value() -> None:
    values = {"a": np.arange(6.0).reshape(2, 3), "t": torch.ones(2, requires_grad=True)}
    before = np.random.get_state()[1].copy(), torch.get_rng_state()

    take_snapshot(Session(values))

    assert np.array_equal(before[0], np.random.get_state()[1])
    assert torch.equal(before[1], torch.get_rng_state())
    assert values["t"].grad is None
    assert values["t"].requires_grad
