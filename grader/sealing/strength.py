"""How many bits an answer is worth against somebody who guesses it on a grid."""

from collections.abc import Sequence
from math import log2

from grader.sealing.freedom import follows_simply
from grader.sealing.grid import Grid

MOST_A_NUMBER = 16.0  # bits: more digits than five say nothing new about where a number comes from
PEAK = 2.0  # bits: the likeliest cell has four times the share it would have of an even spread
SIMPLE = 8.0  # bits of a logarithm or an exponential of a number with few digits


def bits_of(numbers: Sequence[float], scale: float, grid: Grid) -> float:
    """Return the min-entropy of an answer's cells, for somebody who knows its structure.

    They know how large its largest entry is, all signs, and how its entries depend on each
    other and on the constants: see `docs/sealed-answers.md`.

    Args:
        numbers: the independent ones of the answer.
        scale: the size of its largest entry.
        grid: the cells.

    """
    widest = grid.width * (grid.atol + grid.rtol * scale)
    if not numbers or scale <= widest:
        return 0.0
    each = max(0.0, min(MOST_A_NUMBER, log2(scale / widest) - PEAK))
    return sum(min(SIMPLE, each) if follows_simply(number) else each for number in numbers)
