"""Code that students are to write, as an edition has it: what it is called with, what fails it."""

from base64 import b64decode, b64encode
from collections.abc import Iterable
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, StringConstraints

from grader.execution.asking.cases import Case
from grader.rubric.table import Name, Table, Text

Reason = Literal["values", "argument", "library", "gradient", "together"]
"""What an edition can tell of code without the reference: that it gives no numbers or another
shape, that it changes its argument, which library it uses, that a gradient is not that of the
student's own loss, that a derivative and its function cannot both be right."""

Shape = list[Annotated[int, Field(ge=0)]]
Cases = dict[str, dict[str, np.ndarray]]


class Numbers(Table):
    """An array, to the last bit."""

    dtype: Annotated[str, StringConstraints(pattern=r"^[<|][biuf][1248]$")]
    shape: Shape
    data: str


class Inputs(Table):
    """What code is called with once."""

    label: Text
    arguments: dict[Name, Numbers]


class Coded(Table):
    """One part of a question: how far it is asked, and what costs it points for certain."""

    part: Name
    asked: bool
    fails: list[Reason] = Field(default_factory=list)
    shapes: list[Shape | None] = Field(
        default_factory=list,
        description="Of what comes back for each case, where every accepted answer has the same.",
    )
    quiet: bool = Field(
        default=False, description="Whether it is not told why it fails: a mistake is hidden."
    )


def told_inputs(cases: Iterable[Case]) -> list[Inputs]:
    """Write cases as an edition has them."""
    return [
        Inputs(label=one.label, arguments={k: _numbers(a) for k, a in one.arguments.items()})
        for one in cases
    ]


def fixed_cases(inputs: list[Inputs], seed: int) -> Cases:
    """Return the cases of an edition, whatever the seed."""
    return {one.label: {k: _array(n) for k, n in one.arguments.items()} for one in inputs}


def _numbers(array: np.ndarray) -> Numbers:
    plain = array.astype(array.dtype.newbyteorder("<"), order="C")
    text = b64encode(plain.tobytes()).decode()
    return Numbers(dtype=plain.dtype.str, shape=list(plain.shape), data=text)


def _array(numbers: Numbers) -> np.ndarray:
    flat = np.frombuffer(b64decode(numbers.data), dtype=numbers.dtype)
    return flat.reshape(numbers.shape).copy()
