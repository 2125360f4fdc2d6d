"""Classroom 50, played by a stub: a student's repository calls a workflow of the teacher's."""

import json
import shutil
import sys
from pathlib import Path

import jsonschema
import nbformat
import pytest

from tests.integration.actions.workflows import EXAMPLES, ROOT, Outcome, run_workflow

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(sys.platform != "linux", reason="workflows run on Linux"),
]
RUNNER = Path(__file__).parent / "actions" / "classroom50"
TEACHER = EXAMPLES / "classroom50" / "teacher" / "CLASSROOM" / "autograders" / "hw1"
LINEAR = ROOT / "tests" / "assignments" / "linear"
WHOLE = {"type": "integer", "minimum": 0}
TEST = {
    "type": "object",
    "required": ["test-name", "passed", "score", "max-score"],
    "properties": {
        "test-name": {"type": "string", "minLength": 1},
        "passed": {"type": "boolean"},
        "score": WHOLE,
        "max-score": WHOLE,
    },
}
FIELDS = {
    "schema": {"const": "classroom50/result/v1"},
    "classroom": {"type": "string", "minLength": 1},
    "assignment": {"type": "string", "minLength": 1},
    "assignment_type": {"enum": ["individual", "group"]},
    "owner": {"type": "string"},
    "submission": {"type": "string", "pattern": "^submit/"},
    "commit": {"type": "string"},
    "release": {"type": "string"},
    "review": {"type": "string"},
    "datetime": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
    "score": WHOLE,
    "max-score": WHOLE,
    "tests": {"type": "array", "items": TEST},
}
OPTIONAL = {"graded_at": FIELDS["datetime"], "submitted_by": {"type": "object"}}
RESULT = {
    "type": "object",
    "required": list(FIELDS),
    "properties": FIELDS | OPTIONAL,
    "additionalProperties": False,
}


def submit(room: Path, *cells: str) -> Outcome:
    """Hand in a notebook under a small assignment in place of the homework."""
    repository = shutil.copytree(EXAMPLES / "classroom50" / "student", room / "repository")
    bundle = shutil.copytree(TEACHER, room / "bundle")
    for name in ("linear.toml", "linear.py"):
        shutil.copy(LINEAR / name, bundle)
    config = bundle / "gradmark.toml"
    config.write_text(config.read_text().replace('"hw1"', '"linear.toml"'))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    nbformat.write(notebook, repository / "hw1.ipynb")
    (repository / "result.json").write_text('{"score": 1000}')
    given = {"TEST_BUNDLE": str(bundle), "GRADMARK_PYTHON": sys.executable}
    others = {"your-org/classroom50@main": RUNNER}
    return run_workflow(repository, ROOT, room, environment=given, others=others)


def test_a_submission_becomes_a_result_of_the_documented_form(tmp_path: Path) -> None:
    given = "import numpy as np\nt = np.array([0.0, 1.0, 2.0, 3.0])\n"
    given += "u = np.array([1.137, 2.941, 5.218, 7.083])"

    outcome = submit(
        tmp_path,
        given,
        "line = np.array([np.sum(t * u) / np.sum(t * t), 0.0])\nprint(line)",
    )

    result = json.loads((outcome.artifacts / "result.json").read_text())
    assert outcome.succeeded
    jsonschema.validate(result, RESULT)
    assert result["score"] == sum(test["score"] for test in result["tests"])
    assert 3 * result["score"] == result["max-score"]
    assert [test["passed"] for test in result["tests"]] == [False, False]
    assert "forced through the origin" in (outcome.artifacts / "release-body.md").read_text()
