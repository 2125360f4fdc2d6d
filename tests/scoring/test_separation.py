from pathlib import Path

import pytest

import rubrics
from grader.rubric.reference import open_rubric
from grader.scoring.separation import check_predictions, check_separation

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
        "hw1.toml": [],
        "ps1.toml": [],
    }


WRITTEN = Path(__file__).parents[1] / "assignments" / "written"


def part_problems(folder: Path, reference: tuple[str, str], rubric: tuple[str, str]) -> list[str]:
    """What is found where the tests' own assignment of written code is changed."""
    for name, (old, new) in (("written.py", reference), ("written.toml", rubric)):
        text = (WRITTEN / name).read_text()
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1))
    opened = open_rubric(folder / "written.toml")
    return [*check_predictions(*opened), *check_separation(*opened)]


def test_parts_that_are_answered_and_told_apart_are_no_problem(tmp_path: Path) -> None:
    assert part_problems(tmp_path, ("", ""), ("", "")) == []


@pytest.mark.parametrize(
    ("reference", "problem"),
    [
        (
            ("rng = np.random.default_rng(seed)", "rng = None"),
            "numbers makes no inputs: 'NoneType' object has no attribute",
        ),
        (
            ('"""Return values of x of every shape, away from 0."""', "return {}"),
            "numbers makes no cases",
        ),
    ],
)
def test_inputs_that_cannot_be_made_are_told(
    tmp_path: Path, reference: tuple[str, str], problem: str
) -> None:
    found = part_problems(tmp_path, reference, ("", ""))

    assert found[0].startswith(f'question "square", part "square": {problem}')


def test_an_answer_that_is_not_finite_is_told_with_its_case(tmp_path: Path) -> None:
    reference = ("x * x if sign", "x / (0 * x) if sign")

    found = part_problems(tmp_path, reference, ("", ""))

    assert found[0].startswith('question "square", part "square": for one value, square returned')


def test_a_part_without_a_right_answer_is_told(tmp_path: Path) -> None:
    reference = ('return {"result": np.heaviside(x, edge)}', "return None")

    found = part_problems(tmp_path, reference, ("", ""))

    assert found[0] == (
        'question "step", part "step": the function "step" predicts no right answer'
    )


def test_a_mistake_that_these_inputs_do_not_tell_is_named(tmp_path: Path) -> None:
    reference = ("signs = rng.choice([-1.0, 1.0], size=shape)", "signs = 1.0")

    assert part_problems(tmp_path, reference, ("", "")) == [
        'question "square", part "square": mistake "keeps-sign" (sign = \'odd\') predicts the '
        "right value: it can never be told from a right answer"
    ]


def test_a_mistake_at_zero_is_told_only_where_zero_is_among_the_inputs(tmp_path: Path) -> None:
    accept = 'accept = { at_zero = ["zero", "half", "one"] }\npoints = 2\n'
    mistake = '[[question.mistake]]\nid = "edge"\nwhen = { at_zero = "one" }\nsays = "At 0."\n'
    told = (accept, f"points = 2\n\n{mistake}")
    without = (f'inputs = "numbers_and_zero"\n{accept}', f'inputs = "numbers"\n{told[1]}')

    assert part_problems(tmp_path, ("", ""), told) == []
    [problem] = part_problems(tmp_path, ("", ""), without)
    assert "it can never be told from a right answer" in problem
