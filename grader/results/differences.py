"""Where a value first differs from what was asked for, told so that nothing of that is given away.

What is never told: a size of a difference, as the student's own value and the difference give
the expected one; the place of the *largest* difference, as it compares entries, and so gives
an entry away within a few tries by halving; a sign.

What is told: the shape, and the first entry that is off. That is no more than whether an entry
agrees, and finding one by trying takes as many tries as its tolerance fits into its range; so
no room is given to a value of few digits, which would be a coarser, and quicker, search. Of an
answer of few entries not even that is told: there the entries before the first that is off would
be a large part of the answer. Nor is said then which of several values came nearest, which among
a thousand candidates would be the same as three digits. Where several values might have been
meant nothing is told of any: which is nearest halves the room that is left for an entry, as soon
as two of them are as far off as they can be, one above and one below.
"""

from collections.abc import Sequence

import numpy as np

from grader.rubric.model import Tolerance
from grader.scoring.verdict import Evidence

FEWEST = 4  # entries of an answer; of one that has fewer no place is told


def places_told(evidence: Sequence[Evidence], *, secret: bool) -> tuple[Evidence, ...]:
    """Return the evidence whose place may be told.

    Args:
        evidence: of a verdict.
        secret: whether the rubric keeps the expected value from reports, too.

    """
    return tuple(one for one in evidence if one.fits or not (secret or _few(one) or one.also))


def difference_of(evidence: Sequence[Evidence], tolerance: Tolerance) -> str:
    """Say where the first value that does not fit differs; "" where all do, or nothing is told."""
    return next(filter(None, (_told(one, tolerance) for one in evidence if not one.fits)), "")


def _few(one: Evidence) -> bool:
    return bool(one.expected.size < FEWEST)


def _told(one: Evidence, tolerance: Tolerance) -> str:
    if one.actual.shape != one.expected.shape:
        return f"the shape is {one.actual.shape}, {one.expected.shape} was asked for"
    if _few(one):
        return ""
    index = _first(~np.isfinite(one.actual))
    if index:
        return f"the entry {index} is not a finite number"
    index = _first(_off(one, tolerance))
    return f"first differs at {index}" if index else ""


def _off(one: Evidence, tolerance: Tolerance) -> np.ndarray:
    room = tolerance.atol + tolerance.rtol * np.abs(one.expected)
    off: np.ndarray = np.abs(one.actual - one.expected) > room
    return off


def _first(marked: np.ndarray) -> str:
    if not marked.any():
        return ""
    index = np.unravel_index(int(np.argmax(marked)), marked.shape)
    return str([int(number) for number in index])
