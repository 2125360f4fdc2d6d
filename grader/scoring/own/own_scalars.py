"""Single numbers of the source in place of single given constants: a rate, a count."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, islice, product, zip_longest
from typing import Any

import numpy as np

from grader.observation.scalars import Scalar

_MOST = 6
_MOST_PAIRED = 2
_COUNTED = ("range", "arange")  # what counts steps
_MOST_TIMES = 20  # as many epochs as asked for: a training of more is not repeated here


def own_scalars(
    names: Sequence[str], given: Mapping[str, Any], scalars: Sequence[Scalar]
) -> Iterator[dict[str, np.ndarray]]:
    """Yield numbers of the source for single constants: each alone, then two at once."""
    found = {name: list(islice(numbers_for(name, given[name], scalars), _MOST)) for name in names}
    for numbers in zip_longest(*found.values()):
        for name, number in zip(found, numbers, strict=True):
            if number is not None:
                yield {name: np.asarray(number)}
    for one, other in combinations(names, 2):
        for first, second in product(found[one][:_MOST_PAIRED], found[other][:_MOST_PAIRED]):
            yield {one: np.asarray(first), other: np.asarray(second)}


def numbers_for(name: str, constant: Any, scalars: Sequence[Scalar]) -> Iterator[float]:
    """Yield the numbers that may stand for a single constant, those called alike first.

    A count is a whole number of 1 or more; a share lies between 0 and 1, and where one part
    is written the other is meant by some.
    """
    whole = isinstance(constant, int | np.integer)
    share = not whole and 0 < constant < 1
    most = constant * _MOST_TIMES if whole else np.inf
    fitting = [s for s in scalars if (s.whole and s.value >= 1 if whole else s.value > 0)]
    fitting = [s for s in fitting if s.value <= most]
    counting = _COUNTED if whole else ()
    ordered = sorted(fitting, key=lambda s: 2 if s.name in counting else _unlikeness(name, s.name))
    numbers = [one.value for one in ordered if not share or one.value < 1]
    if share:
        numbers += [1 - number for number in numbers]
    known = (constant, 1 - constant) if share else (constant,)  # parts exchanged are no other share
    unlike = (number for number in numbers if not np.isclose(number, known).any())
    yield from dict.fromkeys(round(number, 12) for number in unlike)


def _unlikeness(name: str, called: str) -> int:
    """Order names of numbers: the constant's own, one that holds a word of it, its initials."""
    words = name.lower().split("_")
    own = plain(called)
    if own == plain(name):
        return 0
    if any(len(word) > 2 and word in own for word in words):
        return 1
    return 2 if own == "".join(word[0] for word in words if word) else 3


def plain(name: str) -> str:
    """Return a name as it is compared: without case and underscores."""
    return name.lower().replace("_", "")
