"""What a person decided, on the pages of students and class."""

from dataclasses import replace

from grader.scoring.verdict import CriterionVerdict, Decided
from tests.reporting.conftest import ClassPage, StudentPage
from tests.reporting.made import class_of, code, grade, run, verdict

WAITING = verdict(
    "why",
    points=0,
    outcome="ungraded",
    needs_review=True,
    explanation="What you wrote is read by a person.",
    answer="The <script>middle</script>\u202e.",
    criteria=(CriterionVerdict("tells", "what `it` tells", 4),),
)
JUDGED = replace(
    WAITING,
    points=3,
    outcome="partial",
    needs_review=False,
    explanation="Read by your teacher: 3 of 4 points for what you wrote.",
    criteria=(CriterionVerdict("tells", "what `it` tells", 4, 3, "No <b>example</b>."),),
    decided=Decided(WAITING, comment="Read chapter <2>.", by="Prof. Secret"),
)


def test_criteria_have_their_points_and_reasons(student_page: StudentPage) -> None:
    page = student_page(grade(JUDGED), run(code("x = 1")))

    table = page.one("table", "criteria")
    assert "what it tells No <b>example</b>." in table.words
    assert "3 / 4" in table.words
    assert "Your teacher adds: Read chapter <2>." in page.words
    assert "The <script>middle</script>⟨U+202E⟩." in page.words
    assert "Prof. Secret" not in page.words


def test_criteria_nobody_decided_have_no_points(student_page: StudentPage) -> None:
    page = student_page(grade(WAITING, status="needs_review"), run(code("x = 1")))

    assert "– / 4" in page.one("table", "criteria").words


def test_an_overruled_verdict_says_what_was_before(student_page: StudentPage) -> None:
    before = verdict("line", points=1, outcome="wrong", explanation="It is twice as large.")
    says = "Set to 4 of 4 by your teacher: It may be."
    now = replace(
        before,
        points=4,
        outcome="correct",
        explanation=says,
        decided=Decided(before, overruled=True, reason="It may be."),
    )

    page = student_page(grade(now), run(code("x = 1")))

    assert says in page.words
    assert "Before that, with 1 points, it said: It is twice as large." in page.words


def test_a_file_that_could_not_be_read_shows_what_a_person_decided(
    student_page: StudentPage,
) -> None:
    unread = verdict("line", points=0, outcome="ungraded")
    says = "Set to 4 of 4 by your teacher: Shown to me."
    now = replace(
        unread, points=4, outcome="correct", explanation=says, decided=Decided(unread, True)
    )
    made = grade(now, note="It is cut off.")

    page = student_page(made, replace(run(), fault="It is cut off.", executed=None))

    assert says in page.words
    assert "It is cut off." in page.words
    assert "not a mark of zero" not in page.words


def test_the_class_page_counts_what_waits_and_what_was_decided(class_page: ClassPage) -> None:
    first = grade(WAITING, verdict("line"), submission="a", status="needs_review")
    second = grade(JUDGED, verdict("line"), submission="b")

    page = class_page(class_of(first, second))

    says = "1 answer waits for a person; grader review goes through them. 1 answer was decided"
    assert says in page.words
