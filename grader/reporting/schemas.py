"""JSON Schemas of the files that are written, as they are committed."""

import json

from pydantic import BaseModel


def schema_of(model: type[BaseModel]) -> str:
    """Write the schema of a file."""
    described = model.model_json_schema(mode="serialization")
    described = {"$schema": "https://json-schema.org/draft/2020-12/schema", **described}
    return json.dumps(described, indent=2, ensure_ascii=False) + "\n"
