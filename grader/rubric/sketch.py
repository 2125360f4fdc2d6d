"""What can be made out of a rubric, however wrong the rest of it is.

The problems that lie between tables are looked for in sketches, so that a misspelt key in one
question does not keep the others from being checked.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from grader.rubric.model import Question
from grader.rubric.parts import Part
from grader.rubric.problem import Location
from grader.rubric.table import ID_PATTERN, NAME_PATTERN
from grader.rubric.wording import close_match

Settings = Mapping[str, object]

SIGNS = ("when", "given", "expect", "transform")
"""The keys that set a mistake apart from a right answer."""


@dataclass(frozen=True)
class MistakeSketch:
    """The readable keys of a mistake."""

    table: Location
    id: str | None
    expect: str | None
    when: Settings
    given: Settings
    transform: tuple[str, ...]
    says_what: bool  # it has one of the SIGNS, if misspelt or of a wrong type


@dataclass(frozen=True)
class PartSketch:
    """The readable keys of a part."""

    table: Location
    keys: frozenset[str]  # all that are written, readable or not
    probe: str | None
    name: str | None
    aliases: tuple[str, ...]
    points: float | None
    expect: str | None
    inputs: str | None
    of: str | None
    threshold: str | None
    build: str | None
    accept: Settings
    worth: tuple[str, ...]

    def has(self, key: str) -> bool:
        """Say whether a key is written, if misspelt or of a wrong type."""
        return _has(key, self.keys, Part.model_fields)


@dataclass(frozen=True)
class CriterionSketch:
    """The readable keys of a criterion."""

    table: Location
    id: str | None
    points: float | None


@dataclass(frozen=True)
class QuestionSketch:
    """The readable keys of a question."""

    table: Location
    keys: frozenset[str]  # all that are written, readable or not
    id: str | None
    expect: str | None
    draws: str | None
    rate: str | None
    structure: str | None
    accept: Settings
    needs: tuple[str, ...]
    follows: tuple[str, ...]
    with_respect_to: str | None
    mistakes: tuple[MistakeSketch, ...]
    points: float | None
    by_person: bool
    parts: tuple[PartSketch, ...]
    criteria: tuple[CriterionSketch, ...]

    def has(self, key: str) -> bool:
        """Say whether a key is written, if misspelt or of a wrong type."""
        return _has(key, self.keys, Question.model_fields)


def _has(key: str, written: frozenset[str], known: Iterable[str]) -> bool:
    strange = written - frozenset(known)
    return key in written or any(close_match(other, known) == key for other in strange)


def sketch_questions(data: Mapping[str, Any]) -> list[QuestionSketch]:
    """Read the questions of a file that may hold anything."""
    return [_question(table, raw) for table, raw in tables_of((), data, "question")]


def text_of(table: Mapping[str, Any], key: str, pattern: str = "") -> str | None:
    """Return the text of a key, None where it has none or one that does not fit the pattern."""
    value = table.get(key)
    return value if isinstance(value, str) and re.search(pattern, value) else None


def table_of(table: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Return the table of a key, an empty one where it has none."""
    value = table.get(key)
    return value if isinstance(value, dict) else {}


def number_of(table: Mapping[str, Any], key: str) -> float | None:
    """Return the number of a key, None where it has none."""
    value = table.get(key)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _question(table: Location, raw: Mapping[str, Any]) -> QuestionSketch:
    return QuestionSketch(
        table=table,
        keys=frozenset(raw),
        id=text_of(raw, "id"),
        expect=text_of(raw, "expect", NAME_PATTERN),
        draws=text_of(raw, "draws", NAME_PATTERN),
        rate=text_of(raw, "rate", NAME_PATTERN),
        structure=text_of(raw, "structure", NAME_PATTERN),
        accept=_named(raw, "accept"),
        needs=tuple(_ids(raw.get("needs"))),
        follows=tuple(_ids(raw.get("follows"))),
        with_respect_to=text_of(raw, "with_respect_to", NAME_PATTERN),
        mistakes=tuple(_mistake(*found) for found in tables_of(table, raw, "mistake")),
        points=number_of(raw, "points"),
        by_person=raw.get("grade") == "person",
        parts=tuple(_part(*found) for found in tables_of(table, raw, "parts")),
        criteria=tuple(
            CriterionSketch(where, text_of(found, "id"), number_of(found, "points"))
            for where, found in tables_of(table, raw, "criteria")
        ),
    )


def _part(table: Location, raw: Mapping[str, Any]) -> PartSketch:
    return PartSketch(
        table=table,
        keys=frozenset(key for key, value in raw.items() if value is not None),
        probe=text_of(raw, "probe"),
        name=text_of(raw, "name", NAME_PATTERN),
        aliases=tuple(_texts(raw.get("aliases"))),
        points=number_of(raw, "points"),
        expect=text_of(raw, "expect", NAME_PATTERN),
        inputs=text_of(raw, "inputs", NAME_PATTERN),
        of=text_of(raw, "of", NAME_PATTERN),
        threshold=text_of(raw, "threshold", NAME_PATTERN),
        build=text_of(raw, "build"),
        accept=_named(raw, "accept"),
        worth=tuple(table_of(raw, "worth")),
    )


def _mistake(table: Location, raw: Mapping[str, Any]) -> MistakeSketch:
    return MistakeSketch(
        table=table,
        id=text_of(raw, "id"),
        expect=text_of(raw, "expect", NAME_PATTERN),
        when=_named(raw, "when"),
        given=_named(raw, "given"),
        transform=tuple(_texts(raw.get("transform"))),
        says_what=any(value and close_match(key, SIGNS) for key, value in raw.items()),
    )


def _texts(value: object) -> Iterator[str]:
    """Yield a text, or the texts of a list."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str):
            yield item


def _ids(value: object) -> Iterator[str]:
    for item in value if isinstance(value, list) else []:
        if isinstance(item, str) and re.search(ID_PATTERN, item):
            yield item


def _named(table: Mapping[str, Any], key: str) -> dict[str, Any]:
    entries = table_of(table, key).items()
    return {name: value for name, value in entries if re.search(NAME_PATTERN, name)}


def tables_of(
    above: Location, table: Mapping[str, Any], key: str
) -> Iterator[tuple[Location, dict[str, Any]]]:
    """Yield the tables headed by a key, each with its location."""
    value = table.get(key)
    for index, item in enumerate(value if isinstance(value, list) else []):
        if isinstance(item, dict):
            yield (*above, key, index), item
