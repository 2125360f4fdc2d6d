"""The JSON Schema of grades.json; running this module writes it to docs/."""

from pathlib import Path

from grader.reporting.files import write_report
from grader.reporting.grades_json import GradesFile
from grader.reporting.schemas import schema_of

SCHEMA = Path(__file__).parents[2] / "docs" / "grades.schema.json"


def schema_text() -> str:
    """Write the schema as it is committed."""
    return schema_of(GradesFile)


if __name__ == "__main__":
    write_report(SCHEMA, schema_text().encode())
