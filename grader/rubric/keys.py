"""Finds missing, unknown and unfit keys in the tables of a rubric."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from grader.rubric.model import Rubric
from grader.rubric.problem import Location, Problem
from grader.rubric.schema import rubric_schema
from grader.rubric.table import NAME_LENGTH, NAME_PATTERN
from grader.rubric.wording import Schema, allowed, close_match, found, quote, suggestion


@dataclass(frozen=True)
class Spot:
    """A value in the file, the schema it has to meet, and the same of the value it stands in."""

    location: Location
    value: Any
    schema: Schema
    parent: "Spot | None" = None


def key_problems(data: Mapping[str, Any]) -> list[Problem]:
    """Hold the tables of a file against the model of a rubric."""
    try:
        Rubric.model_validate(data)
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False, include_input=False)
        return list(dict.fromkeys(_problems(data, details)))
    return []


def _problems(data: Mapping[str, Any], details: list[Any]) -> Iterator[Problem]:
    schema = rubric_schema()
    spots = [(detail["type"], _walk(data, detail["loc"], schema)) for detail in details]
    unfit = {spot.location for kind, spot in spots if kind not in ("missing", "extra_forbidden")}
    for detail, (kind, spot) in zip(details, spots, strict=True):
        key = str(detail["loc"][-1])
        if kind == "missing":
            yield from _missing(key, spot)
        elif kind == "extra_forbidden":
            yield _unknown(key, spot)
        elif key == "[key]":
            yield _bad_name(spot)
        elif not any(_is_inside(other, spot.location) for other in unfit):
            yield _unfit(spot)


def _walk(data: Mapping[str, Any], loc: Location, schema: Schema) -> Spot:
    """Follow pydantic's location as far as it names things in the file.

    Between these stand the names of the branches of a union, which are of no use to anyone.
    """
    spot = Spot((), data, schema)
    for key in loc:
        if isinstance(spot.schema.get("type"), list) and isinstance(key, str):
            continue
        inner = _inner(spot.schema, key, schema)
        if inner is None or not _has(spot.value, key):
            break
        spot = Spot((*spot.location, key), spot.value[key], inner, spot)
    return spot


def _inner(schema: Schema, key: str | int, root: Schema) -> Schema | None:
    inner: Schema | None
    if isinstance(key, int):
        inner = schema.get("items")
    else:
        patterns = schema.get("patternProperties", {})
        inner = schema.get("properties", {}).get(key, next(iter(patterns.values()), None))
    if inner is not None and "$ref" in inner:
        inner = root["$defs"][inner["$ref"].rsplit("/", 1)[-1]]
    return inner


def _has(value: Any, key: str | int) -> bool:
    if isinstance(key, int):
        return isinstance(value, list) and key < len(value)
    return isinstance(value, dict) and key in value


def _is_inside(location: Location, outer: Location) -> bool:
    return len(location) > len(outer) and location[: len(outer)] == outer


def _missing(key: str, spot: Spot) -> Iterator[Problem]:
    # A misspelt key is one mistake: its own problem names the key that is meant.
    known = spot.schema["properties"]
    if key not in [close_match(other, known) for other in spot.value if other not in known]:
        if "$ref" in known[key].get("items", {}):
            yield Problem(spot.location, f"there is no table headed [[{key}]]")
        else:
            yield Problem(spot.location, f"the key {quote(key)} is missing")


def _unknown(key: str, spot: Spot) -> Problem:
    known, outer = spot.schema["properties"], _outer_table(spot)
    sentence = f"unknown key {quote(key)}"
    if outer is None or key not in outer.schema["properties"]:
        return Problem(spot.location, sentence + suggestion(key, known, "keys"))
    owner = "question" if outer.location else "rubric"
    move = f"; it is a key of the {owner}: write it above {_heading(spot.location)}"
    return Problem(spot.location, sentence + move)


def _outer_table(spot: Spot) -> Spot | None:
    outer = spot.parent
    while outer is not None and "properties" not in outer.schema:
        outer = outer.parent
    return outer


def _heading(location: Location) -> str:
    names = ".".join(key for key in location if isinstance(key, str))
    return f"the first [[{names}]]" if isinstance(location[-1], int) else f"[{names}]"


def _bad_name(spot: Spot) -> Problem:
    name = str(spot.location[-1])
    patterns = spot.parent.schema.get("patternProperties", {}) if spot.parent else {}
    pattern = next(iter(patterns), NAME_PATTERN)
    schema = {"type": "string", "pattern": pattern, "maxLength": NAME_LENGTH}
    sentence = f"the key {quote(name)} must be {allowed(schema, name)}"
    return Problem(spot.location[:-1], sentence)


def _unfit(spot: Spot) -> Problem:
    *above, key = spot.location
    sentence = f"must be {_wanted(spot)}; found {_found(spot)}"
    if isinstance(key, str):
        return Problem(tuple(above), f"{quote(key)} {sentence}")
    if "properties" in spot.schema:
        return Problem(spot.location, f"this {sentence}")
    return Problem(tuple(above[:-1]), f"item {key + 1} of {quote(str(above[-1]))} {sentence}")


def _wanted(spot: Spot) -> str:
    if spot.value == {} and spot.schema.get("minProperties"):
        return "a table that is not empty"
    if "$ref" not in spot.schema.get("items", {}):
        return allowed(spot.schema, spot.value)
    names = ".".join(key for key in spot.location if isinstance(key, str))
    return f"tables headed [[{names}]], with double brackets"


def _found(spot: Spot) -> str:
    if not isinstance(spot.value, str):
        return found(spot.value) if spot.value != {} else "an empty table"
    if spot.schema.get("type") != "string":
        return f"the text {found(spot.value)}"
    match = close_match(spot.value, spot.schema.get("enum", []))
    return found(spot.value) + (f"; did you mean {quote(match)}?" if match else "")
