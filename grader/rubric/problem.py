"""A problem of a rubric: where it stands, and the sentence about it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.rubric.wording import quote

Location = tuple[str | int, ...]
"""The keys and positions that lead to a table: ("question", 0, "mistake", 2)."""


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
            words.append(key if isinstance(value, list) else f"table {quote(key)}")
    return ", ".join(words)


def _label(tables: list[Any], index: int) -> str:
    ids = [table.get("id") if isinstance(table, dict) else None for table in tables]
    name = ids[index]
    if not isinstance(name, str) or not name.strip():
        return str(index + 1)
    return quote(name) if ids.count(name) == 1 else f"{quote(name)} (number {index + 1})"


def _order(table: Location) -> tuple[tuple[int, ...], int]:
    """Put a table before those inside it, and a question's own keys before its mistakes."""
    return tuple(key for key in table if isinstance(key, int)), len(table)
