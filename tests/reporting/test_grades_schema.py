from grader.reporting.grades_schema import SCHEMA, schema_text


def test_the_committed_schema_is_that_of_the_models() -> None:
    assert SCHEMA.read_text("utf-8") == schema_text()
