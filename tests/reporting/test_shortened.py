"""What a student reads of a run that was kept short."""

from tests.reporting.conftest import StudentPage
from tests.reporting.made import code, grade, run, verdict


def test_changes_stand_before_what_was_found(student_page: StudentPage) -> None:
    changes = ("cell 1, line 2: epochs set to 1 (the notebook says <20>)",)

    page = student_page(grade(verdict()), run(code("epochs = 20"), changes=changes))

    assert "What was shortened" in page.words
    assert "epochs set to 1 (the notebook says <20>)" in page.words
    assert page.words.index("What was shortened") < page.words.index("What was found")


def test_a_run_as_handed_in_has_no_such_heading(student_page: StudentPage) -> None:
    page = student_page(grade(verdict()), run(code("epochs = 20")))

    assert "What was shortened" not in page.words


def test_very_many_changes_are_counted(student_page: StudentPage) -> None:
    changes = tuple(f"cell 1, line {n}: epochs set to 1" for n in range(40))

    page = student_page(grade(verdict()), run(code("epochs = 20"), changes=changes))

    assert "and 10 more changes" in page.words
