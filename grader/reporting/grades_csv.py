"""grades.csv: a row for each submission, for spreadsheets."""

import csv
import io
from pathlib import Path

from grader.reporting.files import write_report
from grader.reporting.numbers import points_text
from grader.reporting.summary import questions_of
from grader.reporting.text import one_line
from grader.scoring.verdict import ClassGrades, Grade, Verdict

_BEFORE = ["id", "file", "status", "points", "max_points"]
_AFTER = ["decided", "mistakes", "note"]
_FORMULA = tuple("=+-@＝＋－＠|%")


def write_grades_csv(grades: ClassGrades, path: Path) -> None:
    """Write the table: UTF-8 with a byte order mark, commas, RFC 4180 quoting.

    Without the mark Excel reads UTF-8 as the computer's own code page and spoils every
    accented name; read it elsewhere as "utf-8-sig". What has no points yet has an empty
    cell, not a zero. Text a spreadsheet would take for a formula gets an apostrophe.
    """
    questions = list(questions_of(grades))
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow([*_BEFORE, *(_heading(question) for question in questions), *_AFTER])
    writer.writerows(_row(grade, questions) for grade in grades.grades)
    write_report(path, written.getvalue().encode("utf-8-sig"))


def _heading(question: str) -> str:
    """Head a question's column by its id, told apart from the columns that are always there."""
    return f"question {question}" if question in {*_BEFORE, *_AFTER} else question


def _row(grade: Grade, questions: list[str]) -> list[str]:
    verdicts = {verdict.question: verdict for verdict in grade.verdicts}
    return [
        _harmless(grade.submission),
        _harmless(grade.file),
        grade.status,
        "" if grade.status == "ungraded" else points_text(grade.points),
        points_text(grade.max_points),
        *(_points(verdicts.get(question)) for question in questions),
        "; ".join(verdict.question for verdict in grade.verdicts if verdict.decided),
        _harmless(_mistakes(grade)),
        _harmless(grade.note),
    ]


def _points(verdict: Verdict | None) -> str:
    has_points = verdict is not None and verdict.outcome != "ungraded"
    return points_text(verdict.points) if verdict and has_points else ""


def _mistakes(grade: Grade) -> str:
    """List each mistake with the question it was made in: "q1: m1; q2: m2"."""
    return "; ".join(
        f"{verdict.question}: {mistake}"
        for verdict in grade.verdicts
        for mistake in verdict.mistakes
    )


def _harmless(text: str) -> str:
    text = one_line(text, 1000)
    return f"'{text}" if text.startswith(_FORMULA) else text
