"""What a step of a probe told: a table of arrays, and facts that travelled as text."""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.recording.model import StepResult

_LONGEST = 20_000  # bytes of facts
_LARGEST = 1e15  # of a number that is a fact


@dataclass(frozen=True)
class Told:
    """A step's table; all of it is the student's process's claim, and may be anything."""

    arrays: dict[str, np.ndarray]
    facts: dict[str, Any]

    def texts(self, name: str) -> list[str]:
        """Return a fact that is a list of texts."""
        return [one[:60] for one in _items(self.facts.get(name)) if isinstance(one, str)]

    def text(self, name: str) -> str:
        """Return a fact that is a text."""
        value = self.facts.get(name)
        return value if isinstance(value, str) else ""

    def sizes(self, name: str) -> tuple[int, ...]:
        """Return a fact that is a list of whole numbers."""
        return tuple(one for one in _items(self.facts.get(name)) if type(one) is int)

    def number(self, name: str) -> float | None:
        """Return a fact that is a finite number; None where there is none."""
        value: Any = self.facts.get(name)
        if type(value) not in (int, float) or not abs(value) < _LARGEST:
            return None
        return float(value)


def read_told(step: StepResult | None) -> Told | None:
    """Read what a step told; None where it was not taken, failed, or told nothing."""
    if step is None or step.error:
        return None
    arrays = {
        path[2:-2]: value.array
        for path, value in step.values.items()
        if path.startswith("['") and path.endswith("']")
    }
    told = arrays.pop("told", None)
    if told is None:
        return None
    return Told(arrays, facts_in(told))


def facts_in(array: np.ndarray | None) -> Any:
    """Read facts off the bytes they travelled as; an empty table where they are none."""
    if array is None or array.dtype != np.uint8 or array.size > _LONGEST:
        return {}
    try:
        facts = json.loads(array.tobytes().decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return {}
    return facts if isinstance(facts, dict) else {"value": facts}


def _items(value: Any) -> list[Any]:
    return value[:1000] if isinstance(value, list) else []
