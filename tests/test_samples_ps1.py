"""The sample class of PS1, run and graded for real, on digits in MNIST's format."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from grader.batch import record_class, score_class
from grader.execution.asking.plan import Asking
from grader.rubric.read import read_rubric
from tests.digits import digits, write_npz

ROOT = Path(__file__).parents[1]
RUBRIC = ROOT / "rubrics" / "ps1.toml"
SAMPLES = tomllib.loads((ROOT / "tests" / "samples_ps1.toml").read_text())["submission"]

pytestmark = [pytest.mark.proof, pytest.mark.xdist_group("samples-ps1")]


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    out = tmp_path_factory.mktemp("samples")
    write_npz(out / "digits.npz", digits())
    rubric = read_rubric(RUBRIC)
    recorded = record_class(
        rubric,
        ROOT / "submissions" / "ps1",
        out / "workspace",
        jobs=2,
        supply={"mnist": out / "digits.npz"},
        asking=Asking(rubric, RUBRIC),
    )
    assert not recorded.faults
    score_class(RUBRIC, out / "workspace", out, jobs=2)
    grades = json.loads((out / "grades.json").read_text())
    return {submission["id"]: submission for submission in grades["submissions"]}


def test_the_class_is_complete(graded: dict[str, dict[str, Any]]) -> None:
    assert list(graded) == [sample["id"] for sample in SAMPLES]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample["id"])
def test_a_submission_gets_what_it_must(
    graded: dict[str, dict[str, Any]], sample: dict[str, Any]
) -> None:
    got = graded[sample["id"]]
    found = {question["id"]: question for question in got["questions"]}

    for name, expected in sample["questions"].items():
        assert _told(found[name]) == _wanted(expected), (name, found[name])
    assert (got["points"], got["status"]) == (sample["points"], sample["status"])


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample["id"])
def test_the_conventions_that_tell_are_named(
    graded: dict[str, dict[str, Any]], sample: dict[str, Any]
) -> None:
    questions = graded[sample["id"]]["questions"]
    parts = {part["label"]: part for question in questions for part in question["parts"]}

    for label, conventions in sample.get("conventions", {}).items():
        named = parts[label]["conventions"]
        assert {name: named.get(name) for name in conventions} == conventions, label


def _told(question: dict[str, Any]) -> dict[str, Any]:
    waits = [one for one in question["criteria"] if one["points"] is None]
    waiting = sum(one["max_points"] for one in waits)
    waiting += sum(part["max_points"] for part in question["parts"] if part["needs_review"])
    return {
        "points": question["points"],
        "mistakes": sorted(question["mistakes"]),
        "parts": {part["label"]: part["points"] for part in question["parts"]},
        "waiting": waiting,
    }


def _wanted(expected: dict[str, Any]) -> dict[str, Any]:
    return {
        "points": expected["points"],
        "mistakes": sorted(expected.get("mistakes", [])),
        "parts": expected.get("parts", {}),
        "waiting": expected.get("waiting", 0),
    }
