"""What may have become of an expected value: the slips that no setting of a reference states."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import permutations, product
from typing import Any

import numpy as np

from grader.rubric.table import Transform
from grader.scoring.predictions import Parts

IT = "{}"  # stands for the value that was changed, in what a change says
_MOST_PERMUTED = 4  # entries that are put into every order; longer axes into a few
_LARGEST_FRACTION = 12
_MOST_DECIMALS = 3
_COMMON = (2, 10, 100)
_LAYERS_DEEP = 2  # parts that are added up: so many of each at most


@dataclass(frozen=True)
class Change:
    """What became of the parts of an answer, and the words for it."""

    transform: Transform
    says: str
    parts: Parts


@dataclass(frozen=True)
class Constants:
    """The numbers an assignment's constants offer as factors."""

    given: Mapping[str, Any]

    @cached_property
    def factors(self) -> dict[float, str]:
        """The likely factors, each with its words: lengths, chances and their inverses."""
        found: dict[float, str] = {}
        for k in (*_COMMON, *self.lengths):
            found.setdefault(float(k), f"{k} times")
            found.setdefault(1 / k, f"1/{k} of")
        for name, value in self._numbers.items():
            found.setdefault(value, f"{name} times")
            found.setdefault(1 / value, f"1/{name} times")
            if 0 < value < 1:
                found.setdefault(1 - value, f"(1 - {name}) times")
                found.setdefault(1 / (1 - value), f"1/(1 - {name}) times")
        found.pop(1.0, None)
        return found

    @cached_property
    def fractions(self) -> dict[float, str]:
        """All factors that are simple fractions, or a change of the logarithm's base."""
        parts = range(1, _LARGEST_FRACTION + 1)
        simple = sorted({Fraction(p, q) for p, q in product(parts, parts)} - {Fraction(1)})
        likely = sorted(simple, key=lambda f: f.numerator + f.denominator)
        found = {float(f): f"{f} {'times' if f.denominator == 1 else 'of'}" for f in likely}
        bases = {1 / np.log(2): "1/log(2) times", 1 / np.log(10): "1/log(10) times"}
        return {k: says for k, says in (found | bases).items() if k not in self.factors}

    @cached_property
    def lengths(self) -> list[int]:
        """How many examples, inputs or classes there may be: the lengths of all axes."""
        return sorted({n for v in self.given.values() for n in np.shape(v) if n > 1})

    @cached_property
    def _numbers(self) -> dict[str, float]:
        scalars = {n: v for n, v in self.given.items() if isinstance(v, int | float)}
        return {name: float(v) for name, v in scalars.items() if v not in (0, 1)}


Changes = Callable[[Parts, Constants], Iterator[Change]]


# negated: the sign is the other one
def negated(parts: Parts, constants: Constants) -> Iterator[Change]:
    """Turn the sign of everything."""
    yield Change("negated", f"{IT} with the opposite sign", _each(parts, np.negative))


# scaled: all entries are the same number of times too large
def scaled(parts: Parts, constants: Constants) -> Iterator[Change]:
    """Multiply by the likely factors."""
    yield from _multiples(parts, constants.factors)


def scaled_by_any(parts: Parts, constants: Constants) -> Iterator[Change]:
    """Multiply by any simple fraction, and by negative factors."""
    yield from _multiples(parts, constants.fractions)
    known = constants.factors | constants.fractions
    yield from _multiples(parts, {-k: f"minus {says}" for k, says in known.items()})


def _multiples(parts: Parts, factors: Mapping[float, str]) -> Iterator[Change]:
    for k, says in factors.items():
        multiple = {name: k * part for name, part in parts.items()}
        yield Change("scaled", f"{says} {IT}", multiple)


# transposed: the entries in the order of the transpose, in the shape that was asked
def transposed(parts: Parts, constants: Constants) -> Iterator[Change]:
    """Lay the entries out column by column."""
    if any(part.ndim > 1 for part in parts.values()):
        laid = _each(parts, lambda part: part.T.reshape(part.shape))
        yield Change("transposed", f"{IT} laid out column by column, not row by row", laid)
        back = _each(parts, lambda part: part.reshape(part.shape[::-1]).T)
        yield Change("transposed", f"{IT} reshaped where it had to be transposed", back)


