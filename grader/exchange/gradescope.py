"""Gradescope's results.json, of a check that knows hidden questions, too."""

import json
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from grader.exchange.commands import cut, plain
from grader.exchange.wording import explained, points, standing
from grader.results.model import Check, CheckResult

_LONGEST = 20_000
_PERSON = "A person decides about this question; it has no points yet."
_UNGRADED = (
    "Nothing was graded, and no points are set. The fault is the grader's, not the notebook's; "
    "your teacher sees this and can run it again."
)

Document = dict[str, Any]


def results_json(result: CheckResult, *, hidden: Collection[str] = ()) -> str:
    """Give results.json.

    Args:
        result: what was found, with the results of hidden questions.
        hidden: the questions whose results are shown only when grades are published. Gradescope
            then shows no total before that, either.

    A question that a person decides about has no score, where a 0 would look like a mark; the
    format then wants a total, which is that of the other questions. Where the fault is the
    grader's there is no score at all: by the format such a run has failed, and sets no points.
    A notebook that cannot be read gets a total of 0, so that its owner is told why.
    """
    if result.fault_of == "grader":
        return _text(_without_score(result))
    tests = [
        _test(check, number, check.question in hidden, result)
        for number, check in enumerate(result.checks, start=1)
    ]
    total = sum(test.get("score", 0.0) for test in tests)
    whole = all("score" in test for test in tests) and tests
    return _text(
        {
            **_head(_shown(result, hidden)),
            **({} if whole else {"score": _number(total)}),
            "tests": tests,
        }
    )


def _shown(result: CheckResult, hidden: Collection[str]) -> CheckResult:
    """Give a result as students may know it before grades are published."""
    checks = (
        replace(check, scope="hidden") if check.question in hidden else check
        for check in result.checks
    )
    return replace(result, checks=tuple(checks))


def _head(result: CheckResult) -> Document:
    said = result.fault or f"{standing(result)}."
    return {
        "output": "\n".join(cut(plain(one), _LONGEST) for one in (said, *result.notes)),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "execution_time": max(0, round(result.seconds)),
    }


def _without_score(result: CheckResult) -> Document:
    """Say that nothing was graded, in a test that has no points and no maximum."""
    test = {
        "name": "Not graded",
        "status": "failed",
        "output": f"{_UNGRADED}\n{cut(plain(result.fault), _LONGEST)}",
        "output_format": "text",
        "visibility": "visible",
    }
    return {**_head(result), "output": _UNGRADED, "tests": [test]}


def _test(check: Check, number: int, hidden: bool, result: CheckResult) -> Document:
    person = check.waits and not result.fault
    says = " ".join(filter(None, [plain(explained(check)), _PERSON if person else ""]))
    passed = "passed" if check.passes else "failed"
    scored: Document = {"score": _number(check.points), "status": passed}
    return {
        "name": plain(check.title or check.question),
        "number": str(number),
        **({} if person else scored),
        "max_score": _number(check.max_points),
        "output": cut(says, _LONGEST),
        "output_format": "text",
        "tags": [plain(check.question)],
        "visibility": "after_published" if hidden or check.scope == "hidden" else "visible",
        "extra_data": {"outcome": check.outcome, "scope": check.scope},
    }


def _number(number: float) -> float:
    return float(points(number))


def _text(document: Document) -> str:
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2) + "\n"
