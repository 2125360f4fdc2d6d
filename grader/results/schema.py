"""The JSON Schema of results; running this module writes it to docs/."""

import json
from pathlib import Path

from grader.reporting.files import write_report
from grader.results.file import ResultFile

SCHEMA = Path(__file__).parents[2] / "docs" / "results.schema.json"


def schema_text() -> str:
    """Write the schema as it is committed."""
    described = ResultFile.model_json_schema(mode="serialization")
    described = {"$schema": "https://json-schema.org/draft/2020-12/schema", **described}
    return json.dumps(described, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    write_report(SCHEMA, schema_text().encode())
