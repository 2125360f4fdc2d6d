"""The result of checking one notebook, as data: what may be shown to whoever handed it in."""

from dataclasses import dataclass
from typing import Literal

from grader.scoring.outcomes import Outcome

Scope = Literal["public", "hidden", "later"]
Fault = Literal["", "submission", "grader"]


@dataclass(frozen=True)
class Check:
    """What is known about one question.

    Nothing in it tells an expected value. `scope` is "public" where it was checked here,
    "hidden" where the rubric keeps it for after the submission, and "later" where it can
    only be judged then, such as a written answer; neither of these two passes or fails.
    """

    question: str
    title: str
    outcome: Outcome
    points: float
    max_points: float
    sentence: str  # one sentence for whoever handed it in
    explained_by: tuple[str, ...] = ()  # names of mistakes, in words: "typed in"
    difference: str = ""  # where it first differs; of the student's own value only
    place: str = ""  # "`grad` (cell 12)"; "" where it is nowhere
    cell: int | None = None  # number of the code cell, from 1
    scope: Scope = "public"

    @property
    def passes(self) -> bool:
        """Whether a public check passes."""
        return self.scope == "public" and self.outcome == "correct"

    @property
    def fails(self) -> bool:
        """Whether a public check does not pass; what waits for a person does not fail."""
        return self.scope == "public" and self.outcome in ("partial", "wrong", "missing")

    @property
    def waits(self) -> bool:
        """Whether it is decided later, by the grade or by a person."""
        return not self.passes and not self.fails


@dataclass(frozen=True)
class CheckResult:
    """What checking a notebook came to.

    `fault` is empty, or a sentence that says why nothing could be checked; `fault_of` says
    whose doing it is: the notebook's ("submission") or ours ("grader").
    """

    assignment: str
    title: str
    notebook: str  # its file name; "" for a live session
    checks: tuple[Check, ...] = ()
    fault: str = ""
    fault_of: Fault = ""
    notes: tuple[str, ...] = ()  # sentences: what was peculiar to this run
    seconds: float = 0.0
    whole: bool = True  # False where only some of the questions were asked for

    @property
    def public(self) -> tuple[Check, ...]:
        """The checks that passed, failed, or wait for a person."""
        return tuple(check for check in self.checks if check.scope == "public")

    @property
    def points(self) -> float:
        """The points of the public checks."""
        return sum(check.points for check in self.public)

    @property
    def max_points(self) -> float:
        """What the public checks could earn."""
        return sum(check.max_points for check in self.public)

    @property
    def passes(self) -> bool:
        """Whether something was checked, and nothing of it failed."""
        return (
            not self.fault
            and any(check.passes for check in self.checks)
            and not any(check.fails for check in self.checks)
        )


def unchecked(fault: str, of: Fault, notebook: str = "") -> CheckResult:
    """Return the result where nothing could be checked: why, and whose doing that is."""
    return CheckResult(assignment="", title="", notebook=notebook, fault=fault, fault_of=of)
