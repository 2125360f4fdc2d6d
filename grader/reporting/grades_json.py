"""grades.json: the grades of a class for other programs."""

import math
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from grader.recording.model import Origin
from grader.reporting.files import write_report
from grader.reporting.text import encodable
from grader.scoring.outcomes import Outcome
from grader.scoring.reproduction import Reproduction, State
from grader.scoring.verdict import (
    Cause,
    ClassGrades,
    CriterionVerdict,
    Decided,
    Evidence,
    Grade,
    PartVerdict,
    Status,
    Verdict,
)

Points = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True)


class EvidenceEntry(_Table):
    """An observed value a question's outcome rests on."""

    cell: int = Field(description="The code cell it was seen in, counted from 1.")
    origin: Origin = Field(description="How it was seen.")
    path: str = Field(description="Its name in the code, or its place in the output.")
    part: str = Field(description='The part of the answer it is; "" where there is only one.')
    max_abs_error: float | None = Field(
        ge=0,
        allow_inf_nan=False,
        description="Largest absolute difference from the value that explains it, or from the "
        "nearest one; null where that is not a finite number.",
    )


class CriterionEntry(_Table):
    """One thing a person decides about a written answer."""

    id: str
    says: str = Field(description="What is asked for.")
    points: Points | None = Field(description="null where nobody has decided yet.")
    max_points: Points
    reason: str = Field(description="What the person wrote to the student.")


class PartEntry(_Table):
    """One thing the student wrote, judged by calling it."""

    label: str = Field(description="What people read: mostly the name of the function or class.")
    points: Points
    max_points: Points
    outcome: Outcome
    cause: Cause | None = Field(description="Why it could not be called, where that is known.")
    explanation: str
    mistakes: list[str] = Field(description="Ids of findings that cost points.")
    remarks: list[str] = Field(description="Further sentences; they cost nothing.")
    conventions: dict[str, str]
    facts: dict[str, float] = Field(description='Numbers, such as "accuracy".')
    needs_review: bool


class DecisionEntry(_Table):
    """What a person decided about a question."""

    overruled: bool = Field(description="Whether the points of the whole question were set.")
    reason: str = Field(description="Why, as the student reads it.")
    comment: str = Field(description="Further words to the student.")
    by: str = Field(description='Who decided last; "" where that was not said.')
    at: str = Field(description="When, as ISO 8601 has it.")
    points_before: Points = Field(description="The points without the person.")
    outcome_before: Outcome


class QuestionEntry(_Table):
    """What is known about one question."""

    id: str
    points: Points = Field(description='Says nothing yet where the outcome is "ungraded".')
    max_points: Points
    outcome: Outcome
    cause: Cause | None = Field(description="Why there is no answer, where that is known.")
    conventions: dict[str, str] = Field(description="The choices the answer was found to follow.")
    mistakes: list[str] = Field(description="Ids of the mistakes that explain the answer.")
    explanation: str = Field(description="The sentence the student reads.")
    evidence: list[EvidenceEntry]
    needs_review: bool = Field(description="Whether a person has to look at it.")
    parts: list[PartEntry] = Field(description="Of a question that asks for functions or classes.")
    criteria: list[CriterionEntry] = Field(description="Of a written answer.")
    answer: str = Field(description='What was written; "" where a person judges no text.')
    decision: DecisionEntry | None = Field(description="null where no person decided anything.")


class ReproductionEntry(_Table):
    """Whether the outputs stored in the file come out again; it costs no points by itself."""

    state: State
    sentence: str = Field(description="What differs, and where.")


class SubmissionEntry(_Table):
    """What one student or group handed in, graded."""

    id: str
    file: str = Field(description="Path of the notebook in the folder of the class.")
    points: Points = Field(description='Says nothing where the status is "ungraded".')
    max_points: Points
    status: Status = Field(
        description="graded; needs_review: a person has to look at part of it; "
        "ungraded: it could not be graded at all."
    )
    note: str = Field(description='A sentence on the whole submission; "" where there is none.')
    seconds: float = Field(ge=0, allow_inf_nan=False, description="Time the notebook ran.")
    reproduction: ReproductionEntry | None = Field(
        description="The outputs stored in the file beside those of the run; null where the "
        "notebook was not run."
    )
    questions: list[QuestionEntry]


