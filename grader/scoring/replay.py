"""The keep flags a submission may have trained with, read off the random draws it made."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from grader.recording.model import Draws

_MOST_OFFSETS = 8  # trainings one after another in one cell
_MOST_STREAMS = 64
_MOST_DEVIATIONS = 4
_EVEN = frozenset({"randint", "randrange", "integers", "random_", "random_integers", "choice"})


@dataclass(frozen=True)
class Streams:
    """Candidate streams of keep flags: flags of shape (S, K), and how likely each was a 1, (S,)."""

    flags: np.ndarray
    kept: np.ndarray


def keep_streams(draws: Sequence[Draws], count: int, rate: float) -> Streams | None:
    """Return every stream of `count` flags that the draws may have been turned into.

    A uniform draw u becomes a flag by comparison with the rate p or with 1-p, either way
    round; a draw of 0 or 1 is a flag as it is, or its opposite.

    Args:
        draws: the recorded draws of a submission, in order.
        count: K, flags one training consumes, >= 1.
        rate: the probability of a flag being 0, in (0, 1).

    """
    seen: dict[tuple[bytes, float], tuple[np.ndarray, float]] = {}
    for numbers in _windows(draws, count):
        for flags, kept in _flags(*numbers, rate):
            seen.setdefault((np.packbits(flags).tobytes(), kept), (flags, kept))
    if not seen:
        return None
    chosen = list(seen.values())[-_MOST_STREAMS:]
    return Streams(
        np.stack([flags for flags, _ in chosen]).astype(np.float64),
        np.array([kept for _, kept in chosen]),
    )


def _windows(draws: Sequence[Draws], count: int) -> Iterator[tuple[np.ndarray, float | None]]:
    """Yield runs of `count` drawn numbers scaled to [0, 1], with the chance of a 1 if known."""
    for group in draws:
        numbers = _unit_interval(group) if group.array.size >= count else None
        if numbers is None:
            continue
        for ordered in _orders(numbers):
            last = ordered.size - count
            starts = {i * count for i in range(_MOST_OFFSETS) if i * count <= last} | {last}
            for start in sorted(starts):
                yield ordered[start : start + count], _chance(group)


def _unit_interval(group: Draws) -> np.ndarray | None:
    """Scale draws to [0, 1]; None where they have no such scale.

    Of n whole numbers that come up alike each stands for an nth of the interval; draws of 0
    and one other number are 0 and 1.
    """
    if group.array.dtype.kind not in "biuf":
        return None
    numbers = group.array.astype(np.float64)
    low, high = group.parameters.get("low", 0.0), group.parameters.get("high", 1.0)
    inclusive = group.call == "random_integers" or group.generator == "python"
    if group.call in _EVEN and high + inclusive - low > 2:
        numbers = (numbers - low + 0.5) / (high + inclusive - low)
    elif group.call.startswith("uniform") and high > low:
        numbers = (numbers - low) / (high - low)
    elif np.isin(numbers, (0.0, largest := numbers.max(initial=0.0))).all() and largest > 0:
        numbers = numbers / largest
    inside = np.isfinite(numbers).all() and numbers.min() >= 0 and numbers.max() <= 1
    return numbers if inside else None


def _orders(numbers: np.ndarray) -> Iterator[np.ndarray]:
    yield numbers.ravel()
    if numbers.ndim == 3 and min(numbers.shape[1:]) > 1:  # drawn (units, examples)
        yield numbers.swapaxes(1, 2).ravel()


def _flags(
    numbers: np.ndarray, chance: float | None, rate: float
) -> Iterator[tuple[np.ndarray, float]]:
    keep = 1 - rate
    if np.isin(numbers, (0.0, 1.0)).all():
        share = chance if chance is not None else _likely(numbers, rate, keep)
        if share is not None:
            yield numbers > 0.5, share
            yield numbers < 0.5, 1 - share
        return
    yield numbers < keep, keep
    yield numbers >= rate, keep
    yield numbers < rate, rate
    yield numbers >= keep, rate


def _chance(group: Draws) -> float | None:
    """Return the chance of a 1 where the call tells it; whole numbers come up alike."""
    if "p" in group.parameters:
        return group.parameters["p"]
    return 0.5 if group.call in _EVEN else None


def _likely(numbers: np.ndarray, *options: float) -> float | None:
    """Return the chance, among those asked for, that explains how often a 1 was drawn."""
    share = float(numbers.mean())
    chance = min(options, key=lambda option: abs(option - share))
    deviation = float(np.sqrt(chance * (1 - chance) / numbers.size))
    return chance if abs(chance - share) <= _MOST_DEVIATIONS * deviation else None
