import csv
from dataclasses import replace
from pathlib import Path

import pytest

from grader.reporting import write_grades_csv
from grader.scoring.verdict import Decided, Grade
from tests.reporting.made import class_of, grade, verdict


def _rows(folder: Path, *grades: Grade) -> list[list[str]]:
    write_grades_csv(class_of(*grades), folder / "grades.csv")
    with (folder / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_a_submission_is_a_row_and_a_question_a_column(tmp_path: Path) -> None:
    made = grade(
        verdict("line", points=2.5, mistakes=("doubled", "shifted")),
        verdict("curve", mistakes=("doubled",)),
        note='Late, and "fine"',
    )

    assert _rows(tmp_path, made) == [
        ["id", "file", "status", "points", "max_points", "line", "curve", "decided",
         "mistakes", "note"],
        ["student-01", "student-01.ipynb", "graded", "6.5", "8", "2.5", "4", "",
         "line: doubled; line: shifted; curve: doubled", 'Late, and "fine"'],
    ]  # fmt: skip


def test_what_has_no_points_yet_is_empty_and_not_zero(tmp_path: Path) -> None:
    waiting = grade(verdict("line"), verdict("curve", outcome="ungraded", points=0))
    unread = grade(submission="b", status="ungraded")

    _, first, second = _rows(tmp_path, waiting, unread)

    assert first[3:7] == ["4", "8", "4", ""]
    assert second[3:7] == ["", "4", "", ""]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t=", " =", "\n@", "\x00=", "＝"])
def test_no_text_can_become_a_formula(tmp_path: Path, sign: str) -> None:
    text = f"{sign}HYPERLINK(0)"

    _, row = _rows(tmp_path, grade(verdict(), submission=text, file=text, note=text))

    assert [row[0][0], row[1][0], row[-1][0]] == ["'", "'", "'"]


def test_the_file_opens_in_excel_as_utf_8(tmp_path: Path) -> None:
    write_grades_csv(class_of(grade(submission="Zoë")), tmp_path / "grades.csv")

    content = (tmp_path / "grades.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfid,file,")
    assert content.endswith(b"\r\n")
    assert "Zoë".encode() in content


def test_a_question_named_like_a_column_keeps_a_column_of_its_own(tmp_path: Path) -> None:
    header, _ = _rows(tmp_path, grade(verdict("note")))

    assert header[5:] == ["question note", "decided", "mistakes", "note"]


def test_an_empty_class_has_a_header(tmp_path: Path) -> None:
    assert _rows(tmp_path) == [
        ["id", "file", "status", "points", "max_points", "decided", "mistakes", "note"]
    ]


def test_the_questions_a_person_decided_are_listed(tmp_path: Path) -> None:
    line, curve, slope = verdict("line"), verdict("curve"), verdict("slope")
    decided = [replace(each, decided=Decided(each)) for each in (line, slope)]

    header, row = _rows(tmp_path, grade(curve, *decided))

    assert row[header.index("decided")] == "line; slope"
