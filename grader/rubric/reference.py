"""A rubric together with its reference: loaded, and held against each other."""

import re
from pathlib import Path

from grader.faults import RubricFault
from grader.rubric.agreement import agreement_problems
from grader.rubric.families import Family, Reference
from grader.rubric.loading import load
from grader.rubric.model import Rubric
from grader.rubric.problem import tell
from grader.rubric.read import find_problems
from grader.rubric.sketch import text_of
from grader.rubric.table import REFERENCE_PATTERN
from grader.rubric.toml import read_toml

__all__ = ["Family", "Reference", "check_against_reference", "load_reference", "open_rubric"]


def load_reference(rubric: Rubric, rubric_path: Path) -> Reference:
    """Load the reference of a rubric that was read from `rubric_path`.

    Raises:
        RubricFault: it cannot be loaded, with the line that is at fault.
    """
    return load(rubric.reference, rubric_path)


def check_against_reference(rubric: Rubric, reference: Reference, path: Path) -> list[str]:
    """Say where the rubric of `path` asks for what its reference does not have."""
    data = rubric.model_dump()
    return tell(agreement_problems(data, reference), data, path)


def open_rubric(path: Path) -> tuple[Rubric, Reference]:
    """Read a rubric and its reference.

    Raises:
        RubricFault: with every problem of the rubric and of the two together.
    """
    data = read_toml(path)
    problems, elsewhere, reference = find_problems(data), [], None
    name = text_of(data, "reference")
    if name is not None and re.fullmatch(REFERENCE_PATTERN, name):
        try:
            reference = load(name, path)
            problems += agreement_problems(data, reference)
        except RubricFault as fault:
            elsewhere = fault.problems
    if reference is None or problems:
        raise RubricFault(tell(problems, data, path) + elsewhere)
    return Rubric.model_validate(data), reference
