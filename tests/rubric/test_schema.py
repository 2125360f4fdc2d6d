"""The JSON Schema editors complete and check rubrics by."""

import json
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from grader.rubric.schema import SCHEMA_FILE, rubric_schema, schema_text
from grader.rubric.shipped import find_rubric, shipped_rubrics

Edit = Callable[..., None]


def test_the_committed_schema_is_that_of_the_model() -> None:
    committed = SCHEMA_FILE.read_text(encoding="utf-8")

    assert committed == schema_text(), "run: python -m grader.rubric.schema"


def test_the_schema_is_valid_and_says_what_it_is() -> None:
    schema = json.loads(schema_text())

    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == Draft202012Validator.META_SCHEMA["$id"]
    assert (schema["$id"], schema["title"]) == ("urn:gradmark:rubric:1", "gradmark rubric")


def test_every_key_is_described() -> None:
    schema = rubric_schema()
    tables = [schema, *schema["$defs"].values()]

    keys = [
        (table["title"], name, _resolved(key, schema))
        for table in tables
        for name, key in table["properties"].items()
    ]

    assert len(keys) == 83
    assert [(table, name) for table, name, key in keys if not key.get("description")] == []


def test_the_schema_speaks_of_nothing_toml_cannot_say() -> None:
    assert "null" not in schema_text()


def test_a_right_rubric_meets_the_schema(line: Path) -> None:
    assert list(_paths(line)) == []


@pytest.mark.parametrize("name", shipped_rubrics())
def test_a_shipped_rubric_meets_the_schema_and_names_it(name: str) -> None:
    path = find_rubric(name)

    assert list(_paths(path)) == []
    assert path.read_text(encoding="utf-8").startswith("#:schema rubric.schema.json\n")


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("points = 4", "points = 0", "question.0.points"),
        ("points = 4", 'points = "4"', "question.0.points"),
        ("points = 4\n", "", "question.0"),
        ("rtol", "rtoll", "tolerance"),
        ('"gradmark/rubric/1"', '"gradmark/rubric/2"', "format"),
        ("worth = 0.5", "worth = 1.5", "question.0.mistake.0.worth"),
        ('"n-1"]', "[1]]", "question.0.accept.divide.1"),
        ("accept = {", 'accept = { "a b" = 1,', "question.0.accept"),
        ('id = "slope"\ntitle', 'id = "Slope"\ntitle', "question.0.id"),
        ('y = "data*"', "y = 1", "question.0.mistake.1.given.y"),
    ],
)
def test_a_wrong_rubric_fails_the_schema_where_it_is_wrong(
    line: Path, edit: Edit, old: str, new: str, path: str
) -> None:
    edit((old, new))

    assert list(_paths(line)) == [path]


def _paths(rubric: Path) -> Iterator[str]:
    data = tomllib.loads(rubric.read_text(encoding="utf-8"))
    for error in Draft202012Validator(rubric_schema()).iter_errors(data):
        yield ".".join(map(str, error.absolute_path))


def _resolved(key: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in key:
        return key
    return {**schema["$defs"][key["$ref"].rsplit("/", 1)[-1]], **key}
