"""How a check stands, as workflows want to know it: a status, a line, an exit code."""

from typing import Literal

from grader.automation.inputs import FailOn
from grader.exchange.wording import earned, standing
from grader.reporting.text import one_line
from grader.results.model import CheckResult

Status = Literal["success", "failure", "error"]

_LONGEST_LINE = 140  # characters; what the description of a commit status may have


def status_of(result: CheckResult) -> Status:
    """Tell a grader that could not grade from a notebook that does not pass."""
    if result.fault_of == "grader":
        return "error"
    failing = result.fault or any(check.fails for check in result.checks)
    return "failure" if failing else "success"


def line_of(result: CheckResult) -> str:
    """Say in a line what it came to."""
    return one_line(_said(result), _LONGEST_LINE)


def exit_code(status: Status, fail_on: FailOn) -> int:
    """Say whether the step fails."""
    failing = {"error": ("error",), "fail": ("error", "failure"), "never": ()}
    return int(status in failing[fail_on])


def _said(result: CheckResult) -> str:
    if result.fault:
        return result.fault
    return f"{result.title}: " + "; ".join(filter(None, [earned(result), standing(result)]))
