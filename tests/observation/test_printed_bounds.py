"""However much was printed, little time is taken and few arrays are returned."""

import pytest

from grader.observation.printed import read_numbers

HOSTILE = [
    "[",
    "(",
    "[]",
    "[1 ",
    "[[1]",
    "([",
    "a[1]",
    "1\n",
    "1-",
    "\x1b[",
    "'",
    "dtype=<",
    "[a 1",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_text_takes_no_more_than_linear_time(piece: str) -> None:
    text = piece * (100_000 // len(piece))

    found = read_numbers(text)  # quadratic time would be minutes

    assert len(found) <= 5_000


def test_of_very_many_arrays_the_first_and_last_are_returned() -> None:
    found = read_numbers("\n\n".join(f"[{i} {i}.5]" for i in range(7_000)))

    assert len(found) == 5_000
    assert [found[i].values[0] for i in (0, 2_499, 2_500, -1)] == [0, 2_499, 4_500, 6_999]


def test_of_a_very_long_text_both_ends_are_read() -> None:
    text = "first [0.5 0.25]\n" + "waiting for 1234.5\n" * 70_000 + "last [1.5 1.25]"

    first, *_, last = (one for one in read_numbers(text) if one.form == "brackets")

    assert text[first.start : first.end] == "[0.5 0.25]"
    assert text[last.start : last.end] == "[1.5 1.25]"


def test_of_text_crowded_with_brackets_only_the_ends_are_read() -> None:
    text = "[0.5]" + "()" * 150_000 + "[1.5]" + "()" * 150_000 + "[0.25]"

    found = read_numbers(text)

    assert [one.values.tolist() for one in found] == [[0.5], [0.25]]
