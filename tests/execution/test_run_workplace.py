import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from nbformat import v4, validate

from grader.execution import files as beside
from grader.execution import workplace
from grader.execution.blank import blank_copy, is_run, number_cells
from grader.execution.workplace import prepared_workplace


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "t").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "t"))
    return tmp_path / "t"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    (folder / "data" / "deep").mkdir(parents=True)
    (folder / "data" / "deep" / "a.csv").write_text("1,2")
    (folder / "b.txt").write_text("b")
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_text("url")
    return folder


def copied(place: workplace.Workplace) -> list[str]:
    return sorted(str(p.relative_to(place.work)) for p in place.work.rglob("*") if p.is_file())


def test_plain_files_are_copied_with_their_folders(files: Path) -> None:
    with prepared_workplace(files) as place:
        assert copied(place) == ["b.txt", "data/deep/a.csv"]
        assert place.notes == []


def test_links_and_pipes_are_not_followed(files: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key").write_text("k")
    (files / "link").symlink_to(tmp_path / "secret" / "key")
    (files / "folder").symlink_to(tmp_path / "secret")
    os.mkfifo(files / "pipe")

    with prepared_workplace(files) as place:
        assert copied(place) == ["b.txt", "data/deep/a.csv"]


def test_what_is_too_much_is_left_out_and_named(
    files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (files / "data" / "big.bin").write_bytes(bytes(100))
    monkeypatch.setattr(beside, "BYTES_LIMIT", 50)

    with prepared_workplace(files) as place:
        assert copied(place) == ["b.txt", "data/deep/a.csv"]
        assert place.notes == ["data/big.bin: not copied beside the notebook, too much"]


def lock_and_fail(place: workplace.Workplace) -> None:
    (place.work / "locked" / "in").mkdir(parents=True)
    (place.work / "locked" / "in" / "file").touch()
    for folder in (place.work / "locked" / "in", place.work / "locked", place.work):
        folder.chmod(0)
    raise RuntimeError


def test_nothing_is_left_even_of_locked_folders(temporary: Path) -> None:
    with pytest.raises(RuntimeError), prepared_workplace(None) as place:
        lock_and_fail(place)

    assert list(temporary.iterdir()) == []


def test_a_stream_that_is_no_plain_file_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")

    with prepared_workplace(None) as place:
        assert place.read_stream(1) == b""
        place.stream.symlink_to(tmp_path / "secret")
        assert place.read_stream(1) == b""
        place.stream.unlink()
        os.mkfifo(place.stream)
        assert place.read_stream(1) == b""
        place.stream.unlink()
        place.stream.mkdir()
        assert place.read_stream(1) == b""


def test_a_stream_is_read_up_to_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workplace, "STREAM_SLACK", 10)

    with prepared_workplace(None) as place:
        place.stream.write_bytes(bytes(2**20 + 100))

        assert len(place.read_stream(1)) == 2**20 + 10


def notebook() -> Any:
    cells = [
        v4.new_code_cell("a = 1", metadata={"tags": ["skip-execution"]}, execution_count=7),
        v4.new_markdown_cell("# B", attachments={"a.png": {"image/png": "AA"}}),
        v4.new_code_cell(" \n"),
        v4.new_raw_cell("raw"),
        v4.new_code_cell("print(a)", outputs=[v4.new_output("stream", text="1")]),
    ]
    return v4.new_notebook(cells=cells, metadata={"kernelspec": {"name": "r", "display_name": "R"}})


def test_a_blank_copy_is_valid_and_keeps_kinds_and_sources() -> None:
    given = notebook()

    blank = blank_copy(given)

    validate(blank)
    assert [(c.cell_type, c.source) for c in blank.cells] == [
        (c.cell_type, c.source) for c in given.cells
    ]
    assert blank.cells[1].attachments == given.cells[1].attachments


def test_a_blank_copy_of_strange_cells_is_valid() -> None:
    cells = [
        {"cell_type": "code", "source": ["a = 1\n", "b = 2"]},
        {"cell_type": "heading", "source": "x"},
        {"cell_type": "code", "source": "'\ud800'"},
        {"cell_type": "code"},
    ]

    blank = blank_copy({"cells": cells})

    validate(blank)
    assert [c.source for c in blank.cells] == ["a = 1\nb = 2", "x", "'?'", ""]


def test_code_cells_are_numbered_and_those_of_white_space_are_not_run() -> None:
    blank = blank_copy(notebook())

    assert number_cells(blank) == [(0, 1), (2, 2), (4, 3)]
    assert [is_run(cell) for cell in blank.cells] == [True, False, False, False, True]
