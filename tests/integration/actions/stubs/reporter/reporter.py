"""What GitHub Classroom's reporter does with the results of graders, as its protocol says.

Two totals: one counts the tests that pass, one adds up scores; the second is announced.
"""

import base64
import json
import os
import sys
from typing import Any


def main() -> int:
    results = [_result(name.strip()) for name in os.environ["RUNNERS"].split(",")]
    for result in results:
        for test in result["tests"]:
            say(_mark(test))
            if test.get("test_code"):  # printed as it is: where forged commands come in
                say(f"Test code:\n{test['test_code']}\n")
        passed = sum(test["status"] == "pass" for test in result["tests"])
        say(f"Counted: {passed / len(result['tests']) * result['max_score']:.2f}")
    total = sum(test["score"] for result in results for test in result["tests"])
    maximum = sum(result["max_score"] for result in results)
    if maximum:
        report = json.dumps({"totalPoints": total, "maxPoints": maximum})
        say(f"::notice title=Autograding complete::Points {total}/{maximum}")
        say(f"::notice title=Autograding report::{report}")
    return int(any(result["status"] in ("fail", "error") for result in results))


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _result(name: str) -> Any:
    return json.loads(base64.b64decode(os.environ[f"{name.upper()}_RESULTS"]))


def _mark(test: dict[str, Any]) -> str:
    if test["status"] == "error":
        return f"Error: {test.get('message') or test['name']}"
    line = f" - line {test['line_no']}" if test["line_no"] else ""
    return f"{'PASS' if test['status'] == 'pass' else 'FAIL'} {test['name']}{line}"


sys.exit(main())
