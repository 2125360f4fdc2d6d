"""Reads a rubric, with everything that is wrong with it at once."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grader.faults import RubricFault
from grader.rubric.keys import key_problems
from grader.rubric.loading import reference_file
from grader.rubric.model import Rubric
from grader.rubric.problem import Problem, tell
from grader.rubric.relations import relation_problems
from grader.rubric.sketch import text_of
from grader.rubric.toml import read_bytes, read_toml


def read_rubric(path: Path) -> Rubric:
    """Read a rubric without looking at its reference.

    Raises:
        RubricFault: with every problem of the file, one line each.
    """
    data = read_toml(path)
    problems = find_problems(data)
    if problems:
        raise RubricFault(tell(problems, data, path))
    return Rubric.model_validate(data)


def find_problems(data: Mapping[str, Any]) -> list[Problem]:
    """Find every problem of a rubric that can be seen without its reference."""
    return key_problems(data) + relation_problems(data)


def rubric_digest(path: Path) -> str:
    """Return the sha256 of a rubric, and of its reference where that is a file beside it.

    Raises:
        RubricFault: one of them cannot be read.
    """
    digest = hashlib.sha256(read_bytes(path))
    name = text_of(read_toml(path), "reference")
    file = reference_file(name, path) if name else None
    if file is not None:
        digest.update(read_bytes(file))
    return digest.hexdigest()
