"""A result as JSON, for other programs."""

import json
from dataclasses import asdict
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from grader.reporting.text import encodable
from grader.results.model import CheckResult, Fault, Scope
from grader.scoring.outcomes import Outcome

FORMAT: Final = "gradmark/result/1"


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class CheckEntry(_Table):
    """What is known about one question; nothing in it tells an expected value."""

    question: str = Field(description="The question's id in the rubric.")
    title: str
    outcome: Outcome = Field(
        description='"ungraded" where the grade or a person decides; otherwise what was found.'
    )
    points: float = Field(ge=0, description='Says nothing yet where the outcome is "ungraded".')
    max_points: float = Field(ge=0)
    sentence: str = Field(description="What the student reads.")
    explained_by: tuple[str, ...] = Field(description='Names of mistakes, in words: "typed in".')
    difference: str = Field(description='Where the answer first differs; "" where nothing is told.')
    place: str = Field(description='Where the answer stands: "`grad` (cell 12)".')
    cell: int | None = Field(description="The code cell it is about, counted from 1.")
    scope: Scope = Field(
        description='"public": checked here; "hidden": kept for after the submission; "later": '
        "can only be judged then."
    )


class ResultFile(_Table):
    """What checking one notebook came to."""

    format: Literal["gradmark/result/1"] = FORMAT
    assignment: str
    title: str
    notebook: str = Field(description='The name of its file; "" for a live session.')
    passes: bool = Field(description="Whether a check passed, and no public check failed.")
    points: float = Field(ge=0, description="Of the public checks.")
    max_points: float = Field(ge=0, description="Of the public checks.")
    checks: tuple[CheckEntry, ...]
    fault: str = Field(description='Why nothing could be checked; "" where it could.')
    fault_of: Fault = Field(description="Whose doing that is.")
    notes: tuple[str, ...] = Field(description="What was peculiar to this run.")
    seconds: float = Field(ge=0, description="How long the notebook ran.")


def result_json(result: CheckResult) -> str:
    """Write a result as JSON."""
    data = asdict(result) | {
        "passes": result.passes,
        "points": result.points,
        "max_points": result.max_points,
    }
    del data["whole"]  # in a file are all questions
    written = ResultFile.model_validate(data).model_dump(mode="python")
    return encodable(json.dumps(written, indent=2, ensure_ascii=False)) + "\n"
