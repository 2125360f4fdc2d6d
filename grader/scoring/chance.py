"""Where chance enters a run, and the results that no two runs of it would share."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from grader.observation.differences import Difference
from grader.recording.model import Recording

_DIGITS = 4  # significant ones of each
_APART = 0.01  # relative; numbers that chance moves by less say little
_FEWEST_DRAWS = 64  # fewer may well come out alike
_MOST_NUMBERS = 48  # of a cell
_MOST_RESULTS = 4  # cells
_UNSEEN = re.compile(
    r"\b(?:urandom|SystemRandom|secrets|uuid\d?|perf_counter|time_ns|time\.time|now)\b"
)
_COMMENT = re.compile(r"#[^\n]*")
_SEEDED = re.compile(
    r"seed\w*\b(?!\s*\(\s*(?:None\s*)?\))|\bdefault_rng\s*\(\s*[^)\s]|\bRandomState\s*\(\s*[^)\s]"
    r"|\brandom_state\b|\bPRNGKey\b|\brandom\.key\b|\bset_rng_state\b|\bsetstate\b|\bset_state\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class RandomResult:
    """Numbers a cell printed, as stored; those that `moved` are clearly other ones here.

    What moved is random for sure; what did not may be, or may be the same in every run.
    """

    numbers: np.ndarray
    moved: np.ndarray


def random_cells(recording: Recording) -> frozenset[int]:
    """Give the cells that drew random numbers, or read a clock or the system's entropy."""
    drew = {draws.cell for draws in recording.draws}
    read = {cell.number for cell in recording.cells if _UNSEEN.search(_code(cell.source))}
    return frozenset(drew | read)


def is_seeded(recording: Recording) -> bool:
    """Say whether a notebook may fix its random numbers, so that others may get the same."""
    return any(_SEEDED.search(_code(cell.source)) for cell in recording.cells)


def random_results(
    recording: Recording, differences: Sequence[Difference]
) -> tuple[RandomResult, ...]:
    """Give the stored numbers of the cells in which unseeded chance made some.

    Two files that share enough of those do not owe it to chance.
    """
    if is_seeded(recording):
        return ()
    found = (
        _result(difference)
        for difference in differences
        if _drawn(recording, difference.cell) >= _FEWEST_DRAWS
    )
    return tuple([result for result in found if result.moved.any()][:_MOST_RESULTS])


def _result(difference: Difference) -> RandomResult:
    """Take the numbers with digits enough, from the first on that is clearly another here."""
    telling = difference.digits >= _DIGITS
    stored, here = difference.numbers[telling], difference.others[telling]
    if stored.dtype.kind != "f" or here.dtype.kind != "f":
        return RandomResult(np.zeros(0), np.zeros(0, dtype=bool))
    with np.errstate(invalid="ignore"):
        apart = np.abs(stored - here) > _APART * np.maximum(np.abs(stored), np.abs(here))
    moved = apart & np.isfinite(stored) & np.isfinite(here)
    kept = slice(start := int(np.argmax(moved)) if moved.size else 0, start + _MOST_NUMBERS)
    return RandomResult(stored[kept], moved[kept])


def _drawn(recording: Recording, cell: int) -> int:
    """Count the random numbers drawn up to the end of a cell."""
    return sum(draws.array.size for draws in recording.draws if draws.cell <= cell)


def _code(source: str) -> str:
    return _COMMENT.sub("", source)
