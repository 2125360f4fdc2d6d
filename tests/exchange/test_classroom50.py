import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings

from grader.exchange.classroom50 import result_json
from grader.results.model import CheckResult
from tests.exchange.classroom50 import problems
from tests.exchange.results import FIXED, NEWTON, OURS, THEIRS, results

NOW = datetime(2026, 9, 1, 12, 0, 5, tzinfo=UTC)
FACTS = {
    "CLASSROOM": "numerics",
    "ASSIGNMENT": "fits",
    "SUBMISSION_TAG": "submit/2026-09-01T11-58-31Z-a1b2c3d",
    "USERNAME": "ada",
    "OWNER": "ada",
    "ASSIGNMENT_TYPE": "group",
    "COMMIT_URL": "https://github.com/org/numerics-fits-ada/commit/a1b2c3d",
    "RELEASE_URL": "https://github.com/org/numerics-fits-ada/releases/tag/submit%2Fx",
    "REVIEW_URL": "https://github.com/org/numerics-fits-ada/compare/0...a1b2c3d",
}


@settings(max_examples=60, deadline=None)
@given(results())
def test_any_result_is_valid(result: CheckResult) -> None:
    text = result_json(result, FACTS)

    assert problems(text, classroom="numerics", assignment="fits", owner="ada") == []


@pytest.mark.parametrize("result", [FIXED, OURS, THEIRS])
def test_it_is_valid_without_any_facts(result: CheckResult) -> None:
    assert problems(result_json(result, {})) == []


def test_scores_are_hundredths_of_points_always() -> None:
    whole = json.loads(result_json(replace(FIXED, checks=(NEWTON,)), FACTS))
    broken = json.loads(result_json(FIXED, FACTS))

    assert (whole["score"], whole["max-score"]) == (500, 500)
    assert (broken["score"], broken["max-score"]) == (1250, 4000)


def test_the_time_of_submission_is_that_of_the_tag_and_stays() -> None:
    data = json.loads(result_json(FIXED, FACTS, now=NOW))

    assert data["datetime"] == "2026-09-01T11:58:31Z"
    assert data["graded_at"] == "2026-09-01T12:00:05Z"


def test_what_is_graded_later_is_not_in_it() -> None:
    data = json.loads(result_json(FIXED, FACTS))

    assert [test["question"] for test in data["tests"]] == ["newton", "slope", "robust-fit"]
    assert [test["passed"] for test in data["tests"]] == [True, False, False]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"score": 4001}, "result: 4001 > 4000"),
        ({"score": 1.5}, "result: scores (1.5, 4000)"),
        ({"extra": 1}, "extra is unknown"),
        ({"submission": "v1"}, "submission"),
        ({"datetime": "2026-09-01"}, "a time"),
    ],
)
def test_the_validator_sees_what_is_wrong(change: dict[str, object], found: str) -> None:
    data = json.loads(result_json(FIXED, FACTS))

    assert found in problems(json.dumps(data | change))
