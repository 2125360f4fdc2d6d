"""All that a step says, for answers made by hand: checking itself is another matter."""

import base64
import json
import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat
import pytest

from grader.automation import action, classroom50
from grader.automation.answer import Answer
from grader.automation.apart import Apart
from grader.results.model import CheckResult
from tests.automation.results import FULL, HALF, OURS, PASSING, UNREADABLE
from tests.automation.test_command_files import read_outputs

FORGED = "::notice title=Autograding complete::Points 100/100"


@dataclass
class Step:
    """A step of a workflow, in a folder of its own."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    capfd: pytest.CaptureFixture[str]

    def __post_init__(self) -> None:
        for name in ("workspace", "temporary"):
            (self.folder / name).mkdir()
        self.set(
            GITHUB_WORKSPACE=self.workspace,
            RUNNER_TEMP=self.folder / "temporary",
            GITHUB_OUTPUT=self.folder / "output",
            GITHUB_STEP_SUMMARY=self.folder / "summary",
        )
        (self.workspace / "gradmark.toml").write_text('rubric = "hw1"\n')
        nbformat.write(nbformat.v4.new_notebook(), self.workspace / "lines.ipynb")

    @property
    def workspace(self) -> Path:
        return self.folder / "workspace"

    def set(self, **environment: object) -> None:
        for name, value in environment.items():
            self.monkeypatch.setenv(name, str(value))

    def answer(self, result: CheckResult, said: str = "") -> None:
        """Have this found, without a check."""
        apart = Apart(Answer(result, "<!doctype html>"), said)
        self.monkeypatch.setattr(action, "check_apart", lambda *_, **__: apart)

    def run(self) -> tuple[int, str]:
        """Run the step; give its exit code and its log."""
        code = action.main()
        return code, self.capfd.readouterr().out

    @property
    def outputs(self) -> dict[str, str]:
        return read_outputs(self.folder / "output")

    @property
    def summary(self) -> str:
        return (self.folder / "summary").read_text()


@pytest.fixture
def step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Step:
    for name in ("CLASSROOM", "ASSIGNMENT", "SUBMISSION_TAG"):
        monkeypatch.delenv(name, raising=False)
    return Step(tmp_path, monkeypatch, capfd)


def test_outputs_agree_with_each_other_and_with_the_result(step: Step) -> None:
    step.answer(HALF)

    code, _ = step.run()

    sent = json.loads(base64.b64decode(step.outputs["result"]))
    assert code == 0
    assert step.outputs["score"] == "5.5"
    assert step.outputs["max-score"] == "8"
    assert step.outputs["passed"] == "false"
    assert step.outputs["status"] == "failure"
    assert sum(test["score"] for test in sent["tests"]) == 5.5
    assert sent["max_score"] == 8


def test_points_are_scaled_to_the_maximum_that_was_asked_for(step: Step) -> None:
    step.answer(FULL)
    step.set(INPUT_MAX_SCORE="100")

    step.run()

    assert (step.outputs["score"], step.outputs["max-score"]) == ("100", "100")
    assert step.outputs["passed"] == "true"


def test_the_report_holds_every_form(step: Step) -> None:
    step.answer(HALF)

    step.run()

    report = Path(step.outputs["report-path"])
    names = {path.name for path in report.iterdir()}
    assert names == {"index.html", "result.json", "junit.xml", "reporter.json"}
    assert report.parent == step.folder / "temporary"
    assert json.loads((report / "result.json").read_text())["checks"][1]["points"] == 1.5
    assert ET.parse(report / "junit.xml").getroot() is not None


def test_annotations_name_the_notebook_by_its_path_in_the_repository(step: Step) -> None:
    step.answer(HALF)
    step.set(INPUT_CONFIG="week1")
    (step.workspace / "week1").mkdir()
    for name in ("gradmark.toml", "lines.ipynb"):
        (step.workspace / name).rename(step.workspace / "week1" / name)

    _, log = step.run()

    commands = [line for line in log.splitlines() if line.startswith("::")]
    assert commands
    assert all("file=week1/lines.ipynb" in line for line in commands)


def test_annotations_and_summary_can_be_left_out(step: Step) -> None:
    step.answer(HALF)
    step.set(INPUT_ANNOTATIONS="false", INPUT_SUMMARY="false")

    _, log = step.run()

    assert "::" not in log
    assert not (step.folder / "summary").exists()


def test_nothing_a_notebook_or_a_checker_says_becomes_a_command(step: Step) -> None:
    forged = replace(
        PASSING, title=f"a\n{FORGED}", sentence=FORGED, outcome="wrong", points=0, difference=FORGED
    )
    step.answer(replace(HALF, title=f"x\n{FORGED}", checks=(forged,), notes=(FORGED,)), FORGED)

    _, log = step.run()

    commands = [line for line in log.splitlines() if line.lstrip().startswith("::")]
    assert {line.split(" ")[0] for line in commands} == {"::error", "::notice"}
    titles = [re.search(r"[ ,]title=([^,]*?)(?:,|::)", line) for line in commands]
    assert [title[1][:5] for title in titles if title] == ["a %3A", "Check"]
    assert not any(line.startswith("::") for line in step.outputs["summary"].splitlines())


def test_files_of_the_runner_that_somebody_wrote_to_are_put_back_and_that_is_said(
    step: Step,
) -> None:
    def forging(*_: object, **__: object) -> Apart:
        for name in ("output", "summary"):
            (step.folder / name).write_text("score=100\n")
        return Apart(Answer(HALF))

    step.monkeypatch.setattr(action, "check_apart", forging)
    step.run()

    assert step.outputs["score"] == "5.5"
    assert "score=100" not in step.summary
    assert "were changed" in step.summary


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"INPUT_FAIL_ON": "sometimes"}, "fail-on"),
        ({"INPUT_NOTEBOOK": "none.ipynb"}, "none.ipynb"),
        ({"INPUT_CONFIG": "nowhere/gradmark.toml"}, "gradmark.toml"),
    ],
)
def test_a_workflow_that_asks_for_what_is_not_there_fails_and_says_why(
    step: Step, environment: dict[str, str], says: str
) -> None:
    step.set(**environment)

    code, log = step.run()

    assert code == 1
    assert says in log
    assert step.outputs["status"] == "error"
    assert says in step.outputs["summary"]
    assert json.loads(base64.b64decode(step.outputs["result"]))["status"] == "error"


@pytest.mark.parametrize("name", ["config", "notebook"])
def test_a_name_longer_than_a_system_takes_is_said_like_any_other(step: Step, name: str) -> None:
    step.set(**{f"INPUT_{name.upper()}": "x" * 5000})

    code, log = step.run()

    assert code == 1
    assert log.startswith("::error title=Nothing was checked::")
    assert step.outputs["status"] == "error"


@pytest.mark.parametrize("name", ["RUNNER_TEMP", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"])
def test_where_nothing_can_be_written_the_log_says_so_in_a_line(step: Step, name: str) -> None:
    step.answer(HALF)
    step.set(**{name: step.folder / "nowhere" / "at all"})

    code, log = step.run()

    assert code == 1
    assert log.startswith("::error title=Not everything was written::")
    assert len(log.splitlines()) == 1


@pytest.mark.parametrize("result", [UNREADABLE, OURS], ids=["unreadable", "ours"])
@pytest.mark.parametrize("classroom", ["none", "classroom50"])
def test_a_notebook_that_could_not_be_checked_is_said_everywhere(
    step: Step, result: CheckResult, classroom: str
) -> None:
    unread = replace(PASSING, outcome="ungraded", points=0)
    step.answer(replace(result, checks=(unread, *HALF.checks[2:])))
    step.set(INPUT_CLASSROOM=classroom)

    code, log = step.run()

    assert code == (0 if result is UNREADABLE else 1)
    assert result.fault in log
    assert result.fault in step.summary
    assert float(step.outputs["score"]) == 0
    assert (step.workspace / "result.json").exists() == (
        classroom == "classroom50" and result is UNREADABLE
    )


def test_classroom_50_is_found_by_its_environment_and_gets_its_files(step: Step) -> None:
    step.answer(HALF)
    step.set(CLASSROOM="c", ASSIGNMENT="lines", SUBMISSION_TAG="submit/x")
    step.set(INPUT_FAIL_ON="fail", COMMIT_URL="u", RELEASE_URL="r", OWNER="o")

    code, _ = step.run()

    written = json.loads((step.workspace / "result.json").read_text())
    assert code == 0
    assert written["schema"] == "classroom50/result/v1"
    assert written["submission"] == "submit/x"
    assert written["score"] < written["max-score"]
    assert "Task 2" in (step.workspace / "release-body.md").read_text()


def test_a_result_that_was_handed_in_ready_made_is_never_left(step: Step) -> None:
    step.answer(OURS)
    step.set(CLASSROOM="c", ASSIGNMENT="lines", SUBMISSION_TAG="submit/x")
    (step.workspace / "result.json").write_text('{"score": 100}')

    code, _ = step.run()

    assert code == 1
    assert not (step.workspace / "result.json").exists()


def test_a_link_in_the_place_of_the_result_is_not_followed(step: Step) -> None:
    target = step.folder / "target"
    target.write_text("untouched")

    def linking(*_: object, **__: object) -> Apart:
        (step.workspace / "result.json").symlink_to(target)
        return Apart(Answer(HALF))

    step.monkeypatch.setattr(action, "check_apart", linking)
    step.set(INPUT_CLASSROOM="classroom50")
    step.run()

    assert target.read_text() == "untouched"
    assert not (step.workspace / "result.json").is_symlink()


def test_without_classroom_50_nothing_is_written_into_the_checkout(step: Step) -> None:
    step.answer(HALF)
    before = sorted(step.workspace.iterdir())

    step.run()

    assert sorted(step.workspace.iterdir()) == before


def test_the_autograder_of_classroom_50_grades_the_folder_it_runs_in(step: Step) -> None:
    step.answer(UNREADABLE)
    config = step.folder / "bundle" / "gradmark.toml"
    config.parent.mkdir()
    config.write_text('rubric = "hw1"\nnotebook = "lines.ipynb"\n')
    step.monkeypatch.chdir(step.workspace)
    step.monkeypatch.delenv("GITHUB_WORKSPACE")

    code = classroom50.main(["--config", str(config)])

    assert code == 0
    assert json.loads((step.workspace / "result.json").read_text())["score"] == 0
    assert step.outputs["status"] == "failure"
