import pytest

from grader.observation.words_in_code import words_in_code


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("x = 1", ""),
        ("# the first\nx = 1  # and more", "the first\nand more"),
        ("'''one\n\ntwo'''", "one\ntwo"),
        ("print(f'a {x} b')", "a"),
        ("%matplotlib inline\nx = 1", ""),
        ("x = '---'", ""),
        ("The first was better.", "The first was better."),
        ("# open '''\n'''no end", "# open '''\n'''no end"),
    ],
)
def test_comments_and_strings_are_words_and_so_is_what_is_no_python(
    source: str, words: str
) -> None:
    assert words_in_code(source).startswith(words)
    assert bool(words) == bool(words_in_code(source))
