"""The probe of the students' own losses: passed on to the run, and part of a recording's key."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest

from grader.batch import record, record_class
from grader.execution.isolation import detect
from grader.recording.store import load
from grader.recording.workspace import recording_path
from grader.rubric.model import Rubric
from grader.rubric.read import read_rubric
from tests.batch.recorders import TestedRecordingDesk

LINEAR = Path(__file__).parents[1] / "assignments" / "linear" / "linear.toml"
GIVEN = {"t": np.array([0.0, 1.0, 2.5]), "u": np.array([1.0, 2.0, 4.0])}

pytestmark = pytest.mark.usefixtures("temporary")


def rubric(with_respect_to: str | None) -> Rubric:
    read = read_rubric(LINEAR)
    first, *others = read.question
    asked = first.model_copy(update={"with_respect_to": with_respect_to})
    return read.model_copy(update={"question": [asked, *others]})


@pytest.fixture
def submissions(tmp_path: Path) -> Path:
    (tmp_path / "class").mkdir()
    source = "# student-1\ndef loss(t, u): return ((t - u) ** 2).sum()"
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    nbformat.write(book, tmp_path / "class" / "student-1.ipynb")
    return tmp_path / "class"


@pytest.mark.parametrize(
    ("asked", "given", "runs"),
    [
        ("t", GIVEN, 0),
        ("t", {**GIVEN, "u": GIVEN["u"] + 1}, 1),
        ("u", GIVEN, 1),
        (None, GIVEN, 1),
    ],
)
def test_a_notebook_runs_again_where_other_slopes_are_asked_for(
    asked: str | None,
    given: Mapping[str, Any],
    runs: int,
    submissions: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(record, "RecordingDesk", TestedRecordingDesk)
    record_class(rubric("t"), submissions, tmp_path / "w", given=GIVEN)

    again = record_class(rubric(asked), submissions, tmp_path / "w", given=given)

    assert len(again.run) == runs


def test_constants_are_of_no_matter_where_no_slope_is_asked_for(
    submissions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record, "RecordingDesk", TestedRecordingDesk)
    record_class(rubric(None), submissions, tmp_path / "w")

    assert record_class(rubric(None), submissions, tmp_path / "w", given=GIVEN).run == ()


@pytest.mark.skipif(not detect().forks, reason="kernels cannot be forked here")
def test_a_recording_keeps_the_slope_of_the_students_loss(
    submissions: Path, tmp_path: Path
) -> None:
    record_class(rubric("t"), submissions, tmp_path / "w", given=GIVEN)

    [slope] = load(recording_path(tmp_path / "w", "student-1")).own_slopes
    assert (slope.function, slope.constant) == ("loss", "t")
    np.testing.assert_allclose(slope.array, 2 * (GIVEN["t"] - GIVEN["u"]), atol=1e-8)
