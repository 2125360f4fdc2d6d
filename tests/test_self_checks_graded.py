"""Notebooks handed in with their self-checks left in get what they get without them."""

from pathlib import Path
from typing import Any

import nbformat
import pytest

from grader.batch import record_class
from grader.batch.perturbing import changes_asked
from grader.batch.scorer import ScoringDesk
from grader.rubric.reference import open_rubric
from grader.scoring.verdict import Grade

ROOT = Path(__file__).parents[1]
RUBRIC = ROOT / "rubrics" / "hw1.toml"
SAMPLES = ("student-01", "student-05", "student-16")
SETTING_UP = "!pip install gradmark\nimport grader\n%load_ext grader\n"
# What a check showed when the student ran it.
STORED = {
    "text/plain": "Task 2: explained by: something done twice; `grad` differs by 0.25 at [1, 2]\n"
    "3 of 6 public checks passed; 35 of 75 points",
    "text/markdown": "**3 of 6** public checks passed",
    "text/html": "<div>3 of 6 public checks passed</div>",
}

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("perturbed")]


def with_checks(notebook: Any) -> Any:
    """Put a check wherever a student might."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    code[0].source = SETTING_UP + code[0].source
    for number, cell in enumerate(code[1:]):
        lead = ("%%check all\n", "grader.check(1.2345)\n", "%check forward-numpy\n")[number % 3]
        cell.source = lead + cell.source
        if cell.outputs:
            shown = nbformat.v4.new_output(
                "execute_result", STORED, execution_count=1, metadata={"gradmark": {"check": True}}
            )
            cell.outputs.append(shown)
    return notebook


@pytest.fixture(
    scope="module",
    params=[
        pytest.param((False, SAMPLES[1:2]), id="one"),
        pytest.param((False, SAMPLES), id="forked", marks=pytest.mark.proof),
        pytest.param((True, SAMPLES[:1]), id="cold", marks=pytest.mark.proof),
    ],
)
def graded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    cold, samples = request.param
    folder, out = (tmp_path_factory.mktemp(name) for name in ("class", "reports"))
    for name in samples:
        sample = nbformat.read(ROOT / "submissions" / "hw1" / f"{name}.ipynb", 4)
        nbformat.write(sample, folder / f"{name}.ipynb")
        nbformat.write(with_checks(sample), folder / f"{name}-checks.ipynb")
    rubric, reference = open_rubric(RUBRIC)
    changes = changes_asked(rubric, reference, asked=True)
    record_class(rubric, folder, out / "workspace", changes=changes, cold=cold)
    desk = ScoringDesk(RUBRIC, out / "workspace", out)
    return {path.stem: desk.work(path.stem) for path in folder.iterdir()}


def told(grade: Grade) -> list[Any]:
    return [
        (v.question, v.outcome, v.points, v.mistakes, v.conventions, v.needs_review, v.remarks)
        for v in grade.verdicts
    ]


def test_grades_are_those_of_the_notebooks_without_checks(graded: dict[str, Grade]) -> None:
    for name in [name for name in graded if not name.endswith("-checks")]:
        assert told(graded[f"{name}-checks"]) == told(graded[name]), name
        assert graded[f"{name}-checks"].status == graded[name].status


def test_what_a_check_showed_before_is_no_output_that_differs(graded: dict[str, Grade]) -> None:
    for name in [name for name in graded if not name.endswith("-checks")]:
        assert graded[f"{name}-checks"].reproduction == graded[name].reproduction, name
