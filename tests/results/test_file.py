"""A result as JSON holds what the committed schema says."""

import json

import jsonschema

from grader.results.file import result_json
from grader.results.schema import SCHEMA, schema_text
from tests.results.made import check, result


def test_the_committed_schema_is_that_of_the_models() -> None:
    assert SCHEMA.read_text("utf-8") == schema_text()


def test_a_result_satisfies_the_committed_schema() -> None:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    hostile = check(sentence='"\\\n\u202e<b>', explained_by=("typed in",), cell=3, scope="later")

    written = json.loads(result_json(result(check(), hostile, notes=("a note",), seconds=1.5)))

    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(written, schema)
    assert written["format"] == "gradmark/result/1"
    assert (written["passes"], written["points"], written["max_points"]) == (True, 4, 4)
    assert [one["scope"] for one in written["checks"]] == ["public", "later"]


def test_what_no_text_can_hold_is_replaced() -> None:
    text = result_json(result(check(sentence="\ud800")))

    assert json.loads(text.encode("utf-8"))["checks"][0]["sentence"] == "\ufffd"
