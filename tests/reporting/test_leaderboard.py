from grader.reporting.leaderboard import leaderboards
from grader.scoring.verdict import Grade, PartVerdict
from tests.reporting.conftest import ClassPage
from tests.reporting.made import class_of, grade, verdict


def test_the_most_accurate_network_comes_first() -> None:
    (board,) = leaderboards(class_of(entry("a", accuracy=0.8), entry("b", accuracy=0.9)))

    assert [(place.rank, place.submission) for place in board.places] == [(1, "b"), (2, "a")]


def test_of_equal_accuracy_the_smaller_network_comes_first() -> None:
    (board,) = leaderboards(class_of(entry("a", parameters=500.0), entry("b", parameters=400.0)))

    assert [place.submission for place in board.places] == ["b", "a"]


def test_those_who_are_level_share_a_place() -> None:
    grades = class_of(entry("a"), entry("b"), entry("c", accuracy=0.5))

    assert [place.rank for place in leaderboards(grades)[0].places] == [1, 1, 3]


def test_a_network_of_unknown_size_comes_last_among_equals() -> None:
    unknown = entry("a", parameters=None)

    assert [p.submission for p in leaderboards(class_of(unknown, entry("b")))[0].places] == [
        "b",
        "a",
    ]


def test_parts_that_are_no_contest_have_no_leaderboard() -> None:
    plain = grade(verdict("training", parts=(part(contest=None),)))

    assert leaderboards(class_of(plain, grade(verdict("line")))) == []


def test_a_contest_without_an_accuracy_has_no_place() -> None:
    missing = grade(verdict("wars", parts=(part(accuracy=None),)), submission="a")

    (board,) = leaderboards(class_of(missing, entry("b")))

    assert [place.submission for place in board.places] == ["b"]


def test_the_class_page_shows_accuracy_interval_parameters_seconds_and_seed(
    class_page: ClassPage,
) -> None:
    page = class_page(class_of(entry("a", seconds=12.4, seed=41.0), entry("b", accuracy=0.7)))

    first, second = page.one("table", class_="leaderboard").one("tbody").all("tr")
    assert first.words == "1 a 84.2 % (80.1–87.6) 1,234 12 s 41"
    assert second.words == "2 b 70.0 % (80.1–87.6) 1,234 – none set"


def test_a_class_page_without_a_contest_has_no_leaderboard(class_page: ClassPage) -> None:
    assert "Leaderboard" not in class_page(class_of(grade(verdict("line")))).words


def entry(submission: str, **facts: float | None) -> Grade:
    return grade(verdict("wars", parts=(part(**facts),)), submission=submission)


def part(**facts: float | None) -> PartVerdict:
    known = {"contest": 1.0, "accuracy": 0.842, "low": 0.801, "high": 0.876, "parameters": 1234.0}
    told = {name: value for name, value in (known | facts).items() if value is not None}
    return PartVerdict("champion", 4, 4, "correct", "It wins.", facts=told)
