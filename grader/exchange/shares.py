"""Points cut into tests so that counting those that pass, and adding up scores, agree."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from itertools import accumulate, pairwise, product
from math import ceil, floor, inf, ulp

MOST = 500  # tests; a log of more is read by nobody, and must fit into 64 kB
_FINEST = 100  # steps that a maximum is cut into at least, where points must be rounded
_CENTS = 100  # points are kept to two decimals
_MOST_MOVES = 8  # last places


@dataclass(frozen=True)
class Part:
    """A question's points."""

    points: float
    max_points: float

    @property
    def passes(self) -> bool:
        """Whether it counts as passed: it has all its points."""
        return self.points >= self.max_points


@dataclass(frozen=True)
class Shares:
    """Points of each part, and how many tests without points stand beside them."""

    max_score: float
    scores: tuple[float, ...]
    passing: int = 0
    failing: int = 0

    @property
    def count(self) -> int:
        """How many tests there are in all."""
        return len(self.scores) + self.passing + self.failing


def share(parts: Sequence[Part], max_score: float | None = None) -> Shares | None:
    """Give each part one test, and add tests of no points until both totals agree.

    A reader that counts takes `passed / tests * max_score`, one that adds takes the sum of scores.
    With p/m the share of the points that is earned, in lowest terms, and with `passed` parts that
    pass of `parts`, the smallest t with t*p >= passed and t*(m - p) >= parts - passed makes t*m
    tests of which t*p pass: both readers see p/m. Equal points and no partial ones need none.

    Limits: points are kept to two decimals. Where p/m asks for more than 500 tests, the total is
    rounded to the nearest step the maximum can be cut into, at least a hundredth of it (a fifth
    of a point of 100), but never up to all points nor down to none; where even that is not to be
    had, as of 100.07 points, the maximum becomes a whole number of points. Counting is done by
    the reader with floating-point numbers: agreement is to the two decimals it shows.

    Args:
        parts: the questions.
        max_score: what the maximum is scaled to.

    Returns:
        None where so many parts leave no room for the tests it takes; one part never does.

    """
    maximum = sum((_exact(part.max_points) for part in parts), Fraction(0))
    wanted = maximum if max_score is None else _exact(max_score)
    if not (maximum and wanted):
        return Shares(0.0, tuple(0.0 for _ in parts))
    for cents, step in _grids(_rounded(wanted * _CENTS)):
        scores = _scores(parts, Fraction(cents, maximum), step, cents)
        found = _balanced(scores, parts, cents) if scores else None
        if found:
            return found
    return None


def _grids(cents: int) -> Iterator[tuple[int, int]]:
    """Yield maxima and steps, in hundredths: the exact one first, then ever coarser ones."""
    yield cents, 1
    found = [count for count in range(MOST, _FINEST - 1, -1) if cents % count == 0]
    yield from ((cents, cents // count) for count in found)
    whole = max(1, _rounded(Fraction(cents, _CENTS))) * _CENTS
    yield whole, 1
    yield from ((whole, whole // count) for count in range(MOST, 0, -1) if whole % count == 0)


def _scores(
    parts: Sequence[Part], scale: Fraction, step: int, cents: int
) -> tuple[int, ...] | None:
    """Round the running total to steps, and give each part what it adds; None where it cannot be.

    A total above none that rounds to none, or below all that rounds to all, is moved by a step.
    """
    earned = (_exact(min(part.points, part.max_points)) * scale / step for part in parts)
    running = [0, *map(_rounded, accumulate(earned))]
    scores = [(after - before) * step for before, after in pairwise(running)]
    passes = [part.passes for part in parts]
    if any(passes) and not sum(scores):
        scores[passes.index(True)] = step
    if not all(passes) and sum(scores) >= cents:
        scores[scores.index(max(scores))] -= step
    fits = any(passes) <= (sum(scores) > 0) and all(passes) == (sum(scores) == cents)
    return tuple(scores) if fits else None


def _balanced(scores: Sequence[int], parts: Sequence[Part], cents: int) -> Shares | None:
    total = Fraction(sum(scores), cents)
    passed = sum(part.passes for part in parts)
    failed = len(parts) - passed
    p, m = total.numerator, total.denominator
    times = max(_times(passed, p), _times(failed, m - p))
    if times * m > MOST:
        return None
    extra = times * p - passed, times * (m - p) - failed
    return Shares(cents / _CENTS, _adding_up(scores), *extra)


def _times(count: int, unit: int) -> int:
    return ceil(Fraction(count, unit)) if unit else 1


def _adding_up(cents: Sequence[int]) -> tuple[float, ...]:
    """Give scores that add up, as floating-point numbers do, to the nearest number of the total.

    Where they do not, as 0.1 + 0.2 does not make 0.3, one is moved by a few of its last places.
    """
    scores, total = [one / _CENTS for one in cents], sum(cents) / _CENTS
    if added(scores) == total:
        return tuple(scores)
    places = [index for index, one in enumerate(scores) if one]
    for index, moves in product(reversed(places), range(-_MOST_MOVES, _MOST_MOVES + 1)):
        tried = [*scores]
        tried[index] += moves * max(ulp(tried[index]), ulp(total) / 2)
        if added(tried) == total:
            return tuple(tried)
    return tuple(scores)


def added(scores: Iterable[float]) -> float:
    """Add up as the reporter does, from the left; `sum` corrects itself in newer Pythons."""
    return reduce(float.__add__, scores, 0.0)


def _exact(number: float) -> Fraction:
    """Take a number as it is written: 0.1 is a tenth; what is no number of points is none."""
    return Fraction(Decimal(repr(float(number)))) if 0 < number < inf else Fraction(0)


def _rounded(number: Fraction) -> int:
    return floor(number + Fraction(1, 2))
