"""The words all formats share: points as people write them, one line for a check."""

from grader.results.forms.told import told
from grader.results.model import Check, CheckResult


def points(number: float) -> str:
    """Write points with two decimals at most: "7.5", "10"."""
    return f"{round(number, 2):.2f}".rstrip("0").rstrip(".")


def earned(result: CheckResult) -> str:
    """Say the points of the public checks, if any, and how many of them are not decided yet.

    What waits for a person stays in the maximum: without it, a notebook of which one question
    could not be judged would have full marks, and a maximum of its own.
    """
    if not result.max_points:
        return ""
    waiting = sum(check.max_points for check in result.public if check.waits)
    said = f"{points(result.points)} of {points(result.max_points)} points"
    return f"{said}, {points(waiting)} of them not decided yet" if waiting else said


def explained(check: Check) -> str:
    """Say in one line how a question stands: where, what, and by which mistake it is explained."""
    says = check.sentence
    place = f"{check.place}: " if check.place and check.place not in says else ""
    difference = check.difference if check.difference not in says else ""
    new = [name for name in check.explained_by if name not in says and not check.passes]
    named = f"(explained by: {', '.join(new)})" if new else ""
    return " ".join(filter(None, [f"{place}{says}", difference, named]))


def standing(result: CheckResult) -> str:
    """Say in a line how a result stands; never that all is well, as more is graded later."""
    return told(result).head
