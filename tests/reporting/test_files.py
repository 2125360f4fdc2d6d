from pathlib import Path

import pytest

from grader.faults import UsageFault
from grader.reporting.files import write_report


def test_a_report_replaces_the_one_before_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    write_report(tmp_path / "students" / "a.html", b"old")

    path = write_report(tmp_path / "students" / "a.html", b"new")

    assert path.read_bytes() == b"new"
    assert list(path.parent.iterdir()) == [path]


def test_a_folder_that_cannot_be_made_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")

    with pytest.raises(UsageFault, match=r"taken/a\.html cannot be written: "):
        write_report(tmp_path / "taken" / "a.html", b"x")
