"""What gradmark.toml says, and what is said of one that cannot be used."""

from pathlib import Path

import pytest

from grader.checking.project import find_project, read_project, rubric_in, rubric_of_notebook
from grader.faults import RubricFault

LINEAR = Path(__file__).parents[1] / "assignments" / "linear" / "linear.toml"


def write(folder: Path, text: str) -> Path:
    path = folder / "gradmark.toml"
    path.write_text(text)
    return path


def problems(folder: Path, text: str) -> list[str]:
    path = write(folder, text)
    with pytest.raises(RubricFault) as raised:
        find_project(folder)
    start = f"{path}: "
    assert all(line.startswith(start) for line in raised.value.problems)
    return [line.removeprefix(start) for line in raised.value.problems]


def test_paths_are_those_from_the_file_on(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("")
    write(tmp_path, 'rubric = "mine.toml"\nnotebook = "a.ipynb"\n[supply]\nmnist = "d/x.npz"\n')

    project = find_project(tmp_path)

    assert project is not None
    assert project.rubric == str(tmp_path / "mine.toml")
    assert project.notebook == "a.ipynb"
    assert project.supply == {"mnist": tmp_path / "d" / "x.npz"}


def test_a_rubric_that_ships_is_known_by_name(tmp_path: Path) -> None:
    write(tmp_path, 'rubric = "ps1"')

    project = find_project(tmp_path)

    assert project is not None
    assert project.rubric == "ps1"


def test_a_notebook_finds_the_nearest_file_above_it(tmp_path: Path) -> None:
    inner = tmp_path / "week" / "one"
    inner.mkdir(parents=True)
    write(tmp_path, 'rubric = "ps1"')
    write(tmp_path / "week", 'rubric = "hw1"')

    project = find_project(inner / "a.ipynb")

    assert project is not None
    assert (project.folder, project.rubric) == (tmp_path / "week", "hw1")


def test_a_file_where_anybody_may_write_is_passed_over_unless_it_lies_beside(
    tmp_path: Path,
) -> None:
    inner = tmp_path / "open" / "one"
    inner.mkdir(parents=True)
    (tmp_path / "open").chmod(0o777)
    write(tmp_path / "open", 'rubric = "hw1"')
    write(tmp_path, 'rubric = "ps1"')

    above, beside = find_project(inner), find_project(tmp_path / "open")

    assert above is not None
    assert beside is not None
    assert (above.rubric, beside.rubric) == ("ps1", "hw1")


def test_no_file_is_no_project(tmp_path: Path) -> None:
    assert find_project(tmp_path / "nowhere") is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('rubrik = "hw1"', ['unknown key "rubrik"; did you mean "rubric"?']),
        ("", ['the key "rubric" is missing']),
        ("rubric = 3", ['"rubric" must be text that is not empty; found 3']),
        ('rubric = " "', ['"rubric" must be text that is not empty; found " "']),
        (
            'rubric = "hw1"\nfoo = 1',
            ['unknown key "foo"; the keys are "rubric", "notebook" and "supply"'],
        ),
        (
            'rubric = "hw1"\nsupply = "x"',
            ['"supply" must be a table; found the text "x"'],
        ),
        (
            'rubric = "hw1"\n[supply]\nmnist = 4',
            ['table "supply": "mnist" must be text that is not empty; found 4'],
        ),
        (
            'rubric = "hw1"\n[supply]\n"a b" = "x"',
            [
                'table "supply": the key "a b" must be an id of small letters, digits and single '
                'hyphens, such as "task-1"'
            ],
        ),
        (
            'rubric = "hw11"',
            [
                '"rubric" names neither a file nor a rubric that is shipped: "hw11"; did you mean '
                '"hw1"?'
            ],
        ),
    ],
)
def test_a_problem_is_told_with_its_key_and_what_is_allowed(
    tmp_path: Path, text: str, says: list[str]
) -> None:
    assert problems(tmp_path, text) == says


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    assert len(problems(tmp_path, 'rubric = ""\nnotebook = 1\nsuply = {}')) == 3


def test_a_file_that_is_no_toml_is_told_with_its_line(tmp_path: Path) -> None:
    path = write(tmp_path, '\nrubric = "hw1')

    with pytest.raises(RubricFault, match=r"line 2, column 14: a text is not closed"):
        read_project(path)


def test_a_rubric_of_a_folder_is_found_by_its_path_there() -> None:
    assert rubric_in(LINEAR.parent, "linear.toml") == str(LINEAR)
    assert rubric_in(LINEAR.parent, "hw1") == "hw1"


@pytest.mark.parametrize(
    "notebook",
    [{}, {"metadata": None}, {"metadata": {"gradmark": "hw1"}}]
    + [{"metadata": {"gradmark": {"rubric": value}}} for value in (None, 3, "", "  ", ["hw1"])],
)
def test_metadata_of_any_kind_name_no_rubric(notebook: dict[str, object]) -> None:
    assert rubric_of_notebook(notebook) is None


def test_metadata_name_a_rubric() -> None:
    assert rubric_of_notebook({"metadata": {"gradmark": {"rubric": " hw1 "}}}) == "hw1"
