"""Classroom 50's result.json, of classroom50/result/v1, and the text of its release."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from math import floor, inf
from typing import Any
from urllib.parse import quote

from grader.exchange.commands import cut, plain
from grader.exchange.summary import summary
from grader.exchange.wording import explained
from grader.results.model import Check, CheckResult

SCHEMA = "classroom50/result/v1"
HUNDREDTHS = 100
_TYPES = ("individual", "group", "team")
_TIME = "%Y-%m-%dT%H:%M:%SZ"
_TAG = re.compile(r"submit/(\d{4}-\d\d-\d\d)T([01]\d|2[0-3])-([0-5]\d)-([0-5]\d)Z-", re.ASCII)
_LONGEST_BODY = 100_000  # characters; a release takes 125,000
_LONGEST_TEXT = 2000
_LONGEST_NAME = 100


def result_json(
    result: CheckResult, facts: Mapping[str, str], *, now: datetime | None = None
) -> str:
    """Give result.json.

    Scores are whole numbers there, and a gradebook's column needs one scale for everybody: they
    are hundredths of the rubric's points, always. 7.5 of 10 points are 750 of 1000.

    Args:
        result: what was found; questions that are graded later are not in it.
        facts: of the environment: CLASSROOM, ASSIGNMENT, SUBMISSION_TAG, USERNAME, OWNER,
            ASSIGNMENT_TYPE, COMMIT_URL, RELEASE_URL, REVIEW_URL, GITHUB_*; the runner stamps
            most of them again.
        now: when it was graded.

    """
    at = (now or datetime.now(UTC)).astimezone(UTC).strftime(_TIME)
    tests = [_test(check, result) for check in result.public]
    document = {
        "schema": SCHEMA,
        "classroom": facts.get("CLASSROOM") or "classroom",
        "assignment": facts.get("ASSIGNMENT") or result.assignment or "assignment",
        "assignment_type": _type(facts),
        "owner": _owner(facts),
        "submission": _submission(facts, at),
        **_links(facts, _submission(facts, at)),
        "datetime": _submitted(facts) or at,
        "graded_at": at,
        "score": sum(test["score"] for test in tests),
        "max-score": sum(test["max-score"] for test in tests),
        "tests": tests,
    }
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def release_body(result: CheckResult) -> str:
    """Give release-body.md: the summary, short enough for a release."""
    return summary(result, _LONGEST_BODY)


def _test(check: Check, result: CheckResult) -> dict[str, Any]:
    score, maximum = _hundredths(check.points), _hundredths(check.max_points)
    return {
        "test-name": cut(plain(check.title or check.question), _LONGEST_NAME) or "unnamed",
        "passed": check.passes and not result.fault,
        "score": min(score, maximum),
        "max-score": maximum,
        "question": plain(check.question),
        "outcome": check.outcome,
        "message": cut(plain(check.sentence), _LONGEST_TEXT),
        "feedback": cut(plain(explained(check)), _LONGEST_TEXT),
    }


def _hundredths(number: float) -> int:
    return floor(number * HUNDREDTHS + 0.5) if 0 < number < inf else 0


def _type(facts: Mapping[str, str]) -> str:
    given = facts.get("ASSIGNMENT_TYPE", "")
    return given if given in _TYPES else "individual"


def _owner(facts: Mapping[str, str]) -> str:
    names = ("OWNER", "USERNAME", "GITHUB_ACTOR", "GITHUB_REPOSITORY_OWNER")
    return next((facts[name] for name in names if facts.get(name)), "unknown")


def _submission(facts: Mapping[str, str], at: str) -> str:
    given = facts.get("SUBMISSION_TAG", "")
    sha = (facts.get("GITHUB_SHA") or "0000000")[:7]
    return given if given.startswith("submit/") else f"submit/{at.replace(':', '-')}-{sha}"


def _links(facts: Mapping[str, str], tag: str) -> dict[str, str]:
    server = facts.get("GITHUB_SERVER_URL") or "https://github.com"
    base = f"{server}/{facts.get('GITHUB_REPOSITORY') or 'unknown/unknown'}"
    commit = facts.get("COMMIT_URL") or f"{base}/commit/{facts.get('GITHUB_SHA') or 'HEAD'}"
    release = facts.get("RELEASE_URL") or f"{base}/releases/tag/{quote(tag, safe='')}"
    return {"commit": commit, "release": release, "review": facts.get("REVIEW_URL") or commit}


def _submitted(facts: Mapping[str, str]) -> str:
    """Read the time of submission from the tag; it stays the same when graded again."""
    found = _TAG.match(facts.get("SUBMISSION_TAG", ""))
    return "{}T{}:{}:{}Z".format(*found.groups()) if found else ""
