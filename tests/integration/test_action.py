"""The action itself, run by act on repositories as students have them; only its tools are stubs."""

import base64
import json
import os
import shutil
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest

from tests.integration.actions.hostile import (
    FLOODS,
    LOOPS,
    PRINTS_COMMANDS,
    RAISES_COMMANDS,
    forges_on,
    writes_to,
)
from tests.integration.actions.workflows import EXAMPLES, ROOT, Outcome, export_action, run_workflow

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(sys.platform != "linux", reason="workflows run on Linux"),
]
LINEAR = ROOT / "tests" / "assignments" / "linear"
SOLUTION = (LINEAR / "linear_solution.py").read_text().split("# %%\n")[1:]
GIVEN, LINE, RESIDUALS = (cell.strip() for cell in SOLUTION)
# Half of the four points of "line", and none of the other two.
THROUGH_ORIGIN = "line = np.array([np.sum(t * u) / np.sum(t * t), 0.0])\nprint(line)"

Push = Callable[..., Outcome]


@pytest.fixture(scope="session")
def action(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export_action(tmp_path_factory.mktemp("release") / "action")


@dataclass
class Student:
    """A repository with an example's workflow, and a small assignment in place of its homework."""

    repository: Path
    room: Path

    def hand_in(self, *cells: str) -> None:
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
        nbformat.write(notebook, self.repository / "hw1.ipynb")

    def set_limit(self, seconds: int) -> None:
        rubric = self.repository / "course" / "linear.toml"
        text = rubric.read_text().replace("cell_seconds = 20", f"cell_seconds = {seconds}")
        rubric.write_text(text)


def student_of(example: str, folder: Path) -> Student:
    repository = shutil.copytree(EXAMPLES / example, folder / "repository")
    (repository / "course").mkdir()
    for name in ("linear.toml", "linear.py"):
        shutil.copy(LINEAR / name, repository / "course")
    text = 'rubric = "course/linear.toml"\nnotebook = "hw1.ipynb"\n'
    (repository / "gradmark.toml").write_text(text)
    return Student(repository, folder)


@pytest.fixture
def student(tmp_path: Path) -> Student:
    return student_of("github-plain", tmp_path)


@pytest.fixture
def push(action: Path) -> Push:
    """Push with the grader of this environment; it need not be installed again."""

    def pushing(student: Student, **environment: str) -> Outcome:
        given = {"GRADMARK_VENV": sys.prefix, **environment}
        return run_workflow(student.repository, action, student.room, environment=given)

    return pushing


def said_in(outcome: Outcome) -> dict[str, float]:
    """Give the points by question as the output for reporters has them."""
    sent = json.loads(base64.b64decode(outcome.outputs["result"]))
    return {test["name"]: test["score"] for test in sent["tests"]}


def require_untouched(outcome: Outcome, *, score: str, maximum: str) -> None:
    """Hold that whatever ran got a word in nowhere."""
    assert outcome.outputs["score"] == score
    assert outcome.outputs["max-score"] == maximum
    assert sum(said_in(outcome).values()) == float(score)
    titles = [title for kind in ("notice", "error") for title, _ in outcome.commands(kind)]
    assert titles
    assert "Autograding complete" not in titles
    assert "Points 100/100" not in {said for _, said in outcome.commands("notice")}
    assert outcome.understood <= {"add-path", "error", "notice", "set-output", "summary", "warning"}
    assert "score=1000" not in outcome.summary


def test_full_marks_in_the_homework_of_the_example(
    action: Path, tmp_path: Path, push: Push
) -> None:
    repository = shutil.copytree(EXAMPLES / "github-plain", tmp_path / "repository")
    shutil.copy(ROOT / "submissions" / "hw1" / "student-01.ipynb", repository / "hw1.ipynb")

    outcome = push(Student(repository, tmp_path))

    assert outcome.succeeded
    assert (outcome.outputs["score"], outcome.outputs["max-score"]) == ("100", "100")
    assert outcome.outputs["passed"] == "true"
    assert outcome.commands("error") == outcome.commands("warning") == []
    assert "graded after submission" in outcome.summary
    report = outcome.artifacts / "report"
    assert (report / "index.html").read_text().startswith("<!doctype html>")
    assert len(json.loads((report / "result.json").read_text())["checks"]) == 6
    assert len(list(ET.parse(report / "junit.xml").iter("testcase"))) == 6


def test_a_partial_answer_is_explained_and_fails_the_step_where_it_shall(
    student: Student, push: Push
) -> None:
    student.hand_in(GIVEN, THROUGH_ORIGIN)

    outcome = push(student)

    assert not outcome.succeeded
    require_untouched(outcome, score="2", maximum="6")
    assert outcome.outputs["passed"] == "false"
    assert "forced through the origin" in outcome.summary
    assert outcome.commands("warning") or outcome.commands("error")
    assert (outcome.artifacts / "report" / "reporter.json").exists()


def test_the_reporters_two_totals_are_those_of_the_outputs(tmp_path: Path, push: Push) -> None:
    student = student_of("classroom-reporter", tmp_path)
    student.hand_in(GIVEN, THROUGH_ORIGIN, PRINTS_COMMANDS)

    outcome = push(student)

    announced = [said for title, said in outcome.commands("notice") if title.startswith("Autogr")]
    score = outcome.outputs["score"]
    assert outcome.outputs["max-score"] == "100"
    assert announced[0] == f"Points {score}/100"
    assert json.loads(announced[1]) == {"totalPoints": float(score), "maxPoints": 100}
    assert f"Counted: {float(score):.2f}" in outcome.log
    assert len(announced) == 2


def test_a_notebook_that_loops_is_stopped_and_what_it_had_counts(
    student: Student, push: Push
) -> None:
    student.set_limit(8)  # and the other cells have far more time than they need
    student.hand_in(GIVEN, LINE, LOOPS + RESIDUALS)

    outcome = push(student)

    require_untouched(outcome, score="4", maximum="6")
    assert outcome.outputs["status"] == "failure"


@pytest.mark.parametrize("cell", [PRINTS_COMMANDS, RAISES_COMMANDS], ids=["printed", "raised"])
def test_a_command_a_notebook_prints_is_none(student: Student, push: Push, cell: str) -> None:
    student.hand_in(GIVEN, cell, THROUGH_ORIGIN)

    outcome = push(student)

    assert outcome.outputs["max-score"] == "6"
    require_untouched(outcome, score=outcome.outputs["score"], maximum="6")
    assert float(outcome.outputs["score"]) <= 2
    assert "::notice title=Autograding" not in outcome.log


def test_outputs_and_summary_are_ours_even_where_a_notebook_guesses_their_paths(
    student: Student, push: Push
) -> None:
    guess = writes_to(f"{student.room}/cache/**/act/workflow/*")
    student.hand_in(GIVEN, guess, THROUGH_ORIGIN)

    outcome = push(student)

    require_untouched(outcome, score="2", maximum="6")
    assert "e30=" not in outcome.outputs.values()


def test_even_what_runs_outside_a_notebooks_walls_is_ended_and_taken_back(
    student: Student, push: Push
) -> None:
    """A reference in the student's repository runs in the checker itself, with no walls around."""
    reference = student.repository / "course" / "linear.py"
    forging = forges_on(f"{student.room}/cache/*/act/workflow/*")
    reference.write_text(f"{reference.read_text()}\n{forging}")
    student.hand_in(GIVEN, THROUGH_ORIGIN)

    outcome = push(student)

    require_untouched(outcome, score="2", maximum="6")
    assert "were changed" in outcome.summary


def test_five_megabytes_of_output_go_nowhere(student: Student, push: Push) -> None:
    student.hand_in(GIVEN, FLOODS, LINE, RESIDUALS)

    outcome = push(student)

    require_untouched(outcome, score="6", maximum="6")
    assert len(outcome.outputs["result"]) <= 64 * 1024
    assert len(outcome.summary) < 100_000
    assert len(outcome.log) < 10_000


def test_a_workflow_that_names_no_notebook_of_the_repository_fails_and_says_so(
    student: Student, push: Push
) -> None:
    (student.repository / "hw1.ipynb").unlink()

    outcome = push(student)

    assert not outcome.succeeded
    assert outcome.outputs["status"] == "error"
    assert any("hw1.ipynb" in said for _, said in outcome.commands("error"))


def test_modules_a_student_calls_like_ours_are_never_imported(student: Student, push: Push) -> None:
    for name in ("grader", "json", "pydantic"):
        (student.repository / f"{name}.py").write_text("print('::notice title=mine::here')\n")
    student.hand_in(GIVEN, LINE, RESIDUALS)

    outcome = push(student)

    require_untouched(outcome, score="6", maximum="6")
    assert "mine" not in [title for title, _ in outcome.commands("notice")]


def test_the_action_installs_itself_where_there_is_nothing(student: Student, action: Path) -> None:
    """The one run with the real installation: PyTorch and all, into a folder of its own."""
    wheels = os.environ.get("PIP_FIND_LINKS", "")
    workflow = student.repository / ".github" / "workflows" / "check.yml"
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    asked = f"fail-on: fail\n          python-version: '{version}'\n          torch: "
    asked += "none" if wheels else "cpu"
    workflow.write_text(workflow.read_text().replace("fail-on: fail", asked))
    (student.repository / "uv.toml").write_text('index-url = "https://index.invalid/simple"\n')
    student.hand_in(GIVEN, LINE, RESIDUALS)
    given = {"UV_CONSTRAINT": str(ROOT / "constraints.txt"), "UV_FIND_LINKS": wheels}

    outcome = run_workflow(student.repository, action, student.room, environment=given, limit=900)

    require_untouched(outcome, score="6", maximum="6")
    [python] = {
        line["arg"]
        for line in outcome.lines
        if line.get("command") == "set-output" and line["name"] == "python"
    }
    assert Path(python).is_relative_to(student.room)
    assert not Path(python).is_relative_to(sys.prefix)
