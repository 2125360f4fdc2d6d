"""Grades made by hand, for tests of what is reported of them."""

from typing import Any

import nbformat
import numpy as np

from grader.execution.outcome import CellRun, CellStatus
from grader.recording.model import Recording
from grader.scoring.verdict import ClassGrades, Evidence, Grade, Verdict

ACTUAL = np.array([[1.0, 2.0], [3.0, 4.5]])
EXPECTED = np.array([[1.0, 2.0], [3.0, 4.015625]])


def evidence(**more: Any) -> Evidence:
    fields: dict[str, Any] = {
        "cell": 1,
        "origin": "variable",
        "path": "slope",
        "part": "",
        "max_abs_error": 0.484375,
        "actual": ACTUAL,
        "expected": EXPECTED,
        "fits": True,
        **more,
    }
    return Evidence(**fields)


def verdict(question: str = "line", **more: Any) -> Verdict:
    fields: dict[str, Any] = {
        "title": f"The {question}",
        "points": 4,
        "max_points": 4,
        "outcome": "correct",
        "explanation": "It is right.",
        **more,
    }
    return Verdict(question=question, **fields)


def grade(*verdicts: Verdict, submission: str = "student-01", **more: Any) -> Grade:
    fields: dict[str, Any] = {
        "file": f"{submission}.ipynb",
        "points": sum(each.points for each in verdicts),
        "max_points": sum(each.max_points for each in verdicts) or 4,
        "status": "graded",
        "note": "",
        "seconds": 1.23456,
        **more,
    }
    return Grade(submission=submission, verdicts=verdicts, **fields)


def class_of(*grades: Grade) -> ClassGrades:
    return ClassGrades("lines", "Lines and curves", "0123456789abcdef" * 4, grades)


def code(source: str, *outputs: Any) -> Any:
    return nbformat.v4.new_code_cell(source, outputs=list(outputs))


def stream(text: str, name: str = "stdout") -> Any:
    return nbformat.v4.new_output("stream", name=name, text=text)


def display(**data: str) -> Any:
    """A displayed object; `image_png="..."` stands for the key image/png."""
    media = {name.replace("_", "/", 1): value for name, value in data.items()}
    return nbformat.v4.new_output("display_data", data=media)


def run(*cells: Any, statuses: dict[int, CellStatus] | None = None, **more: Any) -> Recording:
    notebook = nbformat.from_dict({"cells": list(cells), "metadata": {}})
    count = sum(cell.cell_type == "code" for cell in cells)
    runs = [
        CellRun(
            number=number,
            source="",
            status=(statuses or {}).get(number, "ok"),
            error=f"Trouble: in {number}" if number in (statuses or {}) else "",
        )
        for number in range(1, count + 1)
    ]
    fields: dict[str, Any] = {
        "cells": tuple(runs),
        "handed_in": notebook,
        "executed": notebook,
        "seconds": 12.3,
        "peak_memory_bytes": 300 * 2**20,
        "isolation": "a process of its own",
        "environment": {"numpy": "2.4.0"},
        **more,
    }
    return Recording(submission="student-01", file="student-01.ipynb", key="k", **fields)
