from pathlib import Path

import nbformat
import pytest

from grader.automation.inputs import Inputs
from grader.automation.target import Target, find_target
from grader.faults import UsageFault


def write_notebook(path: Path, rubric: str | None = None) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    metadata = {"gradmark": {"rubric": rubric}} if rubric else {}
    nbformat.write(nbformat.v4.new_notebook(metadata=metadata), path)
    return path


def write_project(folder: Path, text: str = 'rubric = "hw1"\n') -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "gradmark.toml").write_text(text)
    return folder / "gradmark.toml"


def test_the_only_notebook_is_checked_by_the_rubric_of_the_project(tmp_path: Path) -> None:
    write_project(tmp_path)
    notebook = write_notebook(tmp_path / "anything.ipynb")

    assert find_target(Inputs(), tmp_path) == Target(notebook, "hw1")


def test_the_inputs_come_before_the_project(tmp_path: Path) -> None:
    write_project(tmp_path, 'rubric = "hw1"\nnotebook = "a.ipynb"\n')
    write_notebook(tmp_path / "a.ipynb")
    other = write_notebook(tmp_path / "b.ipynb")

    assert find_target(Inputs(notebook="b.ipynb"), tmp_path).notebook == other


def test_the_project_may_lie_in_a_folder_with_its_notebook(tmp_path: Path) -> None:
    write_project(tmp_path / "week 1", 'rubric = "hw1"\nnotebook = "a.ipynb"\n')
    notebook = write_notebook(tmp_path / "week 1" / "a.ipynb")

    for config in ("week 1", "week 1/gradmark.toml"):
        assert find_target(Inputs(config=config), tmp_path) == Target(notebook, "hw1")


def test_a_config_outside_the_checkout_means_a_notebook_in_it(tmp_path: Path) -> None:
    config = write_project(tmp_path / "teacher", 'rubric = "hw1"\nnotebook = "a.ipynb"\n')
    notebook = write_notebook(tmp_path / "student" / "a.ipynb")

    found = find_target(Inputs(config=str(config)), tmp_path / "student")

    assert found == Target(notebook, "hw1")


def test_a_config_beside_the_checkout_may_be_named_from_there(tmp_path: Path) -> None:
    write_project(tmp_path / "teacher", 'rubric = "hw1"\nnotebook = "a.ipynb"\n')
    notebook = write_notebook(tmp_path / "student" / "a.ipynb")

    found = find_target(Inputs(config="../teacher"), tmp_path / "student")

    assert found.notebook == notebook


def test_a_config_in_a_folder_without_notebooks_means_that_of_the_repository(
    tmp_path: Path,
) -> None:
    write_project(tmp_path / "edition")
    notebook = write_notebook(tmp_path / "a.ipynb")

    assert find_target(Inputs(config="edition"), tmp_path).notebook == notebook


def test_a_notebook_that_a_config_names_is_looked_for_beside_it_only(tmp_path: Path) -> None:
    write_project(tmp_path / "week 1", 'rubric = "hw1"\nnotebook = "a.ipynb"\n')
    write_notebook(tmp_path / "a.ipynb")

    with pytest.raises(UsageFault, match=r"no notebook 'a\.ipynb'"):
        find_target(Inputs(config="week 1"), tmp_path)


def test_a_config_may_be_a_rubric_or_the_name_of_one(tmp_path: Path) -> None:
    write_notebook(tmp_path / "a.ipynb")
    (tmp_path / "own.toml").write_text("")

    assert find_target(Inputs(config="hw1"), tmp_path).rubric == "hw1"
    assert find_target(Inputs(config="own.toml"), tmp_path).rubric == str(tmp_path / "own.toml")


def test_a_notebook_may_name_its_rubric_itself(tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path / "a.ipynb", rubric="hw1")

    assert find_target(Inputs(), tmp_path) == Target(notebook, "hw1")


def test_what_cannot_be_chosen_is_said(tmp_path: Path) -> None:
    write_project(tmp_path)

    with pytest.raises(UsageFault, match="there is no notebook; the input notebook"):
        find_target(Inputs(), tmp_path)
    write_notebook(tmp_path / "a.ipynb")
    write_notebook(tmp_path / "b.ipynb")
    with pytest.raises(UsageFault, match=r"several notebooks \(a.ipynb, b.ipynb\)"):
        find_target(Inputs(), tmp_path)
    with pytest.raises(UsageFault, match=r"there is no notebook 'c\.ipynb'"):
        find_target(Inputs(notebook="c.ipynb"), tmp_path)


def test_a_notebook_without_any_rubric_is_said(tmp_path: Path) -> None:
    write_notebook(tmp_path / "a.ipynb")

    with pytest.raises(UsageFault, match=r"no gradmark.toml in the repository"):
        find_target(Inputs(), tmp_path)


@pytest.mark.parametrize("content", ["", "[]", "no json", '{"metadata": 1}', "[" * 100_000])
def test_a_file_that_is_no_notebook_names_no_rubric(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.ipynb").write_text(content)

    with pytest.raises(UsageFault, match=r"no gradmark\.toml"):
        find_target(Inputs(), tmp_path)
