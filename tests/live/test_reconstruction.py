"""A snapshot becomes a recording that never takes what torch may have computed for NumPy's."""

import numpy as np
import pytest
import torch

from grader.live.asking import Answers
from grader.live.judging import Seen
from grader.live.session import Session
from grader.live.snapshot import take_snapshot
from grader.observation.observe import Observations
from grader.recording.model import Recording

SETUP = "import numpy as np, torch\nw = np.array([0.123, 0.456])\nt = torch.tensor(w)"
NUMPY, TORCH = frozenset({"numpy"}), frozenset({"torch"})


def recorded(
    sources: dict[int, str], session: Session, printed: dict[int, str] | None = None
) -> Recording:
    seen = Seen(take_snapshot(session), sources, True, printed or {})
    return seen.recording(Answers())


def libraries(recording: Recording, path: str) -> frozenset[str]:
    found = [one for one in Observations(recording).recorded if one.path == path]
    return found[-1].libraries


def test_a_value_lies_in_the_cell_that_bound_its_name() -> None:
    recording = recorded({1: "", 2: "a = f()", 5: "b = 1"}, Session({"a": np.ones(2)}))

    assert [(v.path, v.cell, v.last_cell) for v in recording.values] == [("a", 2, 5)]
    assert recording.incomplete == ()


@pytest.mark.parametrize(
    ("source", "value", "expected"),
    [
        ("a = w @ w", np.array([0.5, 0.25 + 1e-9]), NUMPY),
        ("a = t * 2", torch.tensor([0.5, 0.3]), TORCH),
        ("a = (t * 2).numpy()\nb = np.ones(2)", np.array([0.246, 0.912]), NUMPY | TORCH),
        ("a = (t * 2).float().numpy()", np.array([0.246, 0.912], dtype=np.float32), TORCH),
        ("a = [x.item() for x in t]\nb = np.ones(2)", [0.123, 0.456], TORCH),
    ],
)
def test_a_value_is_of_the_library_that_may_have_computed_it(
    source: str, value: object, expected: frozenset[str]
) -> None:
    recording = recorded({1: SETUP, 2: source}, Session({"a": value}))

    assert libraries(recording, "a") == expected


def test_numbers_that_may_have_left_torch_are_no_answers_themselves() -> None:
    value = np.array([0.246, 0.912])

    recording = recorded({1: SETUP, 2: "a = np.abs(t.numpy())"}, Session({"a": value}))

    left = [one for one in recording.values if one.origin == "returned"]
    assert [one.array.ndim for one in left] == [6]


def test_printed_numbers_are_read_where_only_one_library_can_have_printed_them() -> None:
    sources = {1: SETUP, 2: "print(w)", 3: "print(t)\nprint(w)"}
    printed = {2: "[0.123 0.456]\n", 3: "tensor([0.123, 0.456])\n[0.123 0.456]\n"}

    recording = recorded(sources, Session({}), printed)

    texts = [(one.cell, one.path, one.libraries) for one in Observations(recording).printed]
    assert texts == [(2, "printed line 1", NUMPY), (3, "printed line 1", TORCH)]


def test_what_was_printed_and_shown_by_a_cell_that_was_run_again_is_left_out() -> None:
    sources = {1: "a = 1 + 2\nprint(a)\na", 2: "a = 1 + 3\nprint(a)\na"}
    session = Session({"a": 4}, displayed={1: 3, 2: 4})

    recording = recorded(sources, session, {1: "3.25\n", 2: "4.25\n"})

    assert [(one.cell, one.origin) for one in recording.values] == [
        (2, "variable"),
        (2, "displayed"),
    ]
    assert [one.cell for one in Observations(recording).printed] == [2]


def test_what_a_full_snapshot_leaves_out_makes_the_recording_incomplete(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("grader.live.snapshot.LIMIT", 100)

    recording = recorded({1: "a = 1"}, Session({"a": np.ones(100)}))

    assert recording.incomplete == (1,)
