import pytest

from grader.observation.headings import Heading, Prose, pieces_of


def heading(text: str, rank: int = 2) -> Heading:
    return Heading(rank, text, text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3.2 Written answers", (3, 2)),
        ("Task 3.2: why?", (3, 2)),
        ("Part 4 - network", (4,)),
        ("3b) why?", (3, ord("b"))),
        ("Why?", ()),
        ("95% accuracy", ()),
        ("Which of 2 models", ()),
    ],
)
def test_a_heading_begins_with_its_number(text: str, number: tuple[int, ...]) -> None:
    assert heading(text).number == number


@pytest.mark.parametrize(
    ("following", "ends"),
    [
        (heading("3.3 Next"), True),
        (heading("4 Next", rank=1), True),
        (heading("3.3 Next", rank=3), False),
        (heading("3.2.1 Which?"), False),
        (heading("1. The first"), False),
        (heading("Because it is faster"), False),
        (heading("Answer 4"), False),
        (heading("4 reasons " + "why " * 20), False),
    ],
)
def test_a_numbered_section_ends_where_the_next_number_stands(
    following: Heading, ends: bool
) -> None:
    assert heading("3.2 Written answers").ended_by(following) is ends


@pytest.mark.parametrize("mark", ["\u2028", "\x0c", "\x85", "\r", "\r\n", "\n"])
def test_a_heading_is_found_whatever_separates_the_lines_above_it(mark: str) -> None:
    above = f"One{mark}two\n"

    found = list(pieces_of(f"{above}## 3.2 Why\nBecause."))

    assert found == [Prose(above), Heading(2, "3.2 Why", "## 3.2 Why\n"), Prose("Because.")]
