"""A class in bulk: kept, resumed, run again where something changed, and scored by workers."""

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest

from grader.batch import record, record_class, score_class
from grader.execution.outcome import CellRun, Execution
from grader.faults import UsageFault
from grader.recording.store import load
from grader.recording.workspace import recording_path
from grader.rubric.model import Rubric
from grader.rubric.read import read_rubric

LINEAR = Path(__file__).parent / "assignments" / "linear" / "linear.toml"
NAMES = tuple(f"student-{number}" for number in range(1, 13))


@pytest.fixture
def rubric() -> Rubric:
    return read_rubric(LINEAR)


@pytest.fixture
def submissions(tmp_path: Path) -> Path:
    folder = tmp_path / "class"
    folder.mkdir()
    for name in NAMES:
        book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(f"# {name}")])
        nbformat.write(book, folder / f"{name}.ipynb")
    return folder


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Notebooks run, by their source; running costs nothing here."""
    sources: list[str] = []

    def execute(notebook: Any, **options: Any) -> Execution:
        source = notebook.cells[0].source
        if source in broken:
            raise RuntimeError("no kernel")
        sources.append(source.removeprefix("# "))
        return Execution(notebook, (CellRun(1, "", "ok"),), b"", 0.1, 0, "", {})

    monkeypatch.setattr(record, "execute", execute)
    broken.clear()
    return sources


broken: set[str] = set()


def test_every_submission_is_run_once(
    rubric: Rubric, submissions: Path, tmp_path: Path, ran: list[str]
) -> None:
    first = record_class(rubric, submissions, tmp_path / "w", jobs=2)
    second = record_class(rubric, submissions, tmp_path / "w", jobs=2)

    assert (sorted(ran), first.run, second.reused) == (sorted(NAMES), NAMES, NAMES)


def test_only_what_changed_is_run_again(
    rubric: Rubric, submissions: Path, tmp_path: Path, ran: list[str]
) -> None:
    record_class(rubric, submissions, tmp_path / "w")
    (submissions / "student-3.ipynb").write_bytes((submissions / "student-4.ipynb").read_bytes())

    assert record_class(rubric, submissions, tmp_path / "w").run == ("student-3",)


def test_changed_limits_run_everything_again_and_so_does_rerun(
    rubric: Rubric, submissions: Path, tmp_path: Path, ran: list[str]
) -> None:
    record_class(rubric, submissions, tmp_path / "w")
    slower = rubric.limits.model_copy(update={"cell_seconds": 21.0})

    changed = record_class(
        rubric.model_copy(update={"limits": slower}), submissions, tmp_path / "w"
    )
    again = record_class(rubric, submissions, tmp_path / "w", rerun=True)

    assert (changed.run, again.run) == (NAMES, NAMES)


def test_running_one_keeps_the_recordings_of_the_others(
    rubric: Rubric, submissions: Path, tmp_path: Path, ran: list[str]
) -> None:
    record_class(rubric, submissions, tmp_path / "w")

    one = record_class(rubric, submissions, tmp_path / "w", only=["student-2"], rerun=True)
    scored = score_class(LINEAR, tmp_path / "w", tmp_path / "out")

    assert one.run == ("student-2",)
    assert len(scored.grades.grades) == len(NAMES)


def test_who_left_the_class_leaves_the_grades(
    rubric: Rubric, submissions: Path, tmp_path: Path, ran: list[str]
) -> None:
    record_class(rubric, submissions, tmp_path / "w")
    (submissions / "student-5.ipynb").unlink()

    record_class(rubric, submissions, tmp_path / "w")

    grades = score_class(LINEAR, tmp_path / "w", tmp_path / "out").grades.grades
    assert "student-5" not in {grade.submission for grade in grades}


def test_a_notebook_the_grader_failed_to_run_is_told_and_tried_again(
    rubric: Rubric, submissions: Path, tmp_path: Path, ran: list[str]
) -> None:
    broken.add("# student-7")

    first = record_class(rubric, submissions, tmp_path / "w")
    score_class(LINEAR, tmp_path / "w", tmp_path / "out")
    broken.clear()
    second = record_class(rubric, submissions, tmp_path / "w")

    grades = json.loads((tmp_path / "out" / "grades.json").read_text())["submissions"]
    causes = {q["cause"] for s in grades if s["id"] == "student-7" for q in s["questions"]}
    assert (first.faults, causes) == (("student-7",), {"grader_fault"})
    assert (second.run, second.faults) == (("student-7",), ())


def test_a_batch_that_is_stopped_keeps_what_is_finished(
    rubric: Rubric, submissions: Path, tmp_path: Path, ran: list[str]
) -> None:
    def stop(done: int, total: int, submission: str) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        record_class(rubric, submissions, tmp_path / "w", progress=stop)
    rest = record_class(rubric, submissions, tmp_path / "w")

    assert len(rest.reused) >= 3
    assert len(rest.run) + len(rest.reused) == len(NAMES)


def test_a_workspace_of_another_assignment_is_refused(
    rubric: Rubric, submissions: Path, tmp_path: Path, ran: list[str]
) -> None:
    record_class(rubric, submissions, tmp_path / "w")

    with pytest.raises(UsageFault, match='holds recordings of "linear"'):
        record_class(rubric.model_copy(update={"assignment": "other"}), submissions, tmp_path / "w")


def test_workers_grade_as_one_process_does(
    rubric: Rubric, submissions: Path, tmp_path: Path, ran: list[str]
) -> None:
    record_class(rubric, submissions, tmp_path / "w")
    recording_path(tmp_path / "w", "student-9").write_bytes(b"damaged")

    alone = score_class(LINEAR, tmp_path / "w", tmp_path / "one", jobs=1)
    shared = score_class(LINEAR, tmp_path / "w", tmp_path / "two", jobs=2)

    assert alone.grades == shared.grades
    damaged = next(g for g in shared.grades.grades if g.submission == "student-9")
    assert {verdict.cause for verdict in damaged.verdicts} == {"grader_fault"}
    assert "damaged" in (tmp_path / "two" / "grader.log").read_text()


def test_an_incomplete_recording_is_made_anew(
    rubric: Rubric,
    submissions: Path,
    tmp_path: Path,
    ran: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cut = Execution(None, (CellRun(1, "x = 1", "ok"),), b"", 0.1, 0, "", {})
    monkeypatch.setattr(record, "execute", lambda notebook, **options: cut)

    record_class(rubric, submissions, tmp_path / "w", only=["student-1"])

    kept = load(recording_path(tmp_path / "w", "student-1"))
    assert (kept.incomplete, kept.key) == ((1,), "")
