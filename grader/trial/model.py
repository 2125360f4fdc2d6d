"""What a trial of a rubric comes to: findings by section, what fails it, what only warns."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np

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
    key: str = ""  # of a part: "activations.0"; the question is what it is a part of
    part: str = ""  # what people call the part
    remarks: tuple[str, ...] = ()
    trained: bool = False  # it is judged by how a training behaves, not by its numbers

    @property
    def name(self) -> str:
        """What people read."""
        return f"{self.question}, {self.part}" if self.part else self.question

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
    seconds: tuple[float, ...] = ()  # that its cells took

    @property
    def full(self) -> bool:
        """Whether everything a machine judges has all points."""
        return bool(self.answers) and all(answer.full for answer in self.answers)

    @property
    def max_points(self) -> float:
        """The points a machine can give."""
        return sum(answer.max_points for answer in self.answers)

    def of_parts(self, keys: Collection[str]) -> "Attempt":
        """Leave out the parts that are not among some keys."""
        kept = tuple(one for one in self.answers if not one.key or one.key in keys)
        return replace(self, answers=kept)

    @property
    def points(self) -> float:
        """The points of all questions together."""
        return sum(answer.points for answer in self.answers)


@dataclass(frozen=True)
class Claim:
    """One thing a rubric says: values like these are worth so much, by this name.

    `question` and `hypothesis` are indices, the latter among those without combined mistakes;
    `changed` are given constants that the student has others for, and "typed-in" is told by
    `literal`. Of a part, `part` is its index.
    """

    question: int
    hypothesis: int
    changed: tuple[str, ...] = ()
    literal: bool = False
    part: int | None = None


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


def part_key(question: str, number: int) -> str:
    """Return the key of a part, by which a trial counts it."""
    return f"{question}.{number}"