# permuted: rows, columns or entries in another order
def permuted(parts: Parts, constants: Constants) -> Iterator[Change]:
    """Put rows, columns or entries into another order.

    Parts that changed places need no looking for: each is found wherever it stands.
    """
    first = next(iter(parts.values()))
    if len({part.shape for part in parts.values()}) == 1:
        for axis, length in enumerate(first.shape):
            what = "entries" if first.ndim == 1 else ("rows", "columns", "layers")[min(axis, 2)]
            for order, says in _orders(length):
                moved = {name: np.take(part, order, axis) for name, part in parts.items()}
                yield Change("permuted", f"{IT} with its {what} {says}", moved)
    if first.ndim > 1:
        turned = _each(parts, np.flip)
        yield Change("permuted", f"{IT} with its rows and columns reversed", turned)


def _orders(length: int) -> Iterator[tuple[list[int], str]]:
    """Yield orders of an axis other than its own, the likeliest first."""
    own = list(range(length))
    if length > 1:
        yield own[::-1], "reversed"
    if length > 2:
        yield own[1:] + own[:1], "moved by one"
        yield own[-1:] + own[:-1], "moved by one, the other way"
    for order in permutations(own) if 2 < length <= _MOST_PERMUTED else ():
        yield list(order), f"in the order {', '.join(str(n + 1) for n in order)}"


# example_missing, example_twice: the parts added up, some of them not at all or twice
def added_up(parts: Parts, constants: Constants) -> Iterator[Change]:
    """Add parts of one shape up, each so many times."""
    arrays, names = list(parts.values()), list(parts)
    if not 1 < len(arrays) <= _MOST_PERMUTED or len({a.shape for a in arrays}) > 1:
        return
    for counts in product(range(-1, _LAYERS_DEEP + 1), repeat=len(arrays)):
        used = sum(1 for count in counts if count)
        if used and counts != (1,) * len(counts):
            total = np.add.reduce([c * a for c, a in zip(counts, arrays, strict=True)])
            kind: Transform = "example_missing" if 0 in counts else "example_twice"
            words = " ".join(_counted(c, n) for c, n in zip(counts, names, strict=True) if c)
            sign = "negated" if min(counts) < 0 else kind
            for share in sorted({1, len(arrays), sum(map(abs, counts))}):
                over = "" if share == 1 else f", divided by {share}"
                says = f"{words.removeprefix('+ ')}{over}, added up from the parts of {IT}"
                yield Change(sign, says, {"sum": total / share})


def _counted(count: int, name: str) -> str:
    sign, many = ("-" if count < 0 else "+"), abs(count)
    return f"{sign} {name}" if many == 1 else f"{sign} {many} times {name}"


# rounded: to so many decimals, or cut off behind them
def rounded(parts: Parts, constants: Constants) -> Iterator[Change]:
    """Keep few decimals."""
    for decimals in range(_MOST_DECIMALS, -1, -1):
        unit = 10.0**decimals
        plural = "" if decimals == 1 else "s"
        kept = {name: np.round(part, decimals) for name, part in parts.items()}
        yield Change("rounded", f"{IT} rounded to {decimals} decimal{plural}", kept)
        cut = {name: np.trunc(part * unit) / unit for name, part in parts.items()}
        yield Change("rounded", f"{IT} cut off after {decimals} decimal{plural}", cut)


LIKELY: tuple[Changes, ...] = (negated, scaled, transposed, permuted)
"""The changes that are tried on known mistakes as well."""

ALL: tuple[Changes, ...] = (*LIKELY, added_up, rounded, scaled_by_any)
"""The changes that are tried on right answers, the likeliest first."""


def _each(parts: Parts, change: Callable[[np.ndarray], np.ndarray]) -> Parts:
    return {name: np.asarray(change(part)) for name, part in parts.items()}
