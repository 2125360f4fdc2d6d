"""What a teacher reads about a file that is no TOML, or no file."""

from pathlib import Path

import pytest

from grader.faults import RubricFault
from grader.rubric.toml import read_toml


def message(content: bytes, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(folder)
    Path("line.toml").write_bytes(content)
    with pytest.raises(RubricFault) as fault:
        read_toml(Path("line.toml"))
    return str(fault.value)


@pytest.mark.parametrize(
    ("content", "place", "reason"),
    [
        (
            "[[question]]\nlibrary = numpy\n",
            "line 2, column 11",
            'a value is expected here: text in "quotation marks", a number, true, false; '
            "found: library = numpy",
        ),
        (
            'says = "one\ntwo"\n',
            "line 1, column 12",
            'the text is not closed on its line; text of several lines stands in """three '
            'quotation marks"""; found: says = "one',
        ),
        ('\n  says "one"\n', "line 2, column 8", 'after a key an = is expected; found: says "one"'),
        (
            "says = 'don't'",
            "line 1, column 13",
            "the value ends here, but the line goes on; found: says = 'don't'",
        ),
        (
            "a = 1\na = 2\n",
            "line 2, column 6",
            "this key or table is in the file already; found: a = 2",
        ),
        (
            "[limits]\n[question.accept]\n[question.accept]\n",
            "line 3, column 17",
            "the table [question.accept] is in the file already; found: [question.accept]",
        ),
        ("a = [1, 2\nb = 3\n", "line 2, column 1", "a list is not closed with ]; found: b = 3"),
        ('a = """one\ntwo\n', "line 2, column 4", "a text is not closed; found: two"),
        (
            'a = "\\q"\n',
            "line 1, column 8",
            "a backslash in \"text\" is written twice; in 'text' it stands for itself; "
            'found: a = "\\q"',
        ),
        (
            "a = { b = 1,\n c = 2 }\n",
            "line 1, column 13",
            "a key is expected here; a table in braces { } stands on one line, without a comma at "
            "its end; found: a = { b = 1,",
        ),
        (
            "[[question]\n",
            "line 1, column 11",
            "this heading of a table is not closed with ]]; found: [[question]",
        ),
        (
            "[limits\n",
            "line 1, column 8",
            "this heading of a table is not closed with ]; found: [limits",
        ),
        (
            "= 3\n",
            "line 1, column 1",
            "a key, a [heading] or a # comment is expected here; found: = 3",
        ),
    ],
)
def test_bad_toml_is_told_with_line_column_and_the_line_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, place: str, reason: str
) -> None:
    told = message(content.encode(), tmp_path, monkeypatch)

    assert told == f"line.toml, {place}: {reason}"


def test_a_long_line_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = message(b"says = '" + b"x" * 500, tmp_path, monkeypatch)

    assert told.endswith("found: says = '" + "x" * 64 + "...")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            'title = "Größe"\n'.encode("latin-1"),
            ", line 1: the byte 0xf6 is not UTF-8; save the file with the encoding UTF-8",
        ),
        (b"a = " + b"[" * 5000, ": lists or tables are nested too deeply"),
        (b"a = " + b"1" * 5000, ": a number has too many digits"),
    ],
)
def test_what_no_parser_takes_is_told_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, reason: str
) -> None:
    assert message(content, tmp_path, monkeypatch) == f"line.toml{reason}"


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("missing.toml", "missing.toml: there is no such file"),
        (".", ".: this is a folder, not a file"),
        ("a\0b.toml", "a\\u0000b.toml: this is no name of a file"),
        ("x" * 300, f"{'x' * 300}: the file cannot be read: File name too long"),
    ],
)
def test_a_path_without_a_file_is_told_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, told: str
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(RubricFault) as fault:
        read_toml(Path(path))

    assert fault.value.problems == [told]


def test_the_mark_some_editors_write_first_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "marked.toml"
    path.write_bytes(b"\xef\xbb\xbftitle = 'x'\r\n")

    assert read_toml(path) == {"title": "x"}
