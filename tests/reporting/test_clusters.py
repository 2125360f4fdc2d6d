"""Wrong values several submissions share: who has them, what explains them, what is shown."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.reporting import write_class
from grader.reporting.clusters import Cluster, find_clusters
from grader.scoring.verdict import Evidence, Grade
from tests.reporting.conftest import ClassPage
from tests.reporting.made import class_of, evidence, grade, verdict
from tests.reporting.read import Element

RIGHT = np.array([[0.1, -0.2, 0.35], [0.4, 0.51, -0.61]])


def piece(actual: Any = None, **more: Any) -> Evidence:
    actual = 2 * RIGHT if actual is None else np.asarray(actual)
    return evidence(**{"actual": actual, "expected": RIGHT, "fits": False, **more})


def wrong(submission: str, *pieces: Evidence, **more: Any) -> Grade:
    sources = more.pop("sources", {1: f"slope = wrong()  # {submission}"})
    fields = {"outcome": "wrong", "points": 0, "evidence": pieces or (piece(),), **more}
    return grade(verdict(**fields), submission=submission, sources=sources)


def only(*grades: Grade) -> Cluster:
    (cluster,) = find_clusters(class_of(*grades))
    return cluster


def section(page: Element) -> Element:
    return page.one("section", **{"aria-labelledby": "same-values"})


def test_equal_wrong_values_are_a_cluster() -> None:
    cluster = only(wrong("ann"), wrong("ben"), wrong("cy", piece(3.5 * RIGHT)))

    assert cluster.submissions == ("ann", "ben")
    assert cluster.relation == "exactly twice the expected value"
    assert cluster.mistakes == ()
    assert (cluster.example, cluster.cell) == ("ann", 1)
    assert cluster.source == "slope = wrong()  # ann"


def test_what_only_one_has_is_no_cluster() -> None:
    assert find_clusters(class_of(wrong("ann"), wrong("ben", piece(3 * RIGHT)))) == []
    assert find_clusters(class_of()) == []


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (2 * RIGHT * (1 + 5e-7), True),
        ((2 * RIGHT).astype(np.float32), True),
        (2 * RIGHT * (1 + 1e-5), False),
        (2 * RIGHT.T, False),
        (2 * RIGHT.ravel(), False),
        (np.where(RIGHT == 0.51, np.nan, 2 * RIGHT), False),
        (np.where(RIGHT == 0.51, np.inf, 2 * RIGHT), False),
    ],
)
def test_values_are_equal_to_six_digits_and_of_one_shape(other: np.ndarray, same: bool) -> None:
    assert bool(find_clusters(class_of(wrong("ann"), wrong("ben", piece(other))))) is same


def test_printed_values_are_equal_to_their_digits() -> None:
    value = np.array([0.123456789, 0.987654321, 0.555555555])
    printed = piece(np.round(value, 4), origin="text")
    other = piece(np.round(value, 4) + 0.0002, origin="text")

    cluster = only(wrong("ann", printed), wrong("ben", piece(value)), wrong("cy", other))

    assert cluster.submissions == ("ann", "ben")
    assert cluster.example == "ben"  # the one with the most digits


def test_a_digit_or_two_join_nothing() -> None:
    coarse = piece(np.array([0.0, 0.5, 1.0]))

    grades = class_of(wrong("ann", coarse), wrong("ben", piece(np.array([0.04, 0.52, 0.97123456]))))

    assert find_clusters(grades) == []


def test_values_that_are_no_numbers_are_shared_too() -> None:
    broken = piece(np.full((2, 3), np.nan))

    cluster = only(wrong("ann", broken), wrong("ben", broken))

    assert cluster.submissions == ("ann", "ben")
    assert cluster.relation == ""


def test_all_parts_have_to_agree() -> None:
    x1, x2, other = (piece(n * RIGHT, part=part) for n, part in ((2, "x1"), (3, "x2"), (4, "x2")))

    assert find_clusters(class_of(wrong("ann", x1, x2), wrong("ben", x1, other))) == []
    assert find_clusters(class_of(wrong("ann", x1, x2), wrong("ben", x1))) == []
    assert only(wrong("ann", x1, x2), wrong("ben", x1, x2)).relation == ""


def test_questions_are_apart() -> None:
    other = grade(verdict("curve", outcome="wrong", evidence=(piece(),)), submission="ben")

    assert find_clusters(class_of(wrong("ann"), other)) == []


@pytest.mark.parametrize(
    "more",
    [
        {"outcome": "correct"},
        {"outcome": "missing"},
        {"outcome": "partial"},  # some parts found, and right
        {"outcome": "ungraded"},  # right, but for a doubt
        {"outcome": "ungraded", "mistakes": ("typed-in",)},
    ],
)
def test_right_values_are_none_of_it(more: dict[str, Any]) -> None:
    right = piece(RIGHT, fits=True)

    assert find_clusters(class_of(wrong("ann", right, **more), wrong("ben", right, **more))) == []


@pytest.mark.parametrize("outcome", ["wrong", "partial", "ungraded"])
def test_explained_values_come_with_the_mistake(outcome: str) -> None:
    explained = piece(fits=True)
    fields: dict[str, Any] = {"outcome": outcome, "mistakes": ("doubled",)}

    cluster = only(wrong("ann", explained, **fields), wrong("ben", explained, **fields))

    assert cluster.mistakes == ("doubled",)
    assert cluster.relation == ""


def test_the_nearest_values_that_wait_for_a_person_count() -> None:
    fields = {"outcome": "ungraded", "needs_review": True}

    assert only(wrong("ann", **fields), wrong("ben", **fields)).nearest


def test_the_largest_come_first_and_of_these_what_nothing_explains() -> None:
    known = [
        wrong(name, piece(RIGHT / 5, fits=True), mistakes=("fifth",)) for name in ("ann", "ben")
    ]
    large = [wrong(name, piece(3 * RIGHT)) for name in ("cy", "dee", "eve")]
    unknown = [wrong(name) for name in ("flo", "gus")]

    found = find_clusters(class_of(*known, *large, *unknown))

    assert [cluster.submissions[0] for cluster in found] == ["cy", "flo", "ann"]


def test_a_hidden_value_has_no_relation(tmp_path: Path) -> None:
    hidden = [wrong(name, show_expected=False) for name in ("ann", "ben")]

    text = write_class(class_of(*hidden), tmp_path).read_text("utf-8")

    assert only(*hidden).relation == ""
    assert "2 students have the same value" in text
    for leak in ("twice", "0.61", "0.51", "0.35"):
        assert leak not in text[text.index("</style>") :]


def test_the_page_says_who_has_what_and_shows_the_code(class_page: ClassPage) -> None:
    found = section(class_page(class_of(wrong("ann"), wrong("ben"))))

    assert "2 students have exactly twice the expected value." in found.words
    assert "not in the rubric" in found.words
    assert "0.2000000, -0.4000000, 0.7000000, 0.8000000, … (2, 3)" in found.words
    assert [link.words for link in found.all("a")] == ["ann", "ben"]
    assert found.one("summary").words == "as in ann, cell 1"
    assert found.one("pre").text == "slope = wrong()  # ann"


def test_the_page_names_the_mistake_that_explains(class_page: ClassPage) -> None:
    grades = [wrong(name, piece(fits=True), mistakes=("doubled",)) for name in ("ann", "ben")]

    words = section(class_page(class_of(*grades))).words

    assert "2 students have the same wrong value, explained by doubled." in words
    assert "teach again" in words


def test_what_the_rubric_does_not_price_is_shown_as_it_was_explained(
    class_page: ClassPage,
) -> None:
    fields: dict[str, Any] = {"mistakes": ("scaled",), "needs_review": True}
    said = "`slope` (cell 1): explained by twice the expected value."
    grades = [wrong(name, piece(fits=True), explanation=said, **fields) for name in ("ann", "ben")]

    words = section(class_page(class_of(*grades))).words

    assert "explained by what the rubric does not price" in words
    assert "slope (cell 1): explained by twice the expected value." in words
    assert "not in the rubric" in words


def test_many_names_and_clusters_are_cut_and_counted(class_page: ClassPage) -> None:
    crowd = [wrong(f"s{n:02}") for n in range(30)]
    pairs = [wrong(f"p{n}{m}", piece((n + 1) * 3.7 * RIGHT)) for n in range(25) for m in "ab"]

    found = section(class_page(class_of(*crowd, *pairs)))

    first, *others = found.one("ul").all("li")
    assert "and 18 more" in first.words
    assert len(first.all("a")) == 12
    assert len(others) == 19
    assert "6 smaller groups not shown." in found.words


def test_a_class_without_shared_values_has_no_section(class_page: ClassPage) -> None:
    page = class_page(class_of(wrong("ann")))

    assert page.all("section", **{"aria-labelledby": "same-values"}) == []
    assert "Same wrong values" not in page.one("nav").words


def test_nothing_a_student_wrote_becomes_markup(class_page: ClassPage) -> None:
    evil = "</code></pre><script>alert(1)</script>{{7*7}}\x1b[31m"
    fields: dict[str, Any] = {"title": evil, "mistakes": (evil,), "sources": {1: evil}}
    bad = piece(part=evil, path=evil, fits=True)

    page = class_page(class_of(wrong(evil, bad, **fields), wrong(f"{evil}2", bad, **fields)))

    assert len(page.all("script")) == 1
    assert "49" not in section(page).words
    assert "\x1b" not in page.text


def test_a_class_of_a_thousand_with_values_of_their_own_fits_a_page(tmp_path: Path) -> None:
    values = np.random.default_rng(0).normal(size=(1000, 12))
    grades = [
        wrong(f"s{n:04}", piece(values[n % 700]), sources={1: "x = 1\n" * 100}) for n in range(1000)
    ]

    assert len(find_clusters(class_of(*grades))) == 300
    assert write_class(class_of(*grades), tmp_path).stat().st_size < 2**20


def test_very_large_values_are_compared_by_a_sample() -> None:
    large = np.random.default_rng(0).normal(size=(700, 128))

    assert only(wrong("ann", piece(large)), wrong("ben", piece(large.copy())))
    assert not find_clusters(class_of(wrong("ann", piece(large)), wrong("ben", piece(-large))))
