import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.reporting.text import clean, clean_output, cut, one_line


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b[1;38;5;208mred\x1b[m", "red"),
        ("\x1b]0;a title\x07text", "text"),
        ("\x1b]8;;https://example.org\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("a\x00b\x07c\x7fd\x85e", "abcde"),
        ("tab\tand\nline", "tab\tand\nline"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("a\u202eb\u2066c", "a⟨U+202E⟩b⟨U+2066⟩c"),
        ("\ud800", "\ufffd"),
        ("שלום 👩\u200d🔬", "שלום 👩\u200d🔬"),
    ],
)
def test_codes_go_and_writing_stays(raw: str, shown: str) -> None:
    assert clean(raw) == shown


@given(st.text())
def test_clean_text_is_clean(raw: str) -> None:
    assert clean(clean(raw)) == clean(raw)


def test_a_progress_bar_shows_its_last_state() -> None:
    assert clean_output("start\n 0%\r 50%\r100%\r\ndone\n") == "start\n100%\ndone\n"


def test_a_flood_is_bounded_before_it_is_looked_at() -> None:
    assert len(clean_output("x" * 10_000_000)) < 300_000


def test_a_long_text_keeps_head_and_tail_and_says_what_is_missing() -> None:
    text = "\n".join(str(line) for line in range(2000))

    lines = cut(text, lines=40, characters=10_000).split("\n")

    assert lines[:2] == ["0", "1"]
    assert lines[-1] == "1999"
    assert lines[30] == "… 1,960 lines left out …"


def test_a_long_line_is_cut_too() -> None:
    shown = cut("x" * 5000, lines=40, characters=400)

    assert "… 4,600 characters left out …" in shown
    assert len(shown) < 450


def test_a_text_within_its_limits_is_untouched() -> None:
    assert cut("a\nb", lines=2, characters=3) == "a\nb"


def test_a_name_stays_on_one_line() -> None:
    assert one_line("a\n\tb") == "a b"
    assert len(one_line("x" * 1000)) == 160
