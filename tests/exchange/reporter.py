"""A stand-in for GitHub Classroom's reporter, written from what its protocol does.

`INPUT_RUNNERS=one,two ONE_RESULTS=... TWO_RESULTS=... python tests/exchange/reporter.py` prints
what the reporter prints, as raw as it does: names and test codes are not escaped by it.
"""

import base64
import json
import os
import re
import sys
from collections.abc import Mapping
from typing import Any

GREEN, RED, RESET = "\x1b[32m", "\x1b[31m", "\x1b[0m"
Results = list[tuple[str, dict[str, Any]]]


def main(environment: Mapping[str, str]) -> int:
    """Report on all runners, and give the exit code."""
    try:
        results = read(environment)
    except Exception as error:
        print(f"::error::{error}")  # noqa: T201
        return 1
    for line in (*log(results), *notices(results)):
        print(line)  # noqa: T201
    states = [one["status"] for _, one in results]
    if "fail" in states or "error" in states:
        print(f"::error::Some tests {'failed' if 'fail' in states else 'errored'}.")  # noqa: T201
        return 1
    return 0


def read(environment: Mapping[str, str]) -> Results:
    runners = [one for one in re.split(r"[\s,]", environment.get("INPUT_RUNNERS", "")) if one]
    return [(one, decoded(environment[f"{one.upper()}_RESULTS"])) for one in runners]


def decoded(sent: str) -> dict[str, Any]:
    """Decode as JavaScript's JSON.parse does, which knows no NaN."""

    def refuse(constant: str) -> None:
        raise ValueError(f"Unexpected token {constant} in JSON")

    return json.loads(base64.b64decode(sent, validate=True).decode(), parse_constant=refuse)


def log(results: Results) -> list[str]:
    lines = []
    for runner, result in results:
        lines.append(f"🔄 Processing: {runner}")
        for test in result["tests"]:
            lines += test_lines(test)
        if result["max_score"]:
            lines.append(
                f"Total points for {runner}: {counted(result):.2f}/{js(result['max_score'])}"
            )
    lines.append("Test runner summary")
    for runner, result in results:
        lines.append(f"│ {runner} │ {counted(result):.2f} │ {js(result['max_score'])} │")
    tests = [test for _, result in results for test in result["tests"]]
    passed = sum(test["status"] == "pass" for test in tests)
    lines.append(f"🏆 Grand total tests passed: {passed}/{len(tests)}")
    return "\n".join(lines).split("\n")


def test_lines(test: Mapping[str, Any]) -> list[str]:
    place = "" if test.get("line_no") == 0 else f" - line {test.get('line_no', 'undefined')}"
    if test["status"] == "pass":
        lines = [f"{GREEN}✅ {test['name']}{place}{RESET}"]
    elif test["status"] == "error":
        message = test.get("message") or f"Failed to run test '{test['name']}'"
        lines = [f"Error: {message}\n{RESET}"]
    else:
        lines = [f"{RED}❌ {test['name']}{place}{RESET}"]
    return [*lines, *([f"Test code:\n{test['test_code']}\n"] if test.get("test_code") else [])]


def counted(result: Mapping[str, Any]) -> float:
    """Give the total of the log: the share of tests that pass."""
    passed = sum(test["status"] == "pass" for test in result["tests"])
    return passed / len(result["tests"]) * result["max_score"]


def official(results: Results) -> tuple[float, float]:
    """Give the total that counts: the sum of scores, and the maximum."""
    total, maximum = 0.0, 0.0
    for _, result in results:
        if result["max_score"]:
            maximum += result["max_score"]
            for test in result["tests"]:
                total += test["score"]
    return total, maximum


def notices(results: Results) -> list[str]:
    total, maximum = official(results)
    if not maximum:
        return []
    report = f'{{"totalPoints":{js(total)},"maxPoints":{js(maximum)}}}'
    return [
        f"::notice title=Autograding complete::Points {js(total)}/{js(maximum)}",
        f"::notice title=Autograding report::{report}",
    ]


def js(number: float) -> str:
    """Write a number as JavaScript does."""
    return repr(int(number)) if number == int(number) else repr(number)


if __name__ == "__main__":
    sys.exit(main(os.environ))
