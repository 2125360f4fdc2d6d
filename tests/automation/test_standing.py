import pytest

from grader.automation.inputs import FailOn
from grader.automation.standing import exit_code, line_of, status_of
from grader.results.model import CheckResult
from tests.automation.results import FULL, HALF, OURS, UNREADABLE


@pytest.mark.parametrize(
    ("result", "status", "codes"),
    [
        (FULL, "success", {"error": 0, "fail": 0, "never": 0}),
        (HALF, "failure", {"error": 0, "fail": 1, "never": 0}),
        (UNREADABLE, "failure", {"error": 0, "fail": 1, "never": 0}),
        (OURS, "error", {"error": 1, "fail": 1, "never": 0}),
    ],
)
def test_the_step_fails_as_the_workflow_wants_it_to(
    result: CheckResult, status: str, codes: dict[FailOn, int]
) -> None:
    found = status_of(result)

    assert found == status
    assert {wanted: exit_code(found, wanted) for wanted in codes} == codes


def test_what_only_waits_for_a_person_is_no_failure() -> None:
    waiting = CheckResult("a", "A", "a.ipynb", tuple(one for one in FULL.checks if one.waits))

    assert status_of(waiting) == "success"
    assert not waiting.passes


def test_the_line_fits_a_commit_status_and_never_says_that_all_passed() -> None:
    for result in (FULL, HALF, OURS, UNREADABLE):
        assert len(line_of(result)) <= 140
        assert "\n" not in line_of(result)
        assert "all" not in line_of(result).lower().split()
    assert line_of(HALF).startswith("Lines: 5.5 of 8 points; 1 of 2 public checks passed")
