import os
from pathlib import Path

import pytest

from grader.faults import IntakeFault
from grader.intake import content as content_module
from grader.intake.content import decoded, file_content, foreign_format

TEXT = '{"a": "é"}\n'


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"%PDF-1.7\n", "a PDF"),
        (b"PK\x03\x04" + b"\0" * 26 + b"hw1.ipynb", "a ZIP archive"),
        (b"PK\x03\x04" + b"\0" * 26 + b"[Content_Types].xml", "an Office document"),
        (b"\x1f\x8b\x08", "a gzip archive"),
        (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
        (b"\xff\xd8\xff\xe0", "a JPEG picture"),
        (b"\n <!DOCTYPE html>\n<html>", "an HTML page"),
        (b"\xef\xbb\xbf<HTML>", "an HTML page"),
        (b"{\\rtf1", "an RTF document"),
        (b"version https://git-lfs.github.com/spec/v1\n", "a Git LFS pointer"),
    ],
)
def test_other_formats_are_known_by_their_content(content: bytes, name: str) -> None:
    assert foreign_format(content) == name


@pytest.mark.parametrize("content", [b"", b'{"cells": []}', b"\xff\xfe{\0", b"import numpy"])
def test_what_may_be_a_notebook_is_no_other_format(content: bytes) -> None:
    assert foreign_format(content) is None


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_every_unicode_encoding_is_decoded_without_its_mark(encoding: str) -> None:
    assert decoded(TEXT.encode(encoding)) == TEXT


def test_a_byte_that_is_no_utf8_is_placed() -> None:
    with pytest.raises(IntakeFault) as raised:
        decoded(b'{\n "a": "caf\xe9"}')

    assert str(raised.value) == "is not UTF-8 text: byte 0xe9 in line 2, offset 12"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_an_end_within_a_character_is_called_a_cut(encoding: str) -> None:
    content = '{\n "é'.encode(encoding)

    with pytest.raises(IntakeFault, match=r"in the middle of a character at line 2: .* cut off"):
        decoded(content[:-1])


def test_bytes_that_do_not_begin_like_a_notebook_are_binary() -> None:
    with pytest.raises(IntakeFault, match="is binary data"):
        decoded(b"\x93NUMPY\x01\x00\xff")


def test_a_file_above_the_bound_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content_module, "NOTEBOOK_BYTES", 2**20)
    (tmp_path / "at").write_bytes(b" " * 2**20)
    (tmp_path / "above").write_bytes(b" " * (2**20 + 2**19))

    assert len(file_content(tmp_path / "at")) == 2**20
    with pytest.raises(IntakeFault, match=r"^is 1\.5 MiB large; a notebook may have up to 1 MiB$"):
        file_content(tmp_path / "above")


def test_a_folder_a_pipe_and_a_missing_file_are_faults(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    for path in (tmp_path, tmp_path / "pipe"):
        with pytest.raises(IntakeFault, match="is not a regular file"):
            file_content(path)
    with pytest.raises(IntakeFault, match="cannot be opened: no such file"):
        file_content(tmp_path / "missing")
