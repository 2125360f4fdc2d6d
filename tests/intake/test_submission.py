import os

from grader.intake.submission import display_name, natural_order


def test_student_2_comes_before_student_10() -> None:
    names = ["student-10", "student-2", "Student-1", "student-2b", "anna", "7"]

    assert sorted(names, key=natural_order) == [
        "7",
        "anna",
        "Student-1",
        "student-2",
        "student-2b",
        "student-10",
    ]


def test_names_that_are_not_utf8_are_spelt_in_text_that_can_be_written() -> None:
    name = display_name(os.fsdecode(b"caf\xe9.ipynb"))

    assert name == r"caf\xe9.ipynb"
    assert name.encode()
