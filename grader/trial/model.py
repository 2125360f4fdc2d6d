"""What a trial of a rubric comes to: findings by section, what fails it, what only warns."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from grader.scoring.verdict import Grade, Verdict

LEAST = 10.0  # the tolerance over the noise floor, and the distance over the tolerance


@dataclass(frozen=True)
class Answer:
    """The verdict on one question, and the values it rests on."""

    question: str
    points: float
    max_points: float
    outcome: str
    mistakes: tuple[str, ...]
    conventions: Mapping[str, str]
    needs_review: bool
    explanation: str
    values: tuple[np.ndarray, ...]
    fault: bool = False  # of the grader

    @property
    def full(self) -> bool:
        """Whether it has all points."""
        return self.points >= self.max_points


@dataclass(frozen=True)
class Attempt:
    """A notebook that was run and judged."""

    answers: tuple[Answer, ...]
    drawn: str  # digest of the random draws
    errors: tuple[str, ...]  # of its cells
    fault: str = ""  # why it could not be run or judged

    @property
    def full(self) -> bool:
        """Whether every question has all points."""
        return bool(self.answers) and all(answer.full for answer in self.answers)

    @property
    def points(self) -> float:
        """The points of all questions together."""
        return sum(answer.points for answer in self.answers)


@dataclass(frozen=True)
class Claim:
    """One thing a rubric says: values like these are worth so much, by this name.

    `question` and `hypothesis` are indices, the latter among those without combined mistakes;
    `changed` are given constants that the student has others for, and "typed-in" is told by
    `literal`.
    """

    question: int
    hypothesis: int
    changed: tuple[str, ...] = ()
    literal: bool = False


@dataclass(frozen=True)
class Judged:
    """What became of a claim."""

    claim: Claim
    question: str
    mistake: str  # "" for an accepted convention
    settings: str  # "batch = 'apart', reduction = 'sum'"
    wanted: float  # points
    got: float = 0.0
    named: tuple[str, ...] = ()
    needs_review: bool = False
    predicted: bool = True  # False: the settings predict nothing
    coincides: bool = False  # with a right answer, so that nothing could tell them apart
    fault: str = ""

    @property
    def holds(self) -> bool:
        """Whether the price is the one declared, under the name declared."""
        named = self.named == ((self.mistake,) if self.mistake else ())
        priced = abs(self.got - self.wanted) < 1e-6 or (self.claim.literal and self.needs_review)
        reviewed = self.needs_review and not self.claim.literal
        return not self.fault and named and priced and not reviewed


@dataclass(frozen=True)
class Gap:
    """A difference between two computations, and what is allowed at the entry that decides."""

    difference: float
    allowed: float
    named: str

    @property
    def ratio(self) -> float:
        """The difference in units of what is allowed."""
        return self.difference / self.allowed if self.allowed else float("inf")


@dataclass(frozen=True)
class Calibration:
    """What is known about the tolerance of a question."""

    question: str
    floor: Gap | None  # None where the reference offers nothing to compare it with
    nearest: Gap | None  # None where no other hypothesis is worth another mark
    beyond: float = 0.0  # share of trainings that rounding takes beyond it, where they are most
    bound: float | None = None  # the largest error derived for single precision
    exceeded: bool = False  # a measured error is larger than the derived one
    fault: str = ""

    @property
    def warnings(self) -> list[str]:
        """What a teacher should look at."""
        found = []
        if self.floor and self.floor.ratio * LEAST > 1:
            found.append(
                f"the tolerance {self.floor.allowed:.1g} is less than ten times the noise floor "
                f"{self.floor.difference:.1g} ({self.floor.named})"
            )
        if self.nearest and self.nearest.ratio < LEAST:
            found.append(
                f"the tolerance {self.nearest.allowed:.1g} is more than a tenth of the distance "
                f"{self.nearest.difference:.1g} between {self.nearest.named}"
            )
        if self.exceeded:
            found.append("rounding was measured to exceed the bound derived for it")
        return found


def answers_of(grade: Grade) -> tuple[Answer, ...]:
    """Return what a grade says of each question."""
    return tuple(map(_answer, grade.verdicts))


def _answer(verdict: Verdict) -> Answer:
    return Answer(
        question=verdict.question,
        points=verdict.points,
        max_points=verdict.max_points,
        outcome=verdict.outcome,
        mistakes=verdict.mistakes,
        conventions=dict(verdict.conventions),
        needs_review=verdict.needs_review,
        explanation=verdict.explanation,
        values=tuple(np.asarray(seen.actual) for seen in verdict.evidence),
        fault=verdict.cause == "grader_fault",
    )
