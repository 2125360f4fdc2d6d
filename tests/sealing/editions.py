"""Editions for the tests: of an assignment whose answers can be sealed, and of weak ones."""

from functools import cache
from pathlib import Path

import numpy as np

from grader.rubric.model import Rubric
from grader.rubric.reference import Reference, open_rubric
from grader.sealing.edition import Edition
from grader.sealing.publish import make_edition
from grader.sealing.wording import Told

ASSIGNMENTS = Path(__file__).parents[1] / "assignments"
HW1 = Path(__file__).parents[2] / "rubrics" / "hw1.toml"
LAYERS = ASSIGNMENTS / "layers" / "layers.toml"


@cache
def opened() -> tuple[Rubric, Reference]:
    return open_rubric(LAYERS)


@cache
def edition_of(path: Path) -> tuple[Edition, list[Told]]:
    """The student's edition of a rubric, and what the teacher is told of it."""
    return make_edition(*open_rubric(path))


def layers() -> Edition:
    """The student's edition of the assignment whose answers can be sealed."""
    return edition_of(LAYERS)[0]


def predicted(family: str, **settings: object) -> dict[str, np.ndarray]:
    """What the assignment's reference predicts."""
    _, reference = opened()
    found: dict[str, np.ndarray] = reference.functions[family](reference.given, **settings)
    return found


def right(family: str) -> np.ndarray:
    """The right answer of one part."""
    [value] = predicted(family).values()
    return value
