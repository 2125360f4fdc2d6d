"""How a rubric's values, and what is allowed in their place, are put to a teacher."""

import datetime
import difflib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from grader.rubric.surroundings import DIGEST_PATTERN
from grader.rubric.table import ID_PATTERN, NAME_PATTERN, REFERENCE_PATTERN, TEXT_PATTERN

Schema = Mapping[str, Any]

LONGEST = 72
TEXTS = {
    ID_PATTERN: 'an id of small letters, digits and single hyphens, such as "task-1"',
    NAME_PATTERN: "a name of letters, digits and _ that does not start with a digit",
    TEXT_PATTERN: "text that is not empty",
    DIGEST_PATTERN: "a SHA-256: 64 digits and small letters from a to f",
    REFERENCE_PATTERN: 'a module such as "reference.linear" or a Python file such as "linear.py"',
}
TYPES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "object": "a table",
    "array": "a list",
}


def visible(text: str) -> str:
    """Keep to one line: escape what breaks it or cannot be seen."""
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in text)


def printable(text: str) -> str:
    """Keep to one line of visible characters, and cut what is long."""
    return visible(text) if len(text) <= LONGEST else visible(text[:LONGEST]) + "..."


def quote(text: str) -> str:
    """Put quotation marks around a text."""
    return f'"{printable(text)}"'


def toml(value: object) -> str:
    """Write a text, a number or a truth value as TOML has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, int) and value.bit_length() > 64:
        return "a number of more than 64 bits"
    return str(value)


def found(value: object) -> str:
    """Say what stands in the file, in TOML's words."""
    if isinstance(value, list):
        return f"a list of {len(value)}" if value else "an empty list"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, datetime.date | datetime.time):
        return f"the {'time' if isinstance(value, datetime.time) else 'date'} {value}"
    return toml(value)


def join(words: Iterable[str], last: str = "or") -> str:
    """List words as a sentence does: a, b or c."""
    *head, tail = words
    return f"{', '.join(head)} {last} {tail}" if head else tail


def close_match(word: str, known: Iterable[str]) -> str | None:
    """Find the known word this one is a misspelling of, if there is one."""
    by_lower = {name.lower(): name for name in known}
    matches = difflib.get_close_matches(word.lower(), by_lower, n=1)
    return by_lower[matches[0]] if matches else None


def suggestion(word: str, known: Iterable[str], kind: str) -> str:
    """End a sentence about an unknown word: with its close match, else with all known ones."""
    known = list(known)
    match = close_match(word, known)
    if match is not None:
        return f"; did you mean {quote(match)}?"
    if not known:
        return f"; there are no {kind}"
    return f"; the {kind} are {join(map(quote, known), 'and')}"


def allowed(schema: Schema, instead_of: object = None) -> str:
    """Say what the JSON Schema of a value allows; its length only where that is at fault."""
    if "const" in schema or "enum" in schema:
        return join(toml(value) for value in schema.get("enum", [schema.get("const")]))
    kind = schema.get("type", "object")
    if isinstance(kind, list) and "then" in schema:
        return f"{allowed(schema['then'])}, or a list of such values"
    if isinstance(kind, list):
        scalars = ", ".join(
            words for name, words in TYPES.items() if name in kind and name != "array"
        )
        return scalars + (", or a list of such values" if "array" in kind else "")
    if kind == "array":
        return f"a list, each item {allowed(schema['items'])}"
    if kind == "string":
        return TEXTS.get(schema.get("pattern", ""), "text") + _length(schema, instead_of)
    return TYPES[kind] + _range(schema)


def _length(schema: Schema, value: object) -> str:
    longest = schema.get("maxLength")
    too_long = longest is not None and isinstance(value, str) and len(value) > longest
    return f", at most {longest} characters long" if too_long else ""


def _range(schema: Schema) -> str:
    if "minimum" in schema and "maximum" in schema:
        return f" from {schema['minimum']} to {schema['maximum']}"
    words = {"exclusiveMinimum": "above", "minimum": "of at least", "exclusiveMaximum": "below"}
    bounds = [f"{words[key]} {schema[key]}" for key in words if key in schema]
    return " " + join(bounds, "and") if bounds else ""
