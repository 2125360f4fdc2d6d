"""The sample class, run and graded for real: every submission gets what its purpose asks for."""

import json
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from grader.batch import record_class, score_class
from grader.rubric.read import read_rubric

ROOT = Path(__file__).parents[1]
RUBRIC = ROOT / "rubrics" / "hw1.toml"
SAMPLES = tomllib.loads((ROOT / "tests" / "samples_hw1.toml").read_text())["submission"]

# In every run of the suite: right, two kinds of mistakes, stopped midway, and no notebook at all.
ALWAYS = ("student-01", "student-05", "student-16", "student-21", "student-26")

pytestmark = pytest.mark.slow
Graded = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    return grade_class(ROOT / "submissions" / "hw1", tmp_path_factory.mktemp("samples"), jobs=2)


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    folder = tmp_path_factory.mktemp("few")
    for name in ALWAYS:
        shutil.copy(ROOT / "submissions" / "hw1" / f"{name}.ipynb", folder)
    return grade_class(folder, tmp_path_factory.mktemp("reports"), jobs=1)


def grade_class(folder: Path, out: Path, jobs: int) -> Graded:
    rubric = read_rubric(RUBRIC)
    limits = rubric.limits.model_copy(update={"cell_seconds": 30.0})  # two samples use them up
    rubric = rubric.model_copy(update={"limits": limits})
    recorded = record_class(rubric, folder, out / "workspace", jobs=jobs)
    assert not recorded.faults
    score_class(RUBRIC, out / "workspace", out, jobs=jobs)
    grades = json.loads((out / "grades.json").read_text())
    return {submission["id"]: submission for submission in grades["submissions"]}


@pytest.mark.parametrize("name", ALWAYS)
def test_some_submissions_alone_get_what_they_must(few: Graded, name: str) -> None:
    [sample] = [sample for sample in SAMPLES if sample["id"] == name]

    assert_as_told(few[name], sample)


@pytest.mark.proof
def test_the_class_is_complete(graded: Graded) -> None:
    assert list(graded) == [sample["id"] for sample in SAMPLES]


@pytest.mark.proof
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample["id"])
def test_a_submission_gets_what_it_must(graded: Graded, sample: dict[str, Any]) -> None:
    assert_as_told(graded[sample["id"]], sample)


def assert_as_told(got: dict[str, Any], sample: dict[str, Any]) -> None:
    assert got["file"] == sample["file"]
    assert got["status"] == sample["status"]
    found = {question["id"]: question for question in got["questions"]}
    for name, expected in sample["questions"].items():
        assert _told(found[name], expected) == _wanted(expected), (name, found[name]["explanation"])
    assert got["points"] == sample["points"]


def _told(question: dict[str, Any], expected: dict[str, Any]) -> dict[str, Any]:
    conventions = {name: question["conventions"].get(name) for name in _conventions(expected)}
    return {
        "points": question["points"],
        "outcome": question["outcome"],
        "cause": question["cause"],
        "mistakes": sorted(question["mistakes"]),
        "conventions": conventions,
    }


def _wanted(expected: dict[str, Any]) -> dict[str, Any]:
    return {
        "points": expected["points"],
        "outcome": expected["outcome"],
        "cause": expected.get("cause"),
        "mistakes": sorted(expected.get("mistakes", [])),
        "conventions": _conventions(expected),
    }


def _conventions(expected: dict[str, Any]) -> dict[str, str]:
    return dict(expected.get("conventions", {}))


@pytest.mark.proof
def test_every_named_mistake_is_made_by_someone(graded: Graded) -> None:
    declared = {
        mistake.id for question in read_rubric(RUBRIC).question for mistake in question.mistake
    }

    made = {
        mistake
        for submission in graded.values()
        for question in submission["questions"]
        for mistake in question["mistakes"]
    }

    assert made == declared
