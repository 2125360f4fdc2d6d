"""What people read: HTML, CSV, JSON."""

from grader.reporting.class_page import write_class
from grader.reporting.grades_csv import write_grades_csv
from grader.reporting.grades_json import write_grades_json
from grader.reporting.student import write_student

__all__ = ["write_class", "write_grades_csv", "write_grades_json", "write_student"]
