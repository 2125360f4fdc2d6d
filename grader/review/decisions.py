"""Decisions of people about verdicts, each bound to what it was made about."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

Kind = Literal["criterion", "points", "comment"]
Key = tuple[str, str, Kind, str]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Decision(BaseModel):
    """What a person decided about a question of a submission."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    submission: str = Field(description="Id of the submission.")
    question: str = Field(description="Id of the question.")
    kind: Kind = Field(
        description="criterion: points for one criterion; points: points for the whole "
        "question, whatever else was found; comment: words to the student, and no points."
    )
    criterion: str = Field(default="", description="Id of the criterion, where it is of one.")
    points: float | None = Field(default=None, ge=0, description="null for a comment.")
    text: str = Field(default="", description="The reason or the comment the student reads.")
    judged: Digest = Field(
        description="Digest of what was judged. Where that changes, the decision holds no longer."
    )
    about: str = Field(default="", description="What was judged, in short, for people.")
    by: str = Field(default="", description="Who decided.")
    at: AwareDatetime = Field(description="When.")

    @property
    def key(self) -> Key:
        """What it decides: there is one decision about each."""
        return self.submission, self.question, self.kind, self.criterion

    @model_validator(mode="after")
    def _is_whole(self) -> "Decision":
        if (self.kind == "criterion") != bool(self.criterion):
            raise ValueError('"criterion" is named where the kind is "criterion", and only there')
        if (self.kind == "comment") != (self.points is None):
            raise ValueError('every kind but "comment" has points')
        if self.kind != "criterion" and not self.text.strip():
            raise ValueError('"text" is needed: the student reads it')
        return self


@dataclass(frozen=True)
class Decisions:
    """The decisions about an assignment, in the order they were made."""

    assignment: str
    by_key: dict[Key, Decision] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Decision]:
        """Go through them in order."""
        return iter(self.by_key.values())

    def __len__(self) -> int:
        """Count them."""
        return len(self.by_key)

    def of(self, submission: str, question: str) -> list[Decision]:
        """List those about a question of a submission."""
        return [one for one in self if (one.submission, one.question) == (submission, question)]

    def about(self, submission: str) -> "Decisions":
        """Keep those about a submission."""
        return made_of(self.assignment, (one for one in self if one.submission == submission))

    def with_(self, added: Iterable[Decision] = (), removed: Iterable[Key] = ()) -> "Decisions":
        """Replace some, the newest last, and take some out."""
        added, gone = list(added), set(removed)
        gone |= {one.key for one in added}
        return made_of(self.assignment, [*(one for one in self if one.key not in gone), *added])


def made_of(assignment: str, decisions: Iterable[Decision]) -> Decisions:
    """Collect decisions; of two about the same the later one counts."""
    return Decisions(assignment, {one.key: one for one in decisions})
