"""What a notebook that is checked finds beside it."""

from pathlib import Path

import pytest

from grader.checking import surroundings
from grader.checking.surroundings import bring_beside
from grader.rubric.model import Rubric
from grader.rubric.read import read_rubric

LINEAR = Path(__file__).parents[1] / "assignments" / "linear" / "linear.toml"


@pytest.fixture
def rubric() -> Rubric:
    return read_rubric(LINEAR).model_copy(update={"template": "start.ipynb"})


@pytest.fixture
def room(tmp_path: Path) -> Path:
    (tmp_path / "room").mkdir()
    return tmp_path / "room"


def folder_of(tmp_path: Path, *names: str) -> Path:
    for name in names:
        path = tmp_path / "work" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path / "work"


def brought(work: Path, room: Path, rubric: Rubric, path: Path) -> set[str]:
    assert bring_beside(work / "a.ipynb", room, rubric, path) == room
    return {str(file.relative_to(room)) for file in room.rglob("*") if file.is_file()}


def test_files_of_the_folder_are_brought(tmp_path: Path, room: Path, rubric: Rubric) -> None:
    work = folder_of(tmp_path, "a.ipynb", "mine.py", "data/x.csv")

    assert brought(work, room, rubric, LINEAR) == {"a.ipynb", "mine.py", "data/x.csv"}


def test_a_rubric_among_them_stays_out_with_its_answers(
    tmp_path: Path, room: Path, rubric: Rubric
) -> None:
    answers = ("r.toml", "linear.py", "linear_solution.py", "start.ipynb")
    work = folder_of(tmp_path, "a.ipynb", "mine.py", *answers)

    assert brought(work, room, rubric, work / "r.toml") == {"a.ipynb", "mine.py"}


def test_a_folder_of_a_rubric_among_them_stays_out(
    tmp_path: Path, room: Path, rubric: Rubric
) -> None:
    work = folder_of(tmp_path, "a.ipynb", "x/rubric/r.toml", "x/rubric/deep/linear.py", "x/b.py")

    assert brought(work, room, rubric, work / "x" / "rubric" / "r.toml") == {"a.ipynb", "x/b.py"}


def test_of_a_folder_that_is_no_folder_of_work_nothing_is_brought(
    tmp_path: Path, room: Path, rubric: Rubric, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(surroundings, "FILES_LIMIT", 3)
    work = folder_of(tmp_path, "a.ipynb", "1", "2", "3")

    assert bring_beside(work / "a.ipynb", room, rubric, LINEAR) is None
    assert list(room.iterdir()) == []
