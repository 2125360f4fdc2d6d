"""The kinds of names, texts and settings that the tables of a rubric are made of."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

ID_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
NAME_PATTERN = r"^[A-Za-z_][A-Za-z0-9_]*$"
NAME_LENGTH = 64
PART_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*\.[A-Za-z_][A-Za-z0-9_]*$"
TEXT_PATTERN = r"\S"
REFERENCE_PATTERN = r"^(reference(\.[A-Za-z_][A-Za-z0-9_]*)+|.*[^/\\]\.py)$"

DETECTED = frozenset({"typed-in"})
"""Mistakes the engine finds by itself; a rubric only says what they are worth."""

Id = Annotated[str, StringConstraints(pattern=ID_PATTERN, max_length=NAME_LENGTH)]
Name = Annotated[str, StringConstraints(pattern=NAME_PATTERN, max_length=NAME_LENGTH)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, pattern=TEXT_PATTERN)]
Setting = str | bool | int | float
Settings = dict[Name, Setting | Annotated[list[Setting], Field(min_length=1)]]
Share = Annotated[float, Field(ge=0, le=1)]
Transform = Literal[
    "scaled",
    "negated",
    "transposed",
    "permuted",
    "example_missing",
    "example_twice",
    "single_precision",
    "rounded",
    "shifted",
    "epoch_off",
]
"""What may have become of an expected value: see `grader.scoring.search.transforms`."""


class Table(BaseModel):
    """A table of a rubric: frozen, unknown keys are an error, and no type stands for another."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)
