"""The student's edition of a rubric as a file: what it holds, and how it is read."""

import json
from collections.abc import Mapping
from functools import cached_property, partial
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, StringConstraints, ValidationError

from grader.faults import UsageFault
from grader.rubric.model import Rubric
from grader.rubric.reference import Reference
from grader.rubric.table import Id, Name, Table, Text
from grader.sealing.coded import Coded, Inputs, Shape, fixed_cases

EDITION = "edition.json"  # its file, in a folder of its own
FORMAT: Literal["gradmark/edition/1"] = "gradmark/edition/1"
REFERENCE = "sealed.py"  # what the rubric of an edition names; there is no such file
_LARGEST = 32 * 2**20  # bytes
_MOST_NUMBERS = 2**14  # of a constant; larger ones are data, and no tables of numbers

Hex = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{2})+$")]
Positive = Annotated[float, Field(gt=0)]


class Seal(Table):
    """What opens with the key of one cell: the predictions of hypotheses, enciphered."""

    name: Hex
    text: int = Field(ge=0, description="The place of the enciphered text among the lock's.")
    wraps: Hex = Field(description="The key of that text, enciphered with the key of the cell.")


class Lock(Table):
    """One grid and the cells on it that hold answers; all parts of an answer at once."""

    expect: Name
    shapes: dict[Name, Shape]
    atol: Positive
    rtol: Annotated[float, Field(ge=0, lt=1)]
    width: Positive
    whole: bool = Field(description="Whether everything within the rubric's tolerance opens.")
    salt: Hex
    tag_bits: Annotated[int, Field(ge=1, le=64)]
    tags: list[int]
    seals: list[Seal]
    texts: list[Hex]


class Plausible(Table):
    """What holds of every accepted answer, and tells none: shapes, and what sums to 1."""

    shapes: list[Shape]
    probabilities: bool = False


class Given(Table):
    """A constant the assignment hands out."""

    dtype: Literal["float", "int", "bool", "text"]
    value: Any


class Hidden(Table):
    """A question that is only named."""

    id: Id
    title: Text
    before: Annotated[int, Field(ge=0)] = Field(description="How many public ones come first.")


class Edition(Table):
    """A rubric as it may be handed out."""

    format: Literal["gradmark/edition/1"]
    rubric: Rubric
    given: dict[Name, Given] = Field(default_factory=dict)
    hidden: list[Hidden] = Field(default_factory=list)
    locks: list[Lock] = Field(default_factory=list)
    plausible: dict[Id, Plausible] = Field(default_factory=dict)
    starting_over: list[Id] = Field(
        default_factory=list,
        description="Questions that may be right for a student's own result of an earlier one.",
    )
    incomplete: list[Id] = Field(
        default_factory=list,
        description="Questions of which some answers are known to the teacher only.",
    )
    code: dict[Id, list[Coded]] = Field(
        default_factory=dict, description="What is known of the code that questions ask for."
    )
    inputs: dict[Name, list[Inputs]] = Field(
        default_factory=dict, description="What that code is called with."
    )

    @property
    def assignment(self) -> str:
        """The name of the assignment."""
        return self.rubric.assignment

    @property
    def title(self) -> str:
        """What people read."""
        return self.rubric.title

    @cached_property
    def reference(self) -> Reference:
        """The given constants and the inputs; no function that predicts answers is in it."""
        given = {name: _value(one) for name, one in self.given.items()}
        makers = {name: partial(fixed_cases, cases) for name, cases in self.inputs.items()}
        return Reference(FORMAT, given, {}, makers=makers)


def is_edition(path: Path) -> bool:
    """Say whether a file is a student's edition, by its first lines."""
    try:
        with path.open("rb") as file:
            return FORMAT.encode() in file.read(200)
    except OSError:
        return False


def read_edition(path: Path) -> Edition:
    """Read a student's edition.

    Raises:
        UsageFault: it cannot be read, or is none.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise UsageFault(f"{path} is too large for a student's edition")
        return Edition.model_validate_json(path.read_bytes())
    except OSError as error:
        raise UsageFault(f"{path} cannot be read: {error.strerror}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        why = ": ".join(filter(None, [where, first["msg"]]))
        raise UsageFault(f"{path} is no student's edition: {why}") from error


def edition_text(edition: Edition) -> str:
    """Return the text of an edition's file, the format first."""
    data = edition.model_dump(mode="json", exclude_defaults=True)
    return json.dumps(data, indent=1) + "\n"


def given_constants(given: Mapping[str, Any]) -> dict[str, Given]:
    """Return constants as they stand in a file; those of other kinds are left out."""
    kinds: dict[str, Literal["float", "int", "bool", "text"]]
    kinds = {"f": "float", "i": "int", "u": "int", "b": "bool", "U": "text"}
    found: dict[str, Given] = {}
    for name, value in given.items():
        array = np.asarray(value)
        finite = array.dtype.kind != "f" or np.isfinite(array).all()
        if array.dtype.kind in kinds and finite and array.size <= _MOST_NUMBERS:
            found[name] = Given(dtype=kinds[array.dtype.kind], value=array.tolist())
    return found


def _value(given: Given) -> Any:
    if not isinstance(given.value, list):
        return given.value
    types: dict[str, type] = {"float": float, "int": int, "bool": bool, "text": str}
    return np.asarray(given.value, dtype=types[given.dtype])
