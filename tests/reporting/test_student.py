import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from nbformat.v4 import new_markdown_cell, new_output

from grader.recording.model import Recording
from grader.reporting import write_student
from grader.reporting.words import OUTCOMES, STATUSES
from grader.scoring.reproduction import Reproduction
from tests.reporting.conftest import StudentPage
from tests.reporting.made import code, display, evidence, grade, run, stream, verdict

HOSTILE = "</script></pre></code></td><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}"


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_outcome_has_a_word_and_an_icon(student_page: StudentPage, outcome: str) -> None:
    page = student_page(grade(verdict(outcome=outcome)), run())

    chip = page.one("article").one(class_="chip")
    assert chip.words == OUTCOMES[outcome]  # type: ignore[index]
    assert chip.one("use").attributes["href"] == f"#i-{outcome}"


@pytest.mark.parametrize("status", STATUSES)
def test_the_total_stands_with_the_status(student_page: StudentPage, status: str) -> None:
    page = student_page(grade(verdict(points=2.5), status=status), run())

    assert STATUSES[status] in page.one(class_="total").words  # type: ignore[index]


def test_what_was_not_graded_has_no_points_rather_than_zero(student_page: StudentPage) -> None:
    page = student_page(grade(verdict(outcome="ungraded", points=0), status="ungraded"), run())

    assert page.one(class_="score").words == "– of 4 points"
    assert page.one("article").one(class_="points").words == "– / 4"


def test_points_that_wait_for_a_person_are_counted(student_page: StudentPage) -> None:
    waiting = verdict("curve", outcome="ungraded", points=0, needs_review=True)

    page = student_page(grade(verdict(), waiting, status="needs_review"), run())

    assert "4 more points wait for a person." in page.one(class_="total").words


def test_a_card_says_what_was_found(student_page: StudentPage) -> None:
    found = verdict(
        points=2,
        outcome="partial",
        explanation="`slope` is twice what it should be.",
        conventions={"order": "slope_first", "axis": "x"},
        mistakes=("doubled",),
        remarks=("Look at the factor.",),
        cause="raised",
    )

    card = student_page(grade(found), run()).one("article")

    assert "order slope first, axis x" in card.words
    assert "Explained by doubled" in card.words
    assert "Look at the factor." in card.words
    assert "The code stopped with an error." in card.words
    assert "slope is twice what it should be." in card.words
    assert card.one(class_="lead").one("code").text == "slope"


def test_evidence_names_its_place_and_links_to_its_cell(student_page: StudentPage) -> None:
    found = verdict(evidence=(evidence(cell=2),))

    page = student_page(grade(found), run(code("a"), code("slope = 1")))

    where = page.one(class_="where")
    assert where.words == "cell 2 · variable slope · largest difference 0.48"
    assert where.one("a").attributes["href"] == "#cell-2"
    assert page.one(id="cell-2").one(class_="serves").words == "evidence for The line"


def test_a_printed_line_is_named_by_its_place(student_page: StudentPage) -> None:
    piece = evidence(origin="text", path="printed line 3")

    page = student_page(grade(verdict(evidence=(piece,))), run(code("a")))

    assert "· printed line 3 · read back from the text ·" in page.one(class_="where").words


def test_an_explained_value_is_compared_on_demand(student_page: StudentPage) -> None:
    page = student_page(grade(verdict(evidence=(evidence(),))), run(code("a")))

    piece = page.one(class_="evidence")
    assert "Expected value" in piece.one("details").words
    assert piece.one("td", class_="d4").text == "+0.48"


def test_a_value_explained_by_a_mistake_is_beside_what_explains_it(
    student_page: StudentPage,
) -> None:
    found = verdict(mistakes=("doubled",), outcome="wrong", evidence=(evidence(),))

    page = student_page(grade(found), run(code("a")))

    captions = [caption.words for caption in page.one(class_="evidence").all("caption")]
    assert captions[1] == "The value that explains it (2, 2)"


def test_the_nearest_value_is_called_that_and_compared_at_once(student_page: StudentPage) -> None:
    found = verdict(outcome="wrong", points=0, evidence=(evidence(fits=False),))

    piece = student_page(grade(found), run(code("a"))).one(class_="evidence")

    assert piece.one("h4").words == "The nearest value found"
    assert piece.all("details") == []
    assert "largest difference 0.48 at [1, 1]" in piece.words
    assert len(piece.all("table")) == 3


