"""The inputs of a part: cases a reference makes from a seed, and the names they travel under."""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.faults import ReferenceFault
from grader.rubric.parts import Part
from grader.rubric.reference import Reference

_LARGEST = 16 * 1024 * 1024  # bytes of all inputs of a part

Data = Mapping[str, Mapping[str, np.ndarray]]  # arrays of the data files, by the files' names


@dataclass(frozen=True)
class Case:
    """Arguments that go together, in order."""

    label: str
    arguments: Mapping[str, np.ndarray]


def cases_of(part: Part, reference: Reference, seed: int, data: Data) -> list[Case]:
    """Make the cases of a part.

    Raises:
        ReferenceFault: what makes them fails, or makes something else.

    """
    if part.inputs is None:
        return []
    function = reference.inputs(part.inputs)
    wants_data = len(inspect.signature(function).parameters) > 1
    try:
        made: Any = function(seed, data) if wants_data else function(seed)
        cases = [_case(label, arguments) for label, arguments in made.items()]
    except Exception as error:
        raise ReferenceFault(f"{part.inputs} makes no inputs: {error}") from error
    if sum(array.nbytes for case in cases for array in case.arguments.values()) > _LARGEST:
        raise ReferenceFault(f"{part.inputs} makes more than {_LARGEST >> 20} MiB of inputs")
    return cases


def sent_name(number: int, argument: str) -> str:
    """Return the name an argument of a case travels under."""
    return f"case{number}_{argument}"


def flat(cases: list[Case]) -> dict[str, np.ndarray]:
    """Give all arguments of all cases by the names they travel under."""
    return {
        sent_name(number, name): array
        for number, case in enumerate(cases)
        for name, array in case.arguments.items()
    }


def _case(label: str, arguments: Mapping[str, Any]) -> Case:
    arrays = {name: np.asarray(value) for name, value in arguments.items()}
    if not all(name.isidentifier() for name in arrays):
        raise ValueError(f"an argument of {label!r} has no name")
    if not all(array.dtype.kind in "biuf" for array in arrays.values()):
        raise ValueError(f"an argument of {label!r} is no array of numbers")
    return Case(label, arrays)
