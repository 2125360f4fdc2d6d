"""Reports written anew after people decided, without judging anything again."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.batch import score, score_class
from grader.batch.deciding import judge_one, redecided, write_decided
from grader.faults import UsageFault
from grader.recording.files import sole_use
from grader.recording.store import save
from grader.recording.workspace import ClassList, recording_path, save_class
from grader.review.decisions import Decision, Decisions, made_of
from grader.review.merging import substance
from grader.scoring.verdict import ClassGrades
from tests.batch.in_process import in_this_process
from tests.recordings import recording, value

LINEAR = Path(__file__).parents[1] / "assignments" / "linear" / "linear.toml"

pytestmark = pytest.mark.usefixtures("temporary")


@pytest.fixture
def scored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ClassGrades:
    monkeypatch.setattr(score, "in_parallel", in_this_process)
    for name in ("ada", "bob"):
        made = recording(value("line", [2.0, 1.0]), sources=["line = 1"])
        save(replace(made, submission=name), recording_path(tmp_path / "w", name))
    save_class(ClassList("linear", ("ada", "bob")), tmp_path / "w")
    return score_class(LINEAR, tmp_path / "w", tmp_path / "out").grades


def overruled(grades: ClassGrades, points: float) -> Decisions:
    first = grades.grades[0].verdicts[0]
    decision = Decision(
        submission="ada",
        question=first.question,
        kind="points",
        points=points,
        text="As agreed.",
        judged=substance(first),
        at=datetime(2024, 5, 2, tzinfo=UTC),
    )
    return made_of("linear", [decision])


def test_only_the_pages_that_changed_are_written(scored: ClassGrades, tmp_path: Path) -> None:
    pages = tmp_path / "out" / "students"
    (tmp_path / "out" / "index.html").unlink()
    (pages / "bob.html").write_text("as it was")

    write_decided(
        redecided(scored, overruled(scored, 3)), {"ada"}, tmp_path / "w", tmp_path / "out"
    )

    grades = json.loads((tmp_path / "out" / "grades.json").read_text())["submissions"]
    assert [entry["points"] for entry in grades] == [3, 0]
    assert "As agreed." in (pages / "ada.html").read_text()
    assert (pages / "bob.html").read_text() == "as it was"
    assert (tmp_path / "out" / "index.html").exists()


def test_a_recording_that_is_gone_costs_no_decision(scored: ClassGrades, tmp_path: Path) -> None:
    recording_path(tmp_path / "w", "ada").unlink()

    write_decided(
        redecided(scored, overruled(scored, 3)), {"ada"}, tmp_path / "w", tmp_path / "out"
    )

    assert "As agreed." in (tmp_path / "out" / "students" / "ada.html").read_text()


def test_a_recording_that_is_gone_is_told_without_its_place(
    scored: ClassGrades, tmp_path: Path
) -> None:
    recording_path(tmp_path / "w", "ada").unlink()

    write_decided(scored, {"ada"}, tmp_path / "w", tmp_path / "out")

    page = (tmp_path / "out" / "students" / "ada.html").read_text()
    assert "missing or damaged" in page
    assert str(tmp_path) not in page


def test_reports_another_grader_writes_are_left_alone(scored: ClassGrades, tmp_path: Path) -> None:
    with sole_use(tmp_path / "out"), pytest.raises(UsageFault, match="another grader"):
        write_decided(scored, {"ada"}, tmp_path / "w", tmp_path / "out")


def test_one_submission_is_judged_as_in_its_class_and_nothing_is_written(
    scored: ClassGrades, tmp_path: Path
) -> None:
    alone = judge_one(LINEAR, tmp_path / "w", tmp_path / "other", "ada")

    in_class = scored.grades[0]
    assert [substance(one) for one in alone.verdicts] == [
        substance(one) for one in in_class.verdicts
    ]
    assert not (tmp_path / "other").exists()