@pytest.mark.parametrize("fits", [True, False])
@pytest.mark.parametrize("mistakes", [(), ("doubled",)])
def test_a_hidden_expected_value_is_nowhere_on_the_page(
    tmp_path: Path, fits: bool, mistakes: tuple[str, ...]
) -> None:
    found = verdict(
        show_expected=False, mistakes=mistakes, evidence=(evidence(fits=fits, part="x"),)
    )

    text = write_student(grade(found), run(code("a")), "t", tmp_path).read_text("utf-8")

    body = text[text.index("</style>") :]
    assert "4.500000" in body
    for leak in ("4.015", "4.016", "0.48", "difference", "Difference", "Expected", 'class="d'):
        assert leak not in body


def test_arrays_of_other_shapes_are_shown_without_a_difference(student_page: StudentPage) -> None:
    piece = evidence(actual=np.zeros(3), fits=False, max_abs_error=float("inf"))

    page = student_page(grade(verdict(evidence=(piece,))), run(code("a")))

    captions = [caption.words for caption in page.one(class_="evidence").all("caption")]
    assert captions == ["Found in the notebook (3,)", "Expected value (2, 2)"]
    assert "the difference is not a finite number" in page.one(class_="where").words


def test_a_large_array_ends_in_an_ellipsis(student_page: StudentPage) -> None:
    piece = evidence(actual=np.ones((20, 20)), expected=np.ones((20, 20)), max_abs_error=0.0)

    page = student_page(grade(verdict(evidence=(piece,))), run(code("a")))

    table = page.one(class_="evidence").all("table")[0]
    assert len(table.one("tbody").all("tr")) == 13
    assert table.one("tbody").all("tr")[0].all("td")[-1].text == "…"


def test_a_submission_that_could_not_be_read_gets_a_kind_page(student_page: StudentPage) -> None:
    said = "The file ends in the middle of line 41."
    none = verdict(outcome="ungraded", points=0, explanation=said)
    unread = Recording("student-01", "student-01.ipynb", "k", fault=said)

    page = student_page(grade(none, status="ungraded", note=said), unread)

    assert page.one("h2", id="fault").words == "This notebook could not be graded"
    assert page.one("main").words.count(said) == 1
    assert "not a mark of zero" in page.words
    assert page.all("article") == []
    assert page.all("dl") == []


def test_a_cell_that_raised_shows_its_error_line(student_page: StudentPage) -> None:
    raised = new_output("error", ename="E", evalue="v", traceback=["\x1b[31mE\x1b[0m: v"])

    page = student_page(grade(), run(code("f()", raised), statuses={1: "raised"}))

    cell = page.one(id="cell-1")
    assert cell.one(class_="status").words == "stopped with an error"
    assert cell.one(class_="error").words == "Trouble: in 1"
    assert cell.one("details", class_="traceback").one("pre").text == "E: v"


def test_run_facts_and_what_was_left_out_are_told(student_page: StudentPage) -> None:
    page = student_page(grade(), run(left_out=tuple(f"value {n}: too large" for n in range(40))))

    assert page.one("footer").words.startswith(
        "About this run run time 12 s peak memory 300 MiB isolation a process of its own "
        "numpy 2.4.0"
    )
    assert "value 0: too large" in page.one("main").words
    assert "and 10 more values" in page.one("main").words


def test_everything_a_student_wrote_is_escaped(student_page: StudentPage) -> None:
    piece = evidence(path=HOSTILE, part=HOSTILE)
    found = verdict(
        title=HOSTILE, explanation=HOSTILE, remarks=(HOSTILE,), evidence=(piece,),
        conventions={HOSTILE: HOSTILE}, mistakes=(HOSTILE,),
    )  # fmt: skip
    recording = run(
        new_markdown_cell(f"{HOSTILE} [x](javascript:alert(1)) <javascript:alert(1)>"),
        code(HOSTILE, stream(HOSTILE), stream(HOSTILE, "stderr"), display(text_plain=HOSTILE)),
        code("x", display(text_html=HOSTILE), display(**{"image_svg+xml": HOSTILE})),
        code("x", new_output("error", ename=HOSTILE, evalue=HOSTILE, traceback=[HOSTILE])),
        isolation=HOSTILE,
        environment={HOSTILE: HOSTILE},
        left_out=(HOSTILE,),
        statuses={3: "raised"},
    )

    page = student_page(grade(found, note=HOSTILE, submission=HOSTILE, file=HOSTILE), recording)

    assert page.all("script") == []
    assert page.all("img") == []
    assert "49" not in page.one("main").text
    assert page.one(id="cell-1").one(class_="code").text == HOSTILE
    assert page.one(id="cell-1").all("pre", class_="output")[0].text == HOSTILE
    assert all(link.attributes["href"].startswith("#") for link in page.all("a"))


