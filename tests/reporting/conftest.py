from collections.abc import Callable
from pathlib import Path

import pytest

from grader.recording.model import Recording
from grader.reporting import write_class, write_student
from grader.scoring.verdict import ClassGrades, Grade
from tests.reporting.read import Element, read

StudentPage = Callable[[Grade, Recording], Element]
ClassPage = Callable[[ClassGrades], Element]


@pytest.fixture
def student_page(tmp_path: Path) -> StudentPage:
    """Write a student's page and read it back."""
    return lambda grade, run: read(write_student(grade, run, "Lines and curves", tmp_path))


@pytest.fixture
def class_page(tmp_path: Path) -> ClassPage:
    """Write a class page and read it back."""
    return lambda grades: read(write_class(grades, tmp_path))
