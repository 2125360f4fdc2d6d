"""What people read: HTML, CSV, JSON."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.reporting.class_page import write_class
    from grader.reporting.grades_csv import write_grades_csv
    from grader.reporting.grades_json import write_grades_json
    from grader.reporting.student import write_student

__all__ = ["write_class", "write_grades_csv", "write_grades_json", "write_student"]

_HOMES = {
    "write_class": "class_page",
    "write_grades_csv": "grades_csv",
    "write_grades_json": "grades_json",
    "write_student": "student",
}


def __getattr__(name: str) -> Any:
    """Import when asked: what only cleans a text needs no templates."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
