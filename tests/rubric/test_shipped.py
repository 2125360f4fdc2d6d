"""Where a rubric is looked for."""

from pathlib import Path

import pytest

from grader.faults import UsageFault
from grader.rubric import shipped
from grader.rubric.reference import open_rubric
from grader.rubric.shipped import find_rubric, shipped_rubrics


@pytest.fixture
def cwd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory, beside a package that ships the rubrics hw1 and line."""
    package, cwd = tmp_path / "rubrics", tmp_path / "cwd"
    package.mkdir()
    cwd.mkdir()
    for name in ("hw1.toml", "line.toml", "rubric.schema.json"):
        (package / name).touch()
    monkeypatch.setattr(shipped, "files", lambda _: package)
    monkeypatch.chdir(cwd)
    return cwd


@pytest.mark.parametrize("name", ["hw1", "hw1.toml", "rubrics/hw1.toml", "rubrics/hw1"])
def test_a_shipped_rubric_is_found_by_its_name(cwd: Path, name: str) -> None:
    assert find_rubric(name) == cwd.parent / "rubrics" / "hw1.toml"


@pytest.mark.parametrize("name", ["hw1.toml", "hw1", "rubrics/hw1.toml"])
def test_a_file_comes_before_a_shipped_rubric(cwd: Path, name: str) -> None:
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).touch()

    assert find_rubric(name) == Path(name)


def test_a_folder_of_the_same_name_does_not_hide_a_shipped_rubric(cwd: Path) -> None:
    Path("hw1").mkdir()

    assert find_rubric("hw1").name == "hw1.toml"


def test_another_folder_is_left_to_be_refused_when_read(cwd: Path) -> None:
    Path("mine").mkdir()

    assert find_rubric("mine") == Path("mine")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("hw2", 'there is no rubric "hw2"; did you mean "hw1"?'),
        ("my/lines.toml", 'there is no rubric "my/lines.toml"; did you mean "line"?'),
        ("zzz", 'there is no rubric "zzz"; the shipped ones are "hw1" and "line"'),
        ("", 'there is no rubric ""; the shipped ones are "hw1" and "line"'),
    ],
)
def test_a_missing_rubric_is_told_with_those_there_are(cwd: Path, name: str, message: str) -> None:
    with pytest.raises(UsageFault) as fault:
        find_rubric(name)

    assert str(fault.value) == message


@pytest.mark.parametrize("name", ["x" * 5000, "a\0b"])
def test_a_path_the_system_refuses_is_a_missing_rubric(cwd: Path, name: str) -> None:
    with pytest.raises(UsageFault, match="there is no rubric"):
        find_rubric(name)


@pytest.mark.parametrize("name", shipped_rubrics())
def test_every_shipped_rubric_agrees_with_its_reference(name: str) -> None:
    rubric, reference = open_rubric(find_rubric(name))

    assert rubric.points > 0
    assert reference.families
