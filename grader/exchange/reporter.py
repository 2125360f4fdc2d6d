"""The protocol of GitHub Classroom's autograding reporter: one test a question, base64 of JSON."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from grader.exchange.commands import cut, plain
from grader.exchange.shares import Part, Shares, share
from grader.exchange.wording import explained
from grader.results.model import Check, CheckResult
from grader.results.words import AFTER

LONGEST = 64 * 1024  # characters as sent; it travels in an environment variable of 128 KiB
_LONGEST_NAME = 160
_LONGEST_TEXT = 1000
_WEIGHT = "(weighs points)"

Test = dict[str, Any]


def reporter_json(result: CheckResult, *, max_score: float | None = None) -> str:
    """Give the JSON of a result: one test a question, and tests that weigh points.

    The reporter shows two totals, one counted and one added up; `shares.share` makes them agree,
    and says within which limits. Its official one is the sum of `tests[].score`. A fault of the
    grader's has no maximum: the reporter then announces no points at all.

    Args:
        result: what was found; only public questions are in it.
        max_score: what the maximum is scaled to, instead of the rubric's own points.

    """
    document = _document(result, max_score)
    for dropped in ((), ("message",), ("message", "test_code"), None):
        shorter = _merged(result, max_score) if dropped is None else _without(document, *dropped)
        text = _text(shorter)
        if _size(text) <= LONGEST:
            return text
    raise AssertionError("one test always fits")


def encoded(result: CheckResult, *, max_score: float | None = None) -> str:
    """Give that JSON as the reporter reads it: base64 of UTF-8, 64 KiB at most."""
    return base64.b64encode(reporter_json(result, max_score=max_score).encode()).decode()


def _size(text: str) -> int:
    return 4 * -(-len(text.encode()) // 3)


def _text(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _weighed(result: CheckResult) -> tuple[Check, ...]:
    return tuple(check for check in result.public if check.max_points > 0)


def _document(result: CheckResult, max_score: float | None) -> dict[str, Any]:
    checks = _weighed(result)
    if result.fault_of == "grader" or not checks:
        return _unweighed(result, max_score)
    shares = share([Part(one.points, one.max_points) for one in checks], max_score)
    if shares is None:
        return _merged(result, max_score)
    tests = [
        _test(_name(one), _status(one, result), score, result, explained(one), one.question)
        for one, score in zip(checks, shares.scores, strict=True)
    ]
    return _headed(_overall(result), shares.max_score, tests + _weights(shares))


def _merged(result: CheckResult, max_score: float | None) -> dict[str, Any]:
    """Put all questions into one test, where there are too many of them."""
    whole = Part(result.points, result.max_points)
    shares = share([whole], max_score) or Shares(0.0, (0.0,))
    status = "pass" if whole.passes else "fail"
    name = f"{len(result.public)} questions together"
    test = _test(name, status, shares.scores[0], result, "", "")
    return _headed(_overall(result), shares.max_score, [test, *_weights(shares)])


def _unweighed(result: CheckResult, max_score: float | None) -> dict[str, Any]:
    """Give the JSON where nothing has points; the reporter needs one test all the same."""
    status = _overall(result)
    name = "Not checked" if result.fault else f"All questions are {AFTER}"
    ours = result.fault_of == "grader" or not result.fault
    test = _test(name, status, 0.0, result, result.fault, "")
    return _headed(status, 0.0 if ours else round(max_score or 0.0, 2), [test])


def _headed(status: str, max_score: float, tests: list[Test]) -> dict[str, Any]:
    return {"version": 1, "status": status, "max_score": _number(max_score), "tests": tests}


def _overall(result: CheckResult) -> str:
    if result.fault_of == "grader":
        return "error"
    return "fail" if result.fault or any(one.fails for one in result.public) else "pass"


def _status(check: Check, result: CheckResult) -> str:
    """Give the word for a question: "pass" for all its points, "error" where it was not judged."""
    if check.points >= check.max_points:
        return "pass"
    return "fail" if check.fails or check.passes or result.fault else "error"


def _name(check: Check) -> str:
    return check.title or check.question


def _test(
    name: str, status: str, score: float, result: CheckResult, says: str, question: str
) -> Test:
    code = f'grader.check("{plain(question)}")  # {plain(says)}' if question else ""
    return {
        "name": cut(plain(name), _LONGEST_NAME) or "unnamed",
        "status": status,
        "score": _number(score),
        "message": cut(plain(says), _LONGEST_TEXT),
        "test_code": cut(plain(code), _LONGEST_TEXT),
        "filename": cut(plain(result.notebook), _LONGEST_NAME),
        "line_no": 0,  # the reporter shows none then
        "duration": 0,
    }


def _weights(shares: Shares) -> list[Test]:
    """Give tests of no points, which make the share of tests that pass that of the points."""
    return [_weight("pass")] * shares.passing + [_weight("fail")] * shares.failing


def _weight(status: str) -> Test:
    return {"name": _WEIGHT, "status": status, "score": 0, "line_no": 0}


def _without(document: dict[str, Any], *keys: str) -> dict[str, Any]:
    tests = [{key: test[key] for key in test if key not in keys} for test in document["tests"]]
    return {**document, "tests": tests}


def _number(value: float) -> float:
    """Write a whole number as one; the reporter prints what it reads."""
    return int(value) if value == int(value) else value
