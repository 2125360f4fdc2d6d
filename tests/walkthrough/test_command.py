import pytest

from grader.walkthrough.command import Command, Unclear, read_command


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("2.5", Command("points", 2.5)),
        ("2,5 well seen", Command("points", 2.5, "well seen")),
        ("  0 ", Command("points", 0)),
        ("f", Command("points", 4)),
        ("F all of it", Command("points", 4, "all of it")),
        ("n nothing of it", Command("points", 0, "nothing of it")),
        ("c look at task 3", Command("comment", text="look at task 3")),
        ("s", Command("skip")),
        ("Back", Command("back")),
        ("u", Command("undo")),
        ("k", Command("keep")),
        ("?", Command("help")),
        ("q", Command("quit")),
    ],
)
def test_what_is_typed_is_understood(line: str, command: Command) -> None:
    assert read_command(line, 4) == command


@pytest.mark.parametrize(
    "line", ["", " ", "5", "4.01", "-1", "nan", "inf", "1e0", "yes", "c", "s 3", "2.5.1", "²", "٣x"]
)
def test_what_is_unclear_gives_no_points(line: str) -> None:
    with pytest.raises(Unclear, match=r"(?s)from 0 to 4"):
        read_command(line, 4)