class GradesFile(_Table):
    """The grades of a class. Later versions of this format may add keys; ignore unknown ones."""

    format: Literal["gradmark/grades/1"]
    assignment: str
    rubric_digest: str = Field(description="Digest of all of the rubric that grades depend on.")
    submissions: list[SubmissionEntry]


def write_grades_json(grades: ClassGrades, path: Path) -> None:
    """Write the grades of a class.

    Raises:
        pydantic.ValidationError: points are not finite numbers of zero or more.

    """
    content = _file(grades).model_dump_json(indent=2)
    write_report(path, f"{content}\n".encode())


def _file(grades: ClassGrades) -> GradesFile:
    return GradesFile(
        format="gradmark/grades/1",
        assignment=encodable(grades.assignment),
        rubric_digest=grades.rubric_digest,
        submissions=[_submission(grade) for grade in grades.grades],
    )


def _submission(grade: Grade) -> SubmissionEntry:
    return SubmissionEntry(
        id=encodable(grade.submission),
        file=encodable(grade.file),
        points=grade.points,
        max_points=grade.max_points,
        status=grade.status,
        note=encodable(grade.note),
        seconds=round(grade.seconds, 3),
        reproduction=_reproduction(grade.reproduction),
        questions=[_question(verdict) for verdict in grade.verdicts],
    )


def _reproduction(found: Reproduction | None) -> ReproductionEntry | None:
    if found is None:
        return None
    return ReproductionEntry(state=found.state, sentence=encodable(found.sentence))


def _question(verdict: Verdict) -> QuestionEntry:
    return QuestionEntry(
        id=verdict.question,
        points=verdict.points,
        max_points=verdict.max_points,
        outcome=verdict.outcome,
        cause=verdict.cause,
        conventions=verdict.conventions,
        mistakes=list(verdict.mistakes),
        explanation=encodable(verdict.explanation),
        evidence=[_evidence(piece) for piece in verdict.evidence],
        needs_review=verdict.waits,
        parts=[_part(one) for one in verdict.parts],
        criteria=[_criterion(one) for one in verdict.criteria],
        answer=encodable(verdict.answer),
        decision=_decision(verdict.decided),
    )


def _part(part: PartVerdict) -> PartEntry:
    return PartEntry(
        label=encodable(part.label),
        points=part.points,
        max_points=part.max_points,
        outcome=part.outcome,
        cause=part.cause,
        explanation=encodable(part.explanation),
        mistakes=list(part.mistakes),
        remarks=[encodable(remark) for remark in part.remarks],
        conventions=part.conventions,
        facts={name: value for name, value in part.facts.items() if math.isfinite(value)},
        needs_review=part.needs_review,
    )


def _criterion(criterion: CriterionVerdict) -> CriterionEntry:
    return CriterionEntry(
        id=criterion.id,
        says=criterion.says,
        points=criterion.points,
        max_points=criterion.max_points,
        reason=encodable(criterion.reason),
    )


def _decision(decided: Decided | None) -> DecisionEntry | None:
    if decided is None:
        return None
    return DecisionEntry(
        overruled=decided.overruled,
        reason=encodable(decided.reason),
        comment=encodable(decided.comment),
        by=encodable(decided.by),
        at=decided.at,
        points_before=decided.before.points,
        outcome_before=decided.before.outcome,
    )


def _evidence(piece: Evidence) -> EvidenceEntry:
    error = float(piece.max_abs_error)
    return EvidenceEntry(
        cell=piece.cell,
        origin=piece.origin,
        path=encodable(piece.path),
        part=encodable(piece.part),
        max_abs_error=error if math.isfinite(error) else None,
    )
