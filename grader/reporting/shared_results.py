"""Submissions with the same random results, which no seed explains."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from grader.scoring.verdict import ClassGrades, Grade

_IN_A_ROW = 6  # numbers that are compared as one
_FEWEST = 6  # different random numbers that agree, before chance is out of the question
_SHOWN = 6
_FEWEST_FOR_HANDOUT = 5  # submissions; fewer are no sign of what a whole class was given


@dataclass(frozen=True)
class SharedResult:
    """Submissions whose files hold the same unseeded random numbers."""

    submissions: tuple[str, ...]
    numbers: tuple[float, ...]  # the first of those they share
    count: int  # how many different ones they share
    from_handout: bool  # so many have them that they were most likely given


@dataclass
class _Holders:
    """Who holds six numbers in a row, and which of these a run has shown to be random."""

    names: dict[str, None] = field(default_factory=dict)
    random: dict[float, None] = field(default_factory=dict)


def find_shared_results(grades: ClassGrades) -> list[SharedResult]:
    """List who shares random results; the smallest groups first, what was given to all last.

    Numbers count that stand in a row of six which all of a group have, and that came out
    otherwise when one of the group was run. A group within a larger one is not listed, unless
    the larger one is most of the class.
    """
    shared: dict[frozenset[str], dict[float, None]] = {}
    for holders in _holders(grades.grades).values():
        if len(holders.names) > 1:
            shared.setdefault(frozenset(holders.names), {}).update(holders.random)
    most = max(_FEWEST_FOR_HANDOUT - 1, len(grades.grades) / 2)
    found = [
        SharedResult(tuple(sorted(names)), tuple(random)[:_SHOWN], len(random), len(names) > most)
        for names, random in shared.items()
        if len(random) >= _FEWEST
    ]
    kept = [result for result in found if not _is_part(result, found)]
    return sorted(kept, key=lambda one: (len(one.submissions), one.submissions))


def _holders(grades: Sequence[Grade]) -> dict[bytes, _Holders]:
    """Collect who holds which numbers, of those more than one holds."""
    keys = ({hash(numbers.tobytes()) for numbers, _ in _windows(grade)} for grade in grades)
    seen = Counter(key for some in keys for key in some)
    found: dict[bytes, _Holders] = {}
    for grade in grades:
        for numbers, moved in _windows(grade):
            if seen[hash(numbers.tobytes())] < 2:
                continue
            holders = found.setdefault(numbers.tobytes(), _Holders())
            holders.names[grade.submission] = None
            holders.random.update(dict.fromkeys(numbers[moved].tolist()))
    return found


def _windows(grade: Grade) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield every six numbers that stand in a row, and which of them moved."""
    for result in grade.reproduction.random_results if grade.reproduction else ():
        for start in range(len(result.numbers) - _IN_A_ROW + 1):
            window = slice(start, start + _IN_A_ROW)
            yield result.numbers[window], result.moved[window]


def _is_part(result: SharedResult, found: list[SharedResult]) -> bool:
    """Say whether a larger group, short of most of the class, says the same."""
    names = set(result.submissions)
    larger = (one for one in found if not one.from_handout)
    return any(names < set(one.submissions) for one in larger)
