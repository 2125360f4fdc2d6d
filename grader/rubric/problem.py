"""A problem of a rubric: where it stands, and the sentence about it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from grader.rubric.wording import quote

Location = tuple[str | int, ...]
"""The keys and positions that lead to a table: ("question", 0, "mistake", 2)."""

_SINGULAR = {"parts": "part", "criteria": "criterion"}
_INSIDE = ("data", "question", "parts", "criteria", "mistake")  # as they stand in a file


@dataclass(frozen=True)
class Problem:
    """One thing wrong with the table at a location."""

    table: Location
    sentence: str


def tell(problems: Iterable[Problem], data: Mapping[str, Any], path: Path) -> list[str]:
    """Write each problem on one line, in the order of the tables in the file."""
    ordered = sorted(problems, key=lambda problem: _order(problem.table))
    lines = [f"{place(problem.table, data, path)}: {problem.sentence}" for problem in ordered]
    return list(dict.fromkeys(lines))


def place(table: Location, data: Mapping[str, Any], path: Path) -> str:
    """Name a table by file and id, or by its position where it has no id of its own.

    >>> place(("question", 0), {"question": [{"id": "slope"}]}, Path("line.toml"))
    'line.toml, question "slope"'
    """
    words = [str(path)]
    value: Any = data
    for key in table:
        siblings, value = value, value[key]
        if isinstance(key, int):
            words[-1] = f"{words[-1]} {_label(siblings, key)}"
        else:
            one = _SINGULAR.get(key, key)
            words.append(one if isinstance(value, list) else f"table {quote(key)}")
    return ", ".join(words)


def _label(tables: list[Any], index: int) -> str:
    ids = [_id(table) for table in tables]
    name = ids[index]
    if not isinstance(name, str) or not name.strip():
        return str(index + 1)
    return quote(name) if ids.count(name) == 1 else f"{quote(name)} (number {index + 1})"


def _id(table: object) -> object:
    """Return what a table is called by: a part and a data file have a name."""
    return table.get("id", table.get("name")) if isinstance(table, dict) else None


def _order(table: Location) -> tuple[tuple[tuple[int, int], ...], int]:
    """Put a table before those inside it, and a question's own keys before its mistakes."""
    steps = pairwise(table)
    return tuple((_rank(key), n) for key, n in steps if isinstance(n, int)), len(table)


def _rank(key: str | int) -> int:
    return _INSIDE.index(key) if key in _INSIDE else len(_INSIDE)
