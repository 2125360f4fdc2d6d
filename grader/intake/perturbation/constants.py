"""Constants with the values they are changed to, and how they are recognised by value."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

_RTOL, _ATOL = 1e-6, 1e-9  # single precision and sums of 0.1 are still the same constant


@dataclass(frozen=True)
class Change:
    """What a constant is, and what it becomes; both of one shape."""

    old: np.ndarray
    new: np.ndarray


Changes = Mapping[str, Change]


@dataclass(frozen=True)
class Hit:
    """What values become that consist of constants, and the names of these."""

    new: np.ndarray
    names: frozenset[str]


@dataclass(frozen=True)
class Piece:
    """A row or a column of a matrix that is handed out, one of `count`."""

    name: str
    axis: int
    index: int
    count: int
    change: Change


def changes_between(given: Mapping[str, Any], perturbed: Mapping[str, Any]) -> dict[str, Change]:
    """Say what becomes of each constant that `perturbed` changes.

    Constants that are equal and become different cannot be told apart in a source: they are
    left out.
    """
    changes = {
        name: Change(np.asarray(old, dtype=float), np.asarray(perturbed.get(name, old), float))
        for name, old in given.items()
    }
    return {
        name: changes[name]
        for name in perturbed
        if not any(_conflict(changes[name], other) for other in changes.values())
    }


def find_change(values: np.ndarray, changes: Changes) -> Hit | None:
    """Say what values become that are a constant, or constants joined; None for others.

    A constant may have axes of length 1, be transposed, or be flat; several may be stacked
    along any axis, or stand one behind the other in a flat list.
    """
    plain = np.squeeze(values)
    if plain.size < 2:
        return None
    hit = _whole(plain, changes) or _stacked(plain, changes) or _joined(plain, changes)
    return Hit(hit.new.reshape(values.shape), hit.names) if hit else None


def pieces_of(changes: Changes) -> list[Piece]:
    """List the rows and the columns of all matrices."""
    return [
        Piece(name, axis, n, old.shape[axis], Change(old.take(n, axis), new.take(n, axis)))
        for name, change in changes.items()
        for old, new in [(np.squeeze(change.old), np.squeeze(change.new))]
        if old.ndim == 2
        for axis in (0, 1)
        for n in range(old.shape[axis])
    ]


def is_same(values: np.ndarray, other: np.ndarray) -> bool:
    """Say whether values are those of a constant."""
    return values.shape == other.shape and bool(np.allclose(values, other, _RTOL, _ATOL))


def _conflict(change: Change, other: Change) -> bool:
    """Say whether two constants look alike and become different."""
    if change.old.size != other.old.size or change is other:
        return False
    old, new = np.squeeze(change.old), np.squeeze(change.new)
    alike = (some for some in _forms(other) if is_same(some.old, old))
    return any(not is_same(some.new, new) for some in alike)


def _forms(change: Change) -> Iterator[Change]:
    """Yield the forms a constant may be written in."""
    old, new = np.squeeze(change.old), np.squeeze(change.new)
    yield Change(old, new)
    if old.ndim > 1:
        yield Change(old.T, new.T)
        yield from _flat_forms(change)


def _flat_forms(change: Change) -> Iterator[Change]:
    old, new = np.squeeze(change.old), np.squeeze(change.new)
    yield Change(old.ravel(), new.ravel())
    if old.ndim > 1:
        yield Change(old.T.ravel(), new.T.ravel())


def _whole(values: np.ndarray, changes: Changes) -> Hit | None:
    for name, change in changes.items():
        if change.old.size == values.size:
            for form in _forms(change):
                if is_same(values, form.old):
                    return Hit(form.new, frozenset([name]))
    return None


def _stacked(values: np.ndarray, changes: Changes) -> Hit | None:
    for axis in (0, -1) if values.ndim > 1 else ():
        hits = []
        for part in np.moveaxis(values, axis, 0):
            hit = find_change(part, changes)
            if hit is None:
                break
            hits.append(hit)
        else:
            new = np.stack([hit.new for hit in hits], axis=axis)
            return Hit(new, frozenset().union(*(hit.names for hit in hits)))
    return None


def _joined(values: np.ndarray, changes: Changes) -> Hit | None:
    """Read a flat list as constants one behind the other."""
    if values.ndim != 1:
        return None
    new: list[np.ndarray] = []
    names: set[str] = set()
    rest = values
    while rest.size:
        first = _first(rest, changes)
        if first is None:
            return None
        name, change = first
        new.append(change.new)
        names.add(name)
        rest = rest[change.old.size :]
    return Hit(np.concatenate(new), frozenset(names))


def _first(values: np.ndarray, changes: Changes) -> tuple[str, Change] | None:
    """Return the constant that a flat list begins with."""
    for name, change in changes.items():
        for form in _flat_forms(change):
            if form.old.size >= 2 and is_same(values[: form.old.size], form.old):
                return name, form
    return None
