"""`grader check`, used as a student does: one notebook, one command, one exit code."""

import json
from pathlib import Path

import pytest

from tests.checking import conftest as checking
from tests.checking.conftest import WriteNotebook
from tests.checking.test_run import DATA, LINEAR, ORIGIN, RIGHT
from tests.conftest import Run

quick, write_notebook = checking.quick, checking.write_notebook
pytestmark = pytest.mark.usefixtures("quick")


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A log, if one is written, is written here."""
    monkeypatch.chdir(tmp_path)


def test_public_checks_that_pass_end_with_0(run: Run, write_notebook: WriteNotebook) -> None:
    code, out, err = run("check", write_notebook(RIGHT), "--rubric", LINEAR)

    assert code == 0
    assert "2 of 2 public checks passed; the rest is graded after submission" in out
    assert "running line.ipynb" in err


def test_a_check_that_does_not_pass_ends_with_1(run: Run, write_notebook: WriteNotebook) -> None:
    code, out, _ = run("check", write_notebook(ORIGIN), "--rubric", LINEAR)

    assert code == 1
    assert "explained by: through origin" in out
    assert "~ partly" in out


def test_a_notebook_that_cannot_be_read_ends_with_1(run: Run, tmp_path: Path) -> None:
    (tmp_path / "cut.ipynb").write_text('{"cells": [')

    code, out, _ = run("check", "cut.ipynb", "--rubric", LINEAR)

    assert code == 1
    assert "Not checked: cut.ipynb" in out


def test_no_notebook_ends_with_2(run: Run) -> None:
    code, _, err = run("check", "none.ipynb", "--rubric", LINEAR)

    assert (code, err) == (2, "there is no notebook none.ipynb\n")


def test_a_folder_is_no_notebook(run: Run, tmp_path: Path) -> None:
    code, _, err = run("check", tmp_path, "--rubric", LINEAR)

    assert (code, err) == (2, f"{tmp_path} is a folder; name the notebook in it\n")


@pytest.mark.parametrize("form", ["--json", "--markdown"])
@pytest.mark.parametrize("place", [".", "line.ipynb"])
def test_what_is_no_place_to_write_ends_with_2_before_anything_runs(
    run: Run, write_notebook: WriteNotebook, form: str, place: str
) -> None:
    notebook = write_notebook(RIGHT)
    before = notebook.read_bytes()

    code, _, err = run("check", notebook, "--rubric", LINEAR, form, notebook.parent / place)

    assert code == 2
    assert "to write" in err
    assert "running" not in err
    assert notebook.read_bytes() == before


def test_no_rubric_ends_with_2_and_the_three_ways(run: Run, write_notebook: WriteNotebook) -> None:
    code, _, err = run("check", write_notebook(RIGHT))

    assert code == 2
    assert all(way in err for way in ("--rubric", "gradmark.toml", "metadata"))


def test_a_misspelt_question_ends_with_2_before_anything_runs(
    run: Run, write_notebook: WriteNotebook
) -> None:
    asked = ("--question", "lime")

    code, _, err = run("check", write_notebook(RIGHT), "--rubric", LINEAR, *asked)

    assert code == 2
    assert 'there is no question "lime"; did you mean "line"?' in err
    assert "running" not in err


def test_one_question_decides_alone_where_it_is_named(
    run: Run, write_notebook: WriteNotebook
) -> None:
    notebook = write_notebook([DATA, RIGHT[1]])

    code, out, _ = run("check", notebook, "--rubric", LINEAR, "--question", "line")

    assert code == 0
    assert "1 of 1 asked for passed" in out
    assert "residuals" not in out


def test_the_rubric_is_found_in_a_file_beside_the_notebook(
    run: Run, write_notebook: WriteNotebook
) -> None:
    notebook = write_notebook(RIGHT)
    (notebook.parent / "gradmark.toml").write_text(f'rubric = "{LINEAR}"\n')

    code, _, _ = run("check", notebook)

    assert code == 0


def test_the_rubric_is_found_in_the_notebook(run: Run, write_notebook: WriteNotebook) -> None:
    notebook = write_notebook(RIGHT, gradmark={"rubric": str(LINEAR)})

    code, _, _ = run("check", notebook)

    assert code == 0


def test_a_file_that_is_wrong_ends_with_2(run: Run, write_notebook: WriteNotebook) -> None:
    notebook = write_notebook(RIGHT)
    (notebook.parent / "gradmark.toml").write_text('rubrik = "hw1"\n')

    code, _, err = run("check", notebook)

    assert code == 2
    assert 'unknown key "rubrik"; did you mean "rubric"?' in err


def test_the_result_is_written_as_json_and_as_markdown(
    run: Run, write_notebook: WriteNotebook, tmp_path: Path
) -> None:
    files = ("--json", tmp_path / "r.json", "--markdown", tmp_path / "r.md")

    code, _, _ = run("check", write_notebook(ORIGIN), "--rubric", LINEAR, *files)

    written = json.loads((tmp_path / "r.json").read_text())
    assert code == 1
    assert (written["format"], written["passes"]) == ("gradmark/result/1", False)
    assert (tmp_path / "r.md").read_text().startswith("**0 of 2 public checks passed")


def test_without_a_name_the_only_notebook_of_the_folder_is_checked(
    run: Run, write_notebook: WriteNotebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(write_notebook(RIGHT).parent)

    code, out, _ = run("check", "--rubric", LINEAR)

    assert code == 0
    assert "public checks passed" in out


def test_of_several_notebooks_one_has_to_be_named(
    run: Run, write_notebook: WriteNotebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook = write_notebook(RIGHT)
    notebook.with_name("other.ipynb").write_bytes(notebook.read_bytes())
    monkeypatch.chdir(notebook.parent)

    code, _, err = run("check", "--rubric", LINEAR)

    assert code == 2
    assert "several notebooks here, " in err
    assert "name the one that is meant" in err
