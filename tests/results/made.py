"""Rubrics and results made by hand, for tests of what is told of a grade."""

from functools import cache
from pathlib import Path
from typing import Any

from grader.results.model import Check, CheckResult
from grader.rubric.model import Question, Rubric
from grader.rubric.read import read_rubric

ASSIGNMENTS = Path(__file__).parents[1] / "assignments"
LINEAR = ASSIGNMENTS / "linear" / "linear.toml"
ESSAY = ASSIGNMENTS / "essay" / "essay.toml"


@cache
def linear() -> Rubric:
    return read_rubric(LINEAR)


def rubric_of(*questions: Question) -> Rubric:
    return linear().model_copy(update={"question": list(questions)})


def question(name: str = "line", **changes: Any) -> Question:
    """A question of the tests' line, changed; `mistakes` are changed by id."""
    [found] = [one for one in linear().question if one.id == name]
    mistakes = changes.pop("mistakes", {})
    changes["mistake"] = [one.model_copy(update=mistakes.get(one.id, {})) for one in found.mistake]
    return found.model_copy(update=changes)


def check(**more: Any) -> Check:
    fields: dict[str, Any] = {
        "question": "line",
        "title": "Slope and intercept",
        "outcome": "correct",
        "points": 4,
        "max_points": 4,
        "sentence": "Right.",
        **more,
    }
    return Check(**fields)


def result(*checks: Check, **more: Any) -> CheckResult:
    fields: dict[str, Any] = {
        "assignment": "linear",
        "title": "A straight line",
        "notebook": "line.ipynb",
        "checks": checks,
        **more,
    }
    return CheckResult(**fields)
