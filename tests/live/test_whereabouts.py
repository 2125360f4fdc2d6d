"""A rubric is found by argument, by the project's file, or by the notebook's metadata."""

import json
from pathlib import Path

import pytest

from grader.faults import UsageFault
from grader.live.whereabouts import Whereabouts, rubric_of
from grader.rubric.shipped import shipped_rubrics

HW1 = shipped_rubrics()["hw1"]
PS1 = shipped_rubrics()["ps1"]


def notebook(path: Path, rubric: object) -> Path:
    path.write_text(json.dumps({"metadata": {"gradmark": {"rubric": rubric}}, "cells": []}))
    return path


def test_the_argument_comes_first(tmp_path: Path) -> None:
    (tmp_path / "gradmark.toml").write_text('rubric = "ps1"\n')

    assert rubric_of(Whereabouts(tmp_path, "hw1")) == HW1


def test_a_path_is_one_from_the_notebooks_folder(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text("")

    assert rubric_of(Whereabouts(tmp_path, "own.toml")) == tmp_path / "own.toml"


def test_the_projects_file_comes_second_and_may_lie_above(tmp_path: Path) -> None:
    (tmp_path / "gradmark.toml").write_text('rubric = "ps1"\n')
    below = tmp_path / "work"
    below.mkdir()
    notebook(below / "a.ipynb", "hw1")

    assert rubric_of(Whereabouts(below)) == PS1


def test_the_notebooks_metadata_come_last(tmp_path: Path) -> None:
    own = notebook(tmp_path / "a.ipynb", "hw1")
    notebook(tmp_path / "b.ipynb", "ps1")

    assert rubric_of(Whereabouts(tmp_path, notebook=str(own))) == HW1


def test_the_only_notebook_that_names_a_rubric_is_taken_for_the_sessions(tmp_path: Path) -> None:
    notebook(tmp_path / "a.ipynb", "hw1")
    notebook(tmp_path / "b.ipynb", 3)
    (tmp_path / "c.ipynb").write_text("no notebook")

    assert rubric_of(Whereabouts(tmp_path)) == HW1


def test_of_several_none_is_taken(tmp_path: Path) -> None:
    notebook(tmp_path / "a.ipynb", "hw1")
    notebook(tmp_path / "b.ipynb", "ps1")

    with pytest.raises(UsageFault, match="No rubric was found"):
        rubric_of(Whereabouts(tmp_path))


def test_without_a_rubric_all_three_ways_are_told(tmp_path: Path) -> None:
    with pytest.raises(UsageFault) as fault:
        rubric_of(Whereabouts(tmp_path))

    assert all(way in str(fault.value) for way in ("rubric=", "gradmark.toml", "metadata"))


def test_a_rubric_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageFault, match="hw11"):
        rubric_of(Whereabouts(tmp_path, "hw11"))
