"""The words all formats share: points as people write them, one line for a check."""

from grader.results.forms.told import told
from grader.results.model import Check, CheckResult

LATER = "graded after submission"


def points(number: float) -> str:
    """Write points with two decimals at most: "7.5", "10"."""
    return f"{round(number, 2):.2f}".rstrip("0").rstrip(".")


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
