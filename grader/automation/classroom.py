"""What Classroom 50 reads: files beside the student's work, and whether it is at work here."""

from collections.abc import Mapping
from pathlib import Path

from grader.automation.command_files import remove
from grader.automation.inputs import Classroom
from grader.exchange.classroom50 import release_body, result_json
from grader.reporting.files import write_report
from grader.results.model import CheckResult

RESULT = "result.json"
BODY = "release-body.md"
_SIGNS = ("CLASSROOM", "ASSIGNMENT", "SUBMISSION_TAG")


def is_classroom50(wanted: Classroom, environment: Mapping[str, str]) -> bool:
    """Whether Classroom 50 waits for files: because it was said, or its environment is there."""
    if wanted == "auto":
        return all(environment.get(name) for name in _SIGNS)
    return wanted == "classroom50"


def remove_former(checkout: Path) -> None:
    """Remove the files, which somebody may have handed in ready-made."""
    for name in (RESULT, BODY):
        remove(checkout / name)


def write_files(result: CheckResult, checkout: Path, environment: Mapping[str, str]) -> None:
    """Write the files; a link in the place of one is replaced, not followed."""
    write_report(checkout / RESULT, result_json(result, environment).encode())
    write_report(checkout / BODY, release_body(result).encode())
