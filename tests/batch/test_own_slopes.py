"""The probe of the students' own losses: passed on to the run, and part of a recording's key."""

import shutil
from pathlib import Path

import nbformat
import numpy as np
import pytest

from grader.batch import record, record_class
from grader.execution.asking.plan import Asking
from grader.execution.isolation import detect
from grader.recording.store import load
from grader.recording.workspace import recording_path
from grader.rubric.model import Rubric
from grader.rubric.read import read_rubric
from grader.rubric.reference import open_rubric
from tests.batch.in_process import in_this_process
from tests.batch.recorders import TestedRecordingDesk
from tests.batch.tiny import TinyDesk

LINEAR = Path(__file__).parents[1] / "assignments" / "linear" / "linear.toml"

pytestmark = pytest.mark.usefixtures("temporary")


@pytest.fixture
def tested(monkeypatch: pytest.MonkeyPatch) -> None:
    """Running costs nothing here."""
    monkeypatch.setattr(record, "RecordingDesk", TestedRecordingDesk)
    monkeypatch.setattr(record, "in_parallel", in_this_process)


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


def asking(with_respect_to: str | None, path: Path = LINEAR) -> Asking:
    return Asking(rubric(with_respect_to), path)


@pytest.fixture
def moved(tmp_path: Path) -> Path:
    """The same assignment with another constant."""
    path = tmp_path / "moved" / LINEAR.name
    shutil.copytree(LINEAR.parent, path.parent)
    code = path.with_name("linear.py")
    code.write_text(code.read_text().replace("1.137", "1.138"))
    return path


@pytest.mark.usefixtures("tested")
@pytest.mark.parametrize(("asked", "runs"), [("t", 0), ("u", 1), (None, 1)])
def test_a_notebook_runs_again_where_other_slopes_are_asked_for(
    asked: str | None, runs: int, submissions: Path, tmp_path: Path
) -> None:
    record_class(rubric("t"), submissions, tmp_path / "w", asking=asking("t"))

    again = record_class(rubric(asked), submissions, tmp_path / "w", asking=asking(asked))

    assert len(again.run) == runs


@pytest.mark.usefixtures("tested")
@pytest.mark.parametrize(("asked", "runs"), [("t", 1), (None, 0)])
def test_constants_matter_where_a_slope_is_asked_for(
    asked: str | None,
    runs: int,
    submissions: Path,
    moved: Path,
    tmp_path: Path,
) -> None:
    record_class(rubric(asked), submissions, tmp_path / "w", asking=asking(asked))

    again = record_class(rubric(asked), submissions, tmp_path / "w", asking=asking(asked, moved))

    assert len(again.run) == runs


@pytest.mark.skipif(not detect().forks, reason="kernels cannot be forked here")
def test_a_recording_keeps_the_slope_of_the_students_loss(
    submissions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record, "RecordingDesk", TinyDesk)

    record_class(rubric("t"), submissions, tmp_path / "w", asking=asking("t"))

    [slope] = load(recording_path(tmp_path / "w", "student-1")).own_slopes
    given = open_rubric(LINEAR)[1].given
    assert (slope.function, slope.constant) == ("loss", "t")
    np.testing.assert_allclose(slope.array, 2 * (given["t"] - given["u"]), atol=1e-8)
