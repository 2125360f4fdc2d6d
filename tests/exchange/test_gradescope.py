import json
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from jsonschema import validate

from grader.exchange.gradescope import results_json
from grader.results.model import CheckResult
from tests.exchange.results import ESSAY, FIXED, NEWTON, OURS, SECRET, THEIRS, results

SEEN = {"enum": ["visible", "hidden", "after_due_date", "after_published"]}
FORMATS = {"enum": ["text", "html", "simple_format", "md", "ansi"]}
TEST = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "score": {"type": "number"},
        "max_score": {"type": "number"},
        "status": {"enum": ["passed", "failed"]},
        "name": {"type": "string", "minLength": 1},
        "name_format": FORMATS,
        "number": {"type": "string"},
        "output": {"type": "string"},
        "output_format": FORMATS,
        "tags": {"type": "array", "items": {"type": "string"}},
        "visibility": SEEN,
        "extra_data": {"type": "object"},
    },
}
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["tests"],
    "properties": {
        "score": {"type": "number"},
        "execution_time": {"type": "number", "minimum": 0},
        "output": {"type": "string"},
        "output_format": FORMATS,
        "test_output_format": FORMATS,
        "test_name_format": FORMATS,
        "visibility": SEEN,
        "stdout_visibility": SEEN,
        "tests": {"type": "array", "items": TEST},
    },
}


def said(result: CheckResult, *hidden: str) -> Any:
    data = json.loads(results_json(result, hidden=hidden))
    validate(data, SCHEMA)
    return data


@settings(max_examples=60, deadline=None)
@given(results().filter(lambda result: all(one.title.isalnum() for one in result.checks)))
def test_any_result_is_valid_and_has_a_total(result: CheckResult) -> None:
    data = said(result)

    assert "score" in data or all("score" in test for test in data["tests"])


def test_a_hidden_question_is_shown_when_grades_are_published() -> None:
    graded = replace(SECRET, outcome="correct", points=10.0, scope="public")

    tests = said(replace(FIXED, checks=(NEWTON, graded)), "secret")["tests"]

    assert [test["visibility"] for test in tests] == ["visible", "after_published"]
    assert [test["score"] for test in tests] == [5, 10]


def test_what_everybody_reads_does_not_count_hidden_questions() -> None:
    hidden = [
        replace(FIXED, checks=(NEWTON, replace(SECRET, outcome=outcome, scope="public")))
        for outcome in ("correct", "wrong")
    ]

    passing, failing = (said(result, "secret")["output"] for result in hidden)

    assert passing == failing
    assert passing.startswith("1 of 1 public checks passed")


def test_a_question_for_a_person_has_no_score_and_says_so() -> None:
    data = said(replace(FIXED, checks=(NEWTON, ESSAY)))

    assert "score" not in data["tests"][1]
    assert "status" not in data["tests"][1]
    assert "A person decides" in data["tests"][1]["output"]
    assert data["score"] == 5


def test_where_all_is_scored_the_tests_make_the_total() -> None:
    data = said(replace(FIXED, checks=FIXED.checks[:3]))

    assert "score" not in data
    assert [test["score"] for test in data["tests"]] == [5, 7.5, 0]


def test_a_fault_of_the_graders_sets_no_points_anywhere() -> None:
    text = results_json(replace(FIXED, fault="it failed", fault_of="grader"))

    assert '"score"' not in text
    assert '"max_score"' not in text
    assert "no points are set" in said(OURS)["output"]


def test_a_notebook_that_cannot_be_read_says_why() -> None:
    data = said(replace(THEIRS, checks=()))

    assert data["score"] == 0
    assert "cut short at line 7" in data["output"]
    assert {test["score"] for test in said(THEIRS)["tests"]} == {0}


def test_what_is_printed_is_for_teachers() -> None:
    assert said(FIXED)["stdout_visibility"] == "hidden"
