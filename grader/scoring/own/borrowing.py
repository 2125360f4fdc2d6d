"""The student's own values in place of given constants: which may stand for which."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cached_property
from itertools import chain, islice, product
from typing import Any

import numpy as np

from grader.observation.model import Observation
from grader.observation.scalars import Scalar
from grader.recording.model import Draws
from grader.rubric.model import Mistake
from grader.scoring.own.own_scalars import own_scalars, plain
from grader.scoring.views import views

Borrowed = Mapping[str, np.ndarray]

_MOST_FOR_A_NAME = 12
_MOST_DRAWN = 2  # of one cell: a network is made, and made again
_FACTORS = (1.0, 0.1, 0.01)
_TYPED_DIGITS = 4
_ALIKE = 0.5  # of the entries: a mistyped matrix is mostly right, or wrongly laid out


class Choices:
    """Values of the student's to try in place of constants, and the constants that result."""

    def __init__(self, borrowed: Sequence[Borrowed], given: Mapping[str, Any]) -> None:
        self.borrowed = borrowed
        self.givens = [{**given, **chosen} for chosen in borrowed]

    @cached_property
    def alike(self) -> list[list[int]]:
        """The places of the constants, those with the same single numbers together."""
        places: dict[tuple[tuple[str, float], ...], list[int]] = {}
        for place, given in enumerate(self.givens):
            single = tuple((n, float(v)) for n, v in given.items() if np.ndim(v) == 0)
            places.setdefault(single, []).append(place)
        return list(places.values())


def borrowed_givens(
    given: Mapping[str, Any],
    mistake: Mistake,
    observations: Sequence[Observation],
    scalars: Sequence[Scalar] = (),
    draws: Sequence[Draws] = (),
) -> Iterator[dict[str, np.ndarray]]:
    """Yield values of the student's to put in place of given constants, the likeliest first.

    First all that carry a constant's own name, together; then values held at the same
    moment, together; then each alone. A constant that is a single number has another in its
    place that stands in the source.

    Args:
        given: the assignment's constants.
        mistake: says which constants may be replaced, and by values of which kind.
        observations: what the student's run produced.
        scalars: the single numbers of the source.
        draws: the random draws of the run: what is nothing in the assignment, and should have
            been left out, may have been drawn.

    """
    single = [name for name in mistake.given if np.ndim(given[name]) == 0]
    found = {
        name: list(islice(_candidates(name, given, mistake, observations), _MOST_FOR_A_NAME))
        for name in mistake.given
        if name not in single
    }
    stacked = chain.from_iterable(
        _stacked(names, given, mistake, observations) for names in _groups(found, given)
    )
    numbers = own_scalars(single, given, scalars) if mistake.values != "computed" else ()
    drawn = _drawn(draws, given, mistake) if mistake.values != "entered" else ()
    known: set[bytes] = set()
    for choice in chain(drawn, stacked, _combinations(found), numbers):
        key = repr([(name, value.tobytes()) for name, value in sorted(choice.items())]).encode()
        if choice and key not in known and _stay_apart(choice, given):
            known.add(key)
            yield choice


Found = tuple[Observation, np.ndarray]


def _stay_apart(choice: Borrowed, given: Mapping[str, Any]) -> bool:
    """Say whether constants that differ still do: one may be another's only in exchange."""
    for name, value in choice.items():
        for other, constant in given.items():
            if other != name and np.shape(constant) == np.shape(value) != ():
                differ = not np.array_equal(given[name], constant)
                if differ and np.array_equal(value, choice.get(other, constant)):
                    return False
    return True


def _combinations(found: Mapping[str, Sequence[Found]]) -> Iterator[dict[str, np.ndarray]]:
    named = {
        name: next((v for o, v in values if plain(o.path) == plain(name)), None)
        for name, values in found.items()
    }
    yield {name: value for name, value in named.items() if value is not None}
    cells = sorted({o.cell for values in found.values() for o, _ in values})
    for cell in cells:
        held = {
            name: [value for o, value in values if o.cell == cell] for name, values in found.items()
        }
        present = {name: values for name, values in held.items() if values}
        if len(present) > 1:
            for chosen in product(*present.values()):
                yield dict(zip(present, chosen, strict=True))
    for name, values in found.items():
        for _, value in values:
            yield {name: value}


