"""The JSON Schema of results; running this module writes it to docs/."""

from pathlib import Path

from grader.reporting.files import write_report
from grader.reporting.schemas import schema_of
from grader.results.file import ResultFile

SCHEMA = Path(__file__).parents[2] / "docs" / "results.schema.json"


def schema_text() -> str:
    """Write the schema as it is committed."""
    return schema_of(ResultFile)


if __name__ == "__main__":
    write_report(SCHEMA, schema_text().encode())
