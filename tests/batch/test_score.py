"""A class scored: the same by any number of workers, and no page left of who is gone."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from grader.batch import score, score_class
from grader.faults import UsageFault
from grader.recording.files import sole_use
from grader.recording.store import save
from grader.recording.workspace import ClassList, recording_path, save_class
from tests.batch.in_process import in_this_process
from tests.batch.scorers import TestedScoringDesk
from tests.recordings import recording, value

LINEAR = Path(__file__).parents[1] / "assignments" / "linear" / "linear.toml"
NAMES = ("student-1", "student-2", "student-3", "Student 4")

pytestmark = pytest.mark.usefixtures("temporary")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """One worker is as good as this process where no process matters."""
    monkeypatch.setattr(score, "in_parallel", in_this_process)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    for number, name in enumerate(NAMES):
        made = recording(value("line", [2.0 + number, 1.0]), sources=["line = 1"])
        save(replace(made, submission=name), recording_path(tmp_path / "w", name))
    list_class(tmp_path / "w", NAMES)
    return tmp_path / "w"


def list_class(workspace: Path, names: Sequence[str]) -> None:
    save_class(ClassList("linear", tuple(names)), workspace)


def causes(out: Path, name: str) -> set[str | None]:
    grades = json.loads((out / "grades.json").read_text())["submissions"]
    return {q["cause"] for entry in grades if entry["id"] == name for q in entry["questions"]}


def test_many_workers_grade_as_one_does(workspace: Path, tmp_path: Path, logged: list[str]) -> None:
    recording_path(workspace, "student-3").write_bytes(b"damaged")

    alone = score_class(LINEAR, workspace, tmp_path / "one", jobs=1)
    shared = score_class(LINEAR, workspace, tmp_path / "two", jobs=2)

    for name in ("grades.json", "grades.csv", "index.html", "students/student-1.html"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert [grade.submission for grade in shared.grades.grades] == list(NAMES)
    assert repr(alone.grades) == repr(shared.grades)
    assert causes(tmp_path / "two", "student-3") == {"grader_fault"}
    assert any("damaged" in line for line in logged)


def test_a_recording_that_kills_its_worker_twice_is_a_fault_of_ours_alone(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, logged: list[str]
) -> None:
    monkeypatch.setattr(score, "ScoringDesk", TestedScoringDesk)

    score_class(LINEAR, workspace, tmp_path / "out", jobs=2)

    assert causes(tmp_path / "out", "student-2") == {"grader_fault"}
    assert "grader_fault" not in causes(tmp_path / "out", "student-3")
    assert (tmp_path / "out" / "students" / "student-2.html").exists()
    assert logged[-1] == "student-2: its worker process died twice"


def test_an_empty_class_has_a_report(tmp_path: Path) -> None:
    list_class(tmp_path / "w", ())

    scored = score_class(LINEAR, tmp_path / "w", tmp_path / "out", jobs=2)

    assert scored.index.exists()
    assert json.loads((tmp_path / "out" / "grades.json").read_text())["submissions"] == []


@pytest.mark.usefixtures("quick")
def test_pages_of_who_left_the_class_go_and_foreign_files_stay(
    workspace: Path, tmp_path: Path
) -> None:
    score_class(LINEAR, workspace, tmp_path / "out")
    pages = tmp_path / "out" / "students"
    (pages / "notes.html").touch()
    gone = [page for page in pages.iterdir() if page.name.startswith(("student-3", "student-4~"))]
    list_class(workspace, NAMES[:2])

    score_class(LINEAR, workspace, tmp_path / "out")

    assert len(gone) == 2
    left = sorted(page.name for page in pages.iterdir())
    assert left == ["notes.html", "student-1.html", "student-2.html"]


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    "foreign",
    ["", "[", "[]", '{"format": "other"}', '{"format": "gradmark/grades/1", "submissions": [[]]}'],
)
def test_a_foreign_list_of_grades_removes_nothing(
    workspace: Path, tmp_path: Path, foreign: str
) -> None:
    pages = tmp_path / "out" / "students"
    pages.mkdir(parents=True)
    (pages / "student-9.html").touch()
    (tmp_path / "out" / "grades.json").write_text(foreign)
    list_class(workspace, NAMES[:1])

    score_class(LINEAR, workspace, tmp_path / "out")

    assert (pages / "student-9.html").exists()


def test_reports_that_cannot_be_written_are_one_sentence(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "students").touch()

    with pytest.raises(UsageFault, match=r"student-\d\.html cannot be written"):
        score_class(LINEAR, workspace, tmp_path / "out", jobs=2)


def test_two_graders_do_not_write_one_report(workspace: Path, tmp_path: Path) -> None:
    with sole_use(tmp_path / "out"), pytest.raises(UsageFault, match="another grader is at work"):
        score_class(LINEAR, workspace, tmp_path / "out")


def test_scoring_that_is_stopped_leaves_no_process(
    workspace: Path, tmp_path: Path, temporary: Path
) -> None:
    def stop(done: int, total: int, submission: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        score_class(LINEAR, workspace, tmp_path / "out", jobs=2, progress=stop)

    assert list(temporary.iterdir()) == []
    assert not (tmp_path / "out" / "grades.json").exists()
