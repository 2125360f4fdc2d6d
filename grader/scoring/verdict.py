"""Verdicts and grades: outcome, points, explanation and evidence of each question."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from grader.recording.model import Origin
from grader.scoring.outcomes import Outcome
from grader.scoring.reproduction import Reproduction

Cause = Literal["raised", "timed_out", "out_of_memory", "blocked", "grader_fault"]
Status = Literal["graded", "needs_review", "ungraded"]


@dataclass(frozen=True)
class Evidence:
    """One observed value a verdict rests on, beside what was expected of it."""

    cell: int
    origin: Origin
    path: str
    part: str  # "x1", "slope": which part of the answer this is; "" where there is one only
    max_abs_error: float
    actual: np.ndarray
    expected: np.ndarray
    fits: bool  # False: the nearest value found, not an explanation
    also: int = 0  # how many other observations would have served


@dataclass(frozen=True)
class CriterionVerdict:
    """What a person decided about one criterion; no points where nobody has yet."""

    id: str
    says: str
    max_points: float
    points: float | None = None
    reason: str = ""
    judged: str = ""  # digest of what a decision is about


@dataclass(frozen=True)
class Decided:
    """What a person said of a verdict, and the verdict as it was before that."""

    before: "Verdict"
    overruled: bool = False  # the points of the whole question were set
    reason: str = ""
    comment: str = ""
    by: str = ""
    at: str = ""  # the time of the last decision, ISO 8601


@dataclass(frozen=True)
class PartVerdict:
    """What is known about one part of a question: a function, a class, a training."""

    label: str
    points: float
    max_points: float
    outcome: Outcome
    explanation: str
    cause: Cause | None = None
    conventions: dict[str, str] = field(default_factory=dict)
    mistakes: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    facts: dict[str, float] = field(default_factory=dict)  # "accuracy", "parameters" ...
    needs_review: bool = False


@dataclass(frozen=True)
class Verdict:
    """What is known about one question."""

    question: str
    title: str
    points: float
    max_points: float
    outcome: Outcome
    explanation: str
    cause: Cause | None = None
    conventions: dict[str, str] = field(default_factory=dict)
    mistakes: tuple[str, ...] = ()
    carried: tuple[str, ...] = ()  # of these, the ones another question has been charged for
    evidence: tuple[Evidence, ...] = ()
    remarks: tuple[str, ...] = ()  # further sentences: what was also seen, what to do next
    parts: tuple[PartVerdict, ...] = ()  # where the question has any
    show_expected: bool = True
    needs_review: bool = False
    answer: str = ""  # what was written, where a person judges it
    criteria: tuple[CriterionVerdict, ...] = ()
    rest_waits: bool = False  # a person is needed for more than the criteria
    decided: Decided | None = None

    @property
    def waits(self) -> bool:
        """Whether a person is needed."""
        return self.needs_review or self.outcome == "ungraded"

    @property
    def open_points(self) -> float:
        """The points that a person has still to decide about."""
        if not self.waits:
            return 0.0
        criteria = sum(one.max_points for one in self.criteria if one.points is None)
        parts = sum(part.max_points for part in self.parts if part.needs_review)
        return criteria + parts or self.max_points - self.points


@dataclass(frozen=True)
class Grade:
    """A submission's verdicts.

    `sources` holds the code, by cell, that answers without full marks come from.
    """

    submission: str
    file: str
    points: float
    max_points: float
    status: Status
    note: str
    seconds: float
    verdicts: tuple[Verdict, ...]
    reproduction: Reproduction | None = None
    sources: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ClassGrades:
    """The grades of a class under one rubric."""

    assignment: str
    title: str
    rubric_digest: str
    grades: tuple[Grade, ...]


def outcome_of(points: float, full: float) -> Outcome:
    """Name what points come to, of those there are for a full answer."""
    if points >= full:
        return "correct"
    return "partial" if points > 0 else "wrong"
