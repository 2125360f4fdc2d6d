"""Random numbers that lead to keep flags of every kind a setting may ask for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.faults import ReferenceFault
from grader.rubric.model import Question
from grader.scoring.hypothesis import Hypothesis
from grader.scoring.predictions import Parts, Predictions
from grader.scoring.replay import Streams

_SEEDS = range(20, 24)


@dataclass(frozen=True)
class Drawn:
    """Uniform numbers, and what a training with the keep flags made of them predicts."""

    parts: Parts
    numbers: np.ndarray  # (K,)


def draw(
    hypothesis: Hypothesis, question: Question, predictions: Predictions, given: Mapping[str, Any]
) -> Drawn | None:
    """Draw numbers that fit a hypothesis, and predict what they lead to.

    First numbers that do not repeat; then numbers drawn alike again and again, as they are
    where a seed is set in every epoch, with the longest period first.

    Returns:
        None where no numbers fit, or none are needed.
    """
    if not question.draws or not question.rate:
        return None
    # Of the changed constants: another number of epochs takes another number of flags.
    count = int(predictions.reference.function(question.draws)(given, **hypothesis.settings))
    if not count:
        return None
    rate = float(given[question.rate])
    for numbers in _numbers(count):
        keeps = np.repeat([1 - rate, rate], len(numbers))
        uniform = np.concatenate([numbers, numbers])
        flags = (uniform < keeps[:, None]).astype(np.float64)
        parts = predictions.ask(hypothesis, given, Streams(flags, keeps))
        if parts is None:
            return None
        found = _first(parts, uniform)
        if found is not None:
            return found
    return None


def _numbers(count: int) -> Iterator[np.ndarray]:
    """Yield candidate streams of uniform numbers, (S, K), the plainest first."""
    fresh = [np.random.default_rng(seed).random(count) for seed in _SEEDS]
    yield np.stack(fresh)
    periods = [p for p in range(count // 2, 0, -1) if count % p == 0]
    if periods:
        yield np.stack([np.tile(row[:p], count // p) for p in periods for row in fresh])


def _first(parts: Parts, uniform: np.ndarray) -> Drawn | None:
    rows = next(iter(parts.values()))
    if len(rows) != len(uniform):
        raise ReferenceFault("a family with draws must return one row for each stream")
    finite = [np.isfinite(part).reshape(len(part), -1).all(axis=1) for part in parts.values()]
    fitting = np.flatnonzero(np.logical_and.reduce(finite))
    if not fitting.size:
        return None
    row = int(fitting[0])
    return Drawn({name: part[row] for name, part in parts.items()}, uniform[row])
