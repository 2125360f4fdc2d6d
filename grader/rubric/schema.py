"""The JSON Schema of a rubric, by which editors complete and check it."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from grader.rubric.model import Rubric

SCHEMA_FILE = Path(__file__).parents[2] / "rubrics" / "rubric.schema.json"
HEAD = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "urn:gradmark:rubric:1",
    "title": "gradmark rubric",
}


class RubricSchema(GenerateJsonSchema):
    """Leaves out what TOML cannot say (null) and titles that only repeat the key."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Answer no: an editor shows the key anyway."""
        return False

    def nullable_schema(self, schema: core_schema.NullableSchema) -> dict[str, Any]:
        """Describe an optional key by its value alone."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> dict[str, Any]:
        """Describe a default unless it is that the key is absent."""
        described = super().default_schema(schema)
        if described.get("default", ...) is None:
            del described["default"]
        return described

    def dict_schema(self, schema: core_schema.DictSchema) -> dict[str, Any]:
        """Describe a table of free keys as closed to keys that are no names."""
        return {**super().dict_schema(schema), "additionalProperties": False}

    def union_schema(self, schema: core_schema.UnionSchema) -> dict[str, Any]:
        """Describe values of several types by a list of types, which editors word best."""
        branches: list[dict[str, Any]] = super().union_schema(schema)["anyOf"]
        types = [branch["type"] for branch in branches]
        merged = {key: value for branch in branches for key, value in branch.items()}
        if "enum" in merged and "array" in types:  # a list of them is none of them
            merged |= {"if": {"type": "string"}, "then": {"enum": merged.pop("enum")}}
        return {**merged, "type": [name for name in types if name != "integer"]}


@cache
def rubric_schema() -> dict[str, Any]:
    """Describe the rubric format as a JSON Schema of draft 2020-12."""
    described = Rubric.model_json_schema(schema_generator=RubricSchema)
    return HEAD | {key: value for key, value in described.items() if key != "title"}


def schema_text() -> str:
    """Write the schema as the committed file holds it."""
    return json.dumps(rubric_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
