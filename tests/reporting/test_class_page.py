import base64
import hashlib
from pathlib import Path

import pytest

from grader.reporting import write_class
from grader.reporting.names import page_name
from grader.scoring.verdict import ClassGrades
from tests.reporting.conftest import ClassPage
from tests.reporting.made import class_of, grade, verdict


def _class() -> ClassGrades:
    waiting = verdict("curve", outcome="ungraded", points=0, needs_review=True)
    wrong = verdict("curve", outcome="wrong", points=0, mistakes=("doubled",))
    half = verdict("line", outcome="partial", points=2, mistakes=("doubled", "shifted"))
    return class_of(
        grade(verdict("line"), verdict("curve"), submission="ann"),
        grade(half, wrong, submission="Ben Bo"),
        grade(verdict("line"), waiting, submission="cy", status="needs_review", note="Look at it."),
        grade(submission="dee", status="ungraded", note="Not a notebook."),
    )


def test_every_submission_is_a_row_that_links_to_its_page(class_page: ClassPage) -> None:
    page = class_page(_class())

    rows = page.one("table", class_="class").one("tbody").all("tr")
    links = [row.one("a").attributes["href"] for row in rows]
    assert links == [f"students/{page_name(name)}" for name in ("ann", "Ben Bo", "cy", "dee")]


def test_a_row_shows_total_status_and_each_question(class_page: ClassPage) -> None:
    rows = class_page(_class()).one("table", class_="class").one("tbody").all("tr")

    assert rows[0].words == "ann 8 Graded 4 correct 4 correct"
    assert rows[1].words == "Ben Bo 2 Graded 2 partial 0 wrong"
    assert rows[2].words == "cy 4 Needs a person 4 correct – not graded"
    assert rows[3].words == "dee – Could not be graded"


def test_the_summary_leaves_out_what_was_not_graded(class_page: ClassPage) -> None:
    figures = class_page(_class()).one("dl", class_="figures").words

    assert "submissions 4" in figures
    assert "mean 4.7 of 8" in figures
    assert "median 4" in figures
    assert "need a person 1" in figures
    assert "could not be graded 1" in figures


def test_the_distribution_counts_every_graded_submission_once(class_page: ClassPage) -> None:
    bars = class_page(_class()).one("ol", class_="histogram").all("li")

    counts = [int(bar.one(class_="count").text or 0) for bar in bars]
    assert counts == [0, 0, 1, 0, 0, 1, 0, 0, 0, 1]
    assert bars[9].one(class_="range").text == "7.2–8"


def test_difficulty_is_said_in_words_beside_the_bar(class_page: ClassPage) -> None:
    line, curve = class_page(_class()).one("section", **{"aria-labelledby": "difficulty"}).all("li")

    assert line.words == "The line line 83 % 2 correct 1 partly correct"
    assert curve.words == "The curve curve 50 % 1 correct 1 not correct 1 not graded yet"


def test_a_mistake_counts_submissions_and_not_questions(class_page: ClassPage) -> None:
    section = class_page(_class()).one("section", **{"aria-labelledby": "mistakes"})

    doubled, shifted = section.all("li")
    assert doubled.words == "doubled 1 submission in line, curve Ben Bo"
    assert shifted.words == "shifted 1 submission in line Ben Bo"


def test_what_needs_a_person_stands_with_the_reason(class_page: ClassPage) -> None:
    notes = class_page(_class()).one("ul", class_="notes").all("li")

    assert [note.words for note in notes] == ["cy: Look at it.", "dee: Not a notebook."]


def test_a_fault_of_the_grader_is_not_passed_over(class_page: ClassPage) -> None:
    failed = verdict(outcome="ungraded", points=0, cause="grader_fault")

    page = class_page(class_of(grade(failed)))

    assert "The grader itself failed on 1 question." in page.words


def test_an_empty_class_has_a_page(class_page: ClassPage) -> None:
    page = class_page(class_of())

    assert "There was nothing to grade in this class." in page.words
    assert page.all("table") == []


def test_a_class_in_which_nothing_could_be_graded_has_no_mean(class_page: ClassPage) -> None:
    page = class_page(class_of(grade(status="ungraded")))

    assert "mean –" in page.one("dl", class_="figures").words
    assert page.all("ol", class_="histogram") == []


def test_a_class_of_a_thousand_fits_a_page(tmp_path: Path) -> None:
    questions = [f"q{n}" for n in range(6)]
    grades = [
        grade(
            *[
                verdict(q, mistakes=("doubled",), outcome="partial", points=n % 5)
                for q in questions
            ],
            submission=f"student-{n:04d}",
        )
        for n in range(1000)
    ]

    path = write_class(class_of(*grades), tmp_path)

    assert path.stat().st_size < 2 * 2**20


def test_the_only_script_is_ours_and_the_policy_names_it(class_page: ClassPage) -> None:
    page = class_page(_class())

    digest = hashlib.sha256(page.one("script").text.encode()).digest()
    policy = page.all("meta", **{"http-equiv": "Content-Security-Policy"})[0].attributes["content"]
    assert policy.endswith(f"; script-src 'sha256-{base64.b64encode(digest).decode()}'")
    assert page.all("button") == []  # the script puts them in: none is there without it


@pytest.mark.parametrize("name", ["</script><script>alert(1)</script>", "javascript:alert(1)"])
def test_names_cannot_become_markup_or_addresses(class_page: ClassPage, name: str) -> None:
    hostile = grade(
        verdict(name, title=name, mistakes=(name,)),
        submission=name,
        note=name,
        status="needs_review",
    )

    page = class_page(class_of(hostile))

    assert len(page.all("script")) == 1
    hrefs = {link.attributes["href"] for link in page.all("a")}
    assert {href for href in hrefs if not href.startswith(("#", "students/", "grades."))} == set()


def test_the_same_class_gives_the_same_bytes(tmp_path: Path) -> None:
    first = write_class(_class(), tmp_path / "1").read_bytes()

    assert write_class(_class(), tmp_path / "2").read_bytes() == first