def _candidates(
    name: str, given: Mapping[str, Any], mistake: Mistake, observations: Sequence[Observation]
) -> Iterator[Found]:
    """Yield values of the constant's shape that are none of the assignment's constants.

    One that bears the constant's name may be another constant: two were mixed up.
    """
    shape = np.shape(given[name])
    constants = [np.asarray(v, dtype=float) for v in given.values() if np.shape(v) == shape]
    matching = list(_eligible(observations, {mistake.given[name]}))
    seen: set[bytes] = set()
    for observation in sorted(matching, key=lambda o: (_strangeness(name, o), o.cell)):
        others = constants if _strangeness(name, observation) else [given[name]]
        for _, value in _plain_views(observation, shape):
            if not _is_of_kind(value, given[name], observation, name, mistake.values):
                continue
            if any(np.allclose(value, constant, rtol=1e-6, atol=1e-7) for constant in others):
                continue
            if value.tobytes() not in seen:
                seen.add(value.tobytes())
                yield observation, value


def _drawn(
    draws: Sequence[Draws], given: Mapping[str, Any], mistake: Mistake
) -> Iterator[dict[str, np.ndarray]]:
    """Yield values drawn in one cell in place of constants that are zero throughout.

    What was drawn may have been made smaller.
    """
    absent = [name for name in mistake.given if np.ndim(given[name]) and not np.any(given[name])]
    for cell in sorted({group.cell for group in draws}, reverse=True):
        found = {
            name: [
                array
                for group in draws
                if group.cell == cell and group.array.shape[1:] == np.shape(given[name])
                for array in group.array[:_MOST_DRAWN].astype(np.float64)
            ][:_MOST_DRAWN]
            for name in absent
        }
        for together in zip(*found.values(), strict=False) if all(found.values()) else ():
            for factor in _FACTORS:
                yield {n: factor * value for n, value in zip(found, together, strict=True)}


def _groups(names: Iterable[str], given: Mapping[str, Any]) -> list[list[str]]:
    """Group constants of one shape whose names differ in a number: x1 and x2 may be stacked."""
    groups: dict[tuple[object, ...], list[str]] = {}
    for name in names:
        stem = name.rstrip("0123456789")
        if stem and stem != name:
            groups.setdefault((stem, np.shape(given[name])), []).append(name)
    return [sorted(group) for group in groups.values() if len(group) > 1]


def _stacked(
    names: Sequence[str],
    given: Mapping[str, Any],
    mistake: Mistake,
    observations: Sequence[Observation],
) -> Iterator[dict[str, np.ndarray]]:
    """Yield the rows of one value in place of several constants."""
    if mistake.values == "computed":
        return
    stack = np.array([given[name] for name in names], dtype=float)
    stem = names[0].rstrip("0123456789")
    for observation in _eligible(observations, {mistake.given[name] for name in names}):
        for suffix, value in _plain_views(observation, stack.shape):
            differs = not np.allclose(value, stack, rtol=1e-6, atol=1e-7)
            told = suffix == "" or stack.shape[0] != stack.shape[1]
            if differs and told and _is_of_kind(value, stack, observation, stem, mistake.values):
                own = zip(names, value, stack, strict=True)
                yield {n: row for n, row, given_row in own if not np.allclose(row, given_row)}


def _eligible(
    observations: Sequence[Observation], patterns: Collection[str]
) -> Iterator[Observation]:
    """Yield what may hold constants, and is called as one of some patterns says."""
    held = (seen for seen in observations if seen.origin in ("variable", "attribute", "printed"))
    for seen in held:
        if any(fnmatchcase(seen.path, pattern) for pattern in patterns):
            yield seen


def _plain_views(
    observation: Observation, shape: tuple[int, ...]
) -> Iterator[tuple[str, np.ndarray]]:
    """Yield readings of real, finite numbers, as they are or transposed."""
    for suffix, values, _ in views(observation, shape):
        if suffix in ("", ".T") and values.dtype.kind in "biuf" and np.isfinite(values).all():
            yield suffix, np.asarray(values, dtype=np.float64)


def _is_of_kind(
    value: np.ndarray, constant: Any, observation: Observation, name: str, kind: str
) -> bool:
    """Say whether a value may stand for a constant, by the way it came to be."""
    if kind == "any":
        return True
    if not _is_entered(value):
        return kind == "computed"
    alike = float(np.mean(np.isclose(value, constant)))
    alike = max(
        alike, float(np.isclose(np.sort(value, axis=None), np.sort(constant, axis=None)).all())
    )
    return kind == "entered" and (_strangeness(name, observation) < 2 or alike >= _ALIKE)


def _is_entered(values: np.ndarray) -> bool:
    """Say whether all numbers have as few digits as a person types."""
    entered = np.array([float(f"{value:.{_TYPED_DIGITS}g}") for value in values.ravel()])
    return bool(np.allclose(values.ravel(), entered, rtol=2e-7, atol=0))


def _strangeness(name: str, observation: Observation) -> int:
    path = plain(observation.path)
    if path == plain(name):
        return 0
    if path.startswith(plain(name)):
        return 1
    return 3 if path.endswith("grad") else 2
