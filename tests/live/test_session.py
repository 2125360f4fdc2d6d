"""Which cells answer something, and which only ask for a check."""

import pytest

from grader.live.session import as_answer


@pytest.mark.parametrize(
    "source",
    [
        "%check",
        "%check task-1",
        "import grader",
        "import grader\ngrader.check('task-1')",
        "import grader as g\nresult = g.check()",
        "from grader import check\ncheck('a', 'b')",
        "# let us see\ngrader.check();",
        "%load_ext grader",
        "print(grader.check('a'))",
    ],
)
def test_a_cell_that_only_asks_for_a_check_answers_nothing(source: str) -> None:
    assert as_answer(source) == ""


@pytest.mark.parametrize(
    "source",
    ["a = 1", "# a remark", "a = 1\ngrader.check()", "def check(a): return a", "spot_check(a)"],
)
def test_any_other_cell_is_left_as_it_is(source: str) -> None:
    assert as_answer(source) == source


def test_a_cell_that_is_checked_after_it_ran_answers_what_it_says() -> None:
    assert as_answer("%%check task-1\na = 1\nb = 2") == "a = 1\nb = 2"
