from pathlib import Path

import pytest

import rubrics
from grader.rubric.reference import open_rubric
from grader.scoring.separation import check_separation

REFERENCE = """
from typing import Literal
import numpy as np

GIVEN = {"x": np.array([1.0, 2.0])}

def double(given, *, how: Literal["right", "same", "close", "off"] = "right"):
    added = {"right": 0.0, "same": 0.0, "close": 1e-9, "off": 1.0}[how]
    return {"double": 2 * given["x"] + added}
"""

RUBRIC = """
format = "gradmark/rubric/1"
assignment = "double"
title = "Doubling"
reference = "double.py"

[[question]]
id = "double"
title = "Twice x"
points = 1
expect = "double"

[[question.mistake]]
id = "slip"
when = {{ how = "{how}" }}
worth = 0.5
says = "A slip."
"""


def problems(folder: Path, how: str) -> list[str]:
    (folder / "double.py").write_text(REFERENCE)
    (folder / "double.toml").write_text(RUBRIC.format(how=how))
    return check_separation(*open_rubric(folder / "double.toml"))


def test_hypotheses_that_lie_apart_are_no_problem(tmp_path: Path) -> None:
    assert problems(tmp_path, "off") == []


def test_a_mistake_without_effect_is_named(tmp_path: Path) -> None:
    assert problems(tmp_path, "same") == [
        'question "double": mistake "slip" (how = \'same\') predicts the right value: '
        "it can never be told from a right answer"
    ]


def test_a_mistake_within_the_tolerance_is_named_with_its_distance(tmp_path: Path) -> None:
    [problem] = problems(tmp_path, "close")

    assert "cannot be told apart: they differ by 1e-09" in problem


@pytest.mark.slow
def test_the_shipped_rubrics_have_no_problem() -> None:
    folder = Path(rubrics.__file__).parent

    assert {p.name: check_separation(*open_rubric(p)) for p in folder.glob("*.toml")} == {
        "hw1.toml": []
    }