def test_hidden_characters_do_not_reach_the_page(tmp_path: Path) -> None:
    odd = "a\x1b[31mb\u202ec\x00d\ud800"

    path = write_student(
        grade(verdict(explanation=odd), note=odd), run(code(odd, stream(odd))), odd, tmp_path
    )

    text = path.read_text("utf-8")
    assert re.search("[\x00\x1b\u202a-\u202e\u2066-\u2069]", text) is None
    assert "ab⟨U+202E⟩cd\ufffd" in text


def test_a_page_loads_nothing_and_runs_nothing(student_page: StudentPage, tmp_path: Path) -> None:
    found = verdict(evidence=(evidence(),))

    page = student_page(grade(found), run(code("print('https://example.org')")))

    text = next((tmp_path / "students").iterdir()).read_text("utf-8")
    assert re.findall(r"(?:src|href|action)=[\"'](?!#|data:)", text) == []
    assert "url(" not in text
    assert "@import" not in text
    assert page.all("script") == page.all("link") == page.all("iframe") == []
    policy = page.all("meta", **{"http-equiv": "Content-Security-Policy"})[0].attributes["content"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:;")
    assert "script-src" not in policy


def test_the_worst_notebook_gives_a_page_of_a_few_hundred_kilobytes(tmp_path: Path) -> None:
    png = "iVBORw0KGgo" + "A" * (101 * 1024 - 11)
    outputs = [display(image_png=png), *[display(text_plain="&" * 100_000)] * 50]
    cells = [code("()&<>" * 4000, *outputs)] * 200
    big = np.random.default_rng(0).normal(size=(50, 50))
    pieces = tuple(evidence(cell=n, actual=big, expected=big, path="p" * 9999) for n in range(30))
    found = verdict(explanation="&" * 99_999, evidence=pieces)

    path = write_student(grade(found), run(*cells, left_out=("&" * 9999,) * 999), "t", tmp_path)

    assert path.stat().st_size < 700 * 1024


def test_a_page_can_be_found_one_s_way_in_without_seeing_it(student_page: StudentPage) -> None:
    page = student_page(grade(verdict(evidence=(evidence(),))), run(code("a", stream("1"))))

    ids = [element.attributes["id"] for element in page.all() if "id" in element.attributes]
    targets = {link.attributes["href"].lstrip("#") for link in page.all("a")}
    labels = {
        e.attributes["aria-labelledby"] for e in page.all() if "aria-labelledby" in e.attributes
    }
    assert page.attributes["lang"] == "en"
    assert len(ids) == len(set(ids))
    assert targets | labels <= set(ids)
    assert len(page.all("h1")) == len(page.all("main")) == len(page.all("footer")) == 1
    assert page.one("a", class_="skip").attributes["href"] == "#content"
    assert all(table.all("caption") and table.all("th") for table in page.all("table"))
    assert all(image.attributes["alt"] for image in page.all("img"))


def test_headings_leave_no_level_out(student_page: StudentPage) -> None:
    page = student_page(grade(verdict(evidence=(evidence(),))), run(code("a"), left_out=("x",)))

    levels = [int(e.tag[1]) for e in page.all() if re.fullmatch("h[1-6]", e.tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_same_grade_gives_the_same_bytes(tmp_path: Path) -> None:
    found, recording = grade(verdict(evidence=(evidence(),))), run(code("a", stream("1")))

    first = write_student(found, recording, "t", tmp_path / "1").read_bytes()
    second = write_student(found, recording, "t", tmp_path / "2").read_bytes()

    assert first == second


def test_stored_outputs_that_differ_are_told_and_cost_nothing(student_page: StudentPage) -> None:
    found = Reproduction("does_not_reproduce", f"cell 1 stopped here with {HOSTILE}")

    page = student_page(grade(verdict(), reproduction=found), run(code("a")))

    words = page.one("section", **{"aria-labelledby": "notebook"}).words
    assert f"Stored outputs: cell 1 stopped here with {HOSTILE}" in words
    assert "That alone costs no points." in words
    assert page.all("script") == []


def test_stored_outputs_that_agree_are_told(student_page: StudentPage) -> None:
    found = Reproduction("agrees", "The outputs agree.")

    page = student_page(grade(verdict(), reproduction=found), run(code("a")))

    words = page.one("section", **{"aria-labelledby": "notebook"}).words
    assert "Stored outputs: The outputs agree." in words
    assert "costs no points" not in words
