"""Random trainings, simulated under a hypothesis with flags of our own."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from grader.rubric.model import Question
from grader.scoring.hypothesis import Hypothesis
from grader.scoring.predictions import Parts, Predictions
from grader.scoring.replay import Streams

# One hypothesis at a time: 10,000 trainings of a small network, 100 epochs, take 0.3 to 0.4 s
# on one core; asked together, as replays are, they would take 0.6 to 1.1 s.
_AT_ONCE = 2048  # trainings; 13 MB of flags where each takes 800
_MOST_LISTED = 12  # flags of which all combinations are gone through
_FEWEST = 32  # results that a distribution can be drawn from

Shapes = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True)
class Simulated:
    """Results of trainings, one in each row, the parts one after the other: (N, D).

    `complete` says that these are all there can be, and not a sample of them.
    """

    results: np.ndarray
    shapes: Shapes
    complete: bool


def simulate(
    predictions: Predictions,
    question: Question,
    hypothesis: Hypothesis,
    trainings: int,
    seed: int,
) -> Simulated | None:
    """Simulate trainings with fresh flags; None where the hypothesis describes none.

    Where no or few flags are consumed, all results there can be are returned instead.
    Hypotheses that consume equally many flags are handed the same ones.

    Args:
        predictions: the reference, asked about the assignment's own constants.
        question: a question with draws and their rate.
        hypothesis: one of its hypotheses, about the assignment's own constants.
        trainings: how many.
        seed: of the flags.

    """
    known = predictions.of(hypothesis)
    if known is not None:
        return _joined([known], complete=True)
    if question.draws is None or question.rate is None:
        return None
    count = predictions.flags_needed(question.draws, hypothesis)
    if not count:
        return None
    keep = 1 - float(predictions.given[question.rate])
    for chance in (keep, 1 - keep):  # which of them a hypothesis describes, it says itself
        parts = _asked(predictions, hypothesis, _flags(count, chance, trainings, seed), chance)
        found = _joined(parts, complete=count <= _MOST_LISTED)
        if found is not None:
            return found
    return None


def flattened(parts: Mapping[str, np.ndarray]) -> np.ndarray:
    """Put the parts of an answer one after the other, by name, (D,)."""
    return np.concatenate([np.ravel(parts[name]) for name in sorted(parts)])


def _flags(count: int, chance: float, trainings: int, seed: int) -> Iterator[np.ndarray]:
    """Yield flags (S, count), some trainings at a time."""
    if count <= _MOST_LISTED:
        yield ((np.arange(2**count)[:, None] >> np.arange(count)) & 1).astype(np.float64)
        return
    random = np.random.default_rng((seed, count))
    for start in range(0, trainings, _AT_ONCE):
        some = min(_AT_ONCE, trainings - start)
        yield (random.random((some, count)) < chance).astype(np.float64)


def _asked(
    predictions: Predictions, hypothesis: Hypothesis, flags: Iterator[np.ndarray], chance: float
) -> list[Parts]:
    """Ask for the results with all flags; for nothing more where the first give none."""
    found: list[Parts] = []
    for some in flags:
        streams = Streams(some, np.full(len(some), chance))
        parts = predictions.ask(hypothesis, predictions.given, streams)
        if parts is None or not _rows(parts)[1].any():
            break
        found.append(parts)
    return found


def _joined(asked: Sequence[Parts], *, complete: bool) -> Simulated | None:
    """Join results; those that are not finite did not come about as the hypothesis says."""
    if not asked:
        return None
    rows = [results[finite] for results, finite in map(_rows, asked)]
    results = np.concatenate(rows)
    if not complete and len(results) < _FEWEST:
        return None
    shapes = {name: asked[0][name].shape[1:] for name in sorted(asked[0])}
    return Simulated(np.unique(results, axis=0) if complete else results, shapes, complete)


def _rows(parts: Parts) -> tuple[np.ndarray, np.ndarray]:
    """Return all results, (S, D), and which of them are finite, (S,)."""
    results = np.concatenate([parts[n].reshape(len(parts[n]), -1) for n in sorted(parts)], axis=1)
    return results, np.isfinite(results).all(axis=1)
