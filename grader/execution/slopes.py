"""The question a rubric asks of a finished notebook: how its own functions change."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from grader.execution.outcome import Probe
from grader.rubric.model import Rubric

SECONDS = 5.0
_LARGEST = 64 * 1024  # bytes of a constant that is handed in


def slope_probes(rubric: Rubric, given: Mapping[str, Any]) -> tuple[Probe, ...]:
    """Return the probe that differentiates the student's own functions, if that is asked for.

    Args:
        rubric: its questions say with respect to what.
        given: the constants the assignment hands out; students have them, so they are no
            secret where student code runs.

    """
    inputs = {name: array for name, value in given.items() if _is_plain(array := _read(value))}
    asked = (question.with_respect_to for question in rubric.question)
    wanted = tuple(dict.fromkeys(name for name in asked if name is not None and name in inputs))
    return (Probe(inputs=inputs, seconds=SECONDS, slopes=wanted),) if wanted else ()


def _read(value: Any) -> np.ndarray:
    """Read a constant; what is no array of real numbers becomes an empty one."""
    try:
        return np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        return np.empty(0)


def _is_plain(array: np.ndarray) -> bool:
    return 0 < array.nbytes <= _LARGEST and bool(np.isfinite(array).all())
