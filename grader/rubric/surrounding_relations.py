"""Finds contradictions in what notebooks run with: budget and data."""

import re
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import PurePosixPath
from typing import Any

from grader.rubric.problem import Location, Problem
from grader.rubric.sketch import table_of, tables_of, text_of
from grader.rubric.surroundings import HOME
from grader.rubric.wording import join, quote

_BUDGET: Location = ("execution", "budget")
_SIDES = {"x", "y", "data", "images", "inputs", "labels", "targets"}


def surrounding_problems(data: Mapping[str, Any]) -> list[Problem]:
    """Look at everything the keys about budget and data have to agree on."""
    budget = table_of(table_of(data, "execution"), "budget")
    return [*_set_and_cut(budget), *_unequal(budget), *_repeated(data), *_places(data)]


def _set_and_cut(budget: Mapping[str, Any]) -> Iterator[Problem]:
    for name in table_of(budget, "set").keys() & table_of(budget, "first").keys():
        both = f'{quote(name)} is in "set" and in "first"'
        yield Problem(_BUDGET, f"{both}: a number is set, an array is cut short")


def _unequal(budget: Mapping[str, Any]) -> Iterator[Problem]:
    """Look for inputs and labels that would not stay together."""
    first = [(name, n) for name, n in table_of(budget, "first").items() if isinstance(n, int)]
    for (one, count), (other, others) in combinations(first, 2):
        if count != others and _whose(one) == _whose(other):
            kept = f'"first" keeps {count} of {quote(one)}, but {others} of {quote(other)}'
            yield Problem(_BUDGET, f"{kept}: examples and their labels must stay together")


def _whose(name: str) -> tuple[str, ...]:
    """Name what an array belongs to: "train" for x_train, y_train and train_labels."""
    words = [word for word in re.split(r"[_\d]+", name.lower()) if word not in _SIDES]
    return tuple(word.removeprefix("x").removeprefix("y") for word in words)


def _repeated(data: Mapping[str, Any]) -> Iterator[Problem]:
    seen: list[str] = []
    for table, raw in tables_of((), data, "data"):
        name = text_of(raw, "name")
        if name in seen:
            says = f"data {seen.index(name) + 1} has the name {quote(name)} already"
            yield Problem(table, says)
        seen.append(name or "")


def _places(data: Mapping[str, Any]) -> Iterator[Problem]:
    taken: list[str] = []
    for table, raw in tables_of((), data, "data"):
        for place in _texts(raw.get("at")):
            wrong = _wrong(place)
            if wrong:
                yield Problem(table, f'"at": {quote(place)} {wrong}')
                continue
            near = [other for other in taken if _is_taken(place, other)]
            if near:
                both = join(map(quote, [near[0], place]), "and")
                yield Problem(table, f'"at": there is no room for both {both}')
            taken.append(place)


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _wrong(place: str) -> str:
    """Say what is wrong with a place; "" where nothing is."""
    path = PurePosixPath(place.removeprefix(HOME))
    if path.is_absolute() or (place.startswith("~") and not place.startswith(HOME)):
        return 'must lie below the home folder ("~/...") or below the working directory'
    if ".." in path.parts or "\0" in place:
        return 'leads out of its folder by ".."'
    return "" if path.parts else "names no file"


def _is_taken(place: str, other: str) -> bool:
    one, two = PurePosixPath(place), PurePosixPath(other)
    ends = place.endswith("/") or other.endswith("/")
    return (one == two and not ends) or one in two.parents or two in one.parents
