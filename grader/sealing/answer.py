"""The answers of a question as they are sealed: what its public hypotheses predict, by key."""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.rubric.model import Question
from grader.scoring.hypothesis import hypotheses
from grader.scoring.predictions import Parts, Predictions
from grader.sealing.freedom import independent_numbers

Key = tuple[object, ...]


@dataclass(frozen=True)
class Answer:
    """Values, and the keys of all hypotheses that predict them."""

    parts: Parts
    keys: tuple[Key, ...]
    accepted: bool  # by a hypothesis that earns all points
    numbers: tuple[float, ...] = ()  # the independent ones

    @property
    def shapes(self) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """The names and shapes of the parts, in order."""
        return tuple((name, part.shape) for name, part in self.parts.items())

    @property
    def scale(self) -> float:
        """The size of the largest entry."""
        return float(np.abs(self.row).max())

    @property
    def row(self) -> np.ndarray:
        """All entries of all parts, one after the other."""
        return joined(self.parts.values())


def joined(parts: Iterable[np.ndarray]) -> np.ndarray:
    """Return the entries of parts in one row."""
    return np.concatenate([np.asarray(part, dtype=np.float64).ravel() for part in parts])


def answers_of(questions: Iterable[Question], predictions: Predictions) -> list[Answer]:
    """List the different answers to questions that expect the same, each once."""
    found: dict[tuple[object, ...], tuple[Parts, dict[Key, bool]]] = {}
    for question in questions:
        for hypothesis in hypotheses(question):
            parts = None if hypothesis.borrowed else predictions.of(hypothesis)
            if parts:
                same = tuple((n, p.shape, joined([p]).tobytes()) for n, p in parts.items())
                keys = found.setdefault(same, (parts, {}))[1]
                keys[hypothesis.key] = keys.get(hypothesis.key, False) or hypothesis.worth >= 1
    given = predictions.given
    return [
        Answer(parts, tuple(keys), any(keys.values()), tuple(independent_numbers(parts, given)))
        for parts, keys in found.values()
    ]


def packed(answers: Iterable[Answer]) -> bytes:
    """Return answers as text."""
    told = [
        {
            "keys": [list(key) for key in answer.keys],
            "parts": {name: _array_told(part) for name, part in answer.parts.items()},
        }
        for answer in answers
    ]
    return json.dumps(told, separators=(",", ":")).encode()


def unpacked(text: bytes) -> dict[Key, Parts]:
    """Read the predictions in a text, by the key of the hypothesis.

    Raises:
        ValueError: it is none that `packed` made.
    """
    try:
        found: dict[Key, Parts] = {}
        for told in json.loads(text):
            parts = {name: _array(one) for name, one in told["parts"].items()}
            for first, *rest in told["keys"]:
                found[(first, *(tuple(setting) for setting in rest))] = parts
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError("no predictions") from error
    return found


def _array_told(part: np.ndarray) -> dict[str, Any]:
    numbers = np.ascontiguousarray(part, dtype="<f8")
    return {"shape": list(part.shape), "data": b64encode(numbers.tobytes()).decode()}


def _array(told: Mapping[str, Any]) -> np.ndarray:
    return np.frombuffer(b64decode(told["data"]), dtype="<f8").reshape(told["shape"])
