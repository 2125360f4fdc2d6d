"""Random results that several files share: who is listed, and what is said of it."""

from typing import Any

import numpy as np
import pytest

from grader.reporting.shared_results import find_shared_results
from grader.scoring.chance import RandomResult
from grader.scoring.reproduction import Reproduction
from grader.scoring.verdict import Grade
from tests.reporting.conftest import ClassPage
from tests.reporting.made import class_of, grade, verdict

ROW = np.array([0.1111, 0.2222, 0.3333, 0.4444, 0.5555, 0.6666, 0.7777])


def result(numbers: Any, moved: Any) -> RandomResult:
    return RandomResult(np.asarray(numbers, dtype=float), np.asarray(moved, dtype=bool))


def holding(submission: str, *rows: Any) -> Grade:
    results = tuple(
        row if isinstance(row, RandomResult) else result(row, np.ones(len(row))) for row in rows
    )
    found = Reproduction("differs_by_randomness", "They differ.", results)
    return grade(verdict(), submission=submission, reproduction=found)


def own(submission: str, seed: int) -> Grade:
    return holding(submission, np.random.default_rng(seed).random(12))


def groups(*grades: Grade) -> list[tuple[str, ...]]:
    return [one.submissions for one in find_shared_results(class_of(*grades))]


def test_two_with_the_same_results_are_listed() -> None:
    (found,) = find_shared_results(class_of(holding("ann", ROW), holding("ben", ROW), own("cy", 1)))

    assert found.submissions == ("ann", "ben")
    assert found.count == 7
    assert found.numbers == tuple(ROW[:6])
    assert not found.from_handout


def test_results_may_stand_among_others() -> None:
    more = np.concatenate([[0.9321], ROW, [0.8123]])

    assert groups(holding("ann", ROW), holding("ben", [0.5] * 6, more)) == [("ann", "ben")]


@pytest.mark.parametrize(
    "row",
    [
        ROW[:5],  # too few in a row
        ROW[::-1],  # in another order
        ROW + 0.0001,
        np.concatenate([ROW[:3], [0.9], ROW[3:]]),
        [],
    ],
)
def test_less_than_six_numbers_in_a_row_are_nothing(row: Any) -> None:
    assert groups(holding("ann", ROW), holding("ben", row)) == []


def test_numbers_that_repeat_are_nothing() -> None:
    flat = [0.6931] * 12

    assert groups(holding("ann", flat), holding("ben", flat)) == []


def test_numbers_no_run_has_moved_may_be_the_same_for_all() -> None:
    fixed = result(ROW, np.zeros(7))
    five = result(ROW, [1, 1, 1, 1, 1, 0, 0])

    assert groups(holding("ann", fixed), holding("ben", fixed)) == []
    assert groups(holding("ann", five), holding("ben", five)) == []


def test_what_moved_in_one_run_is_random_in_the_other() -> None:
    even, odd = result(ROW, [1, 0, 1, 0, 1, 0, 1]), result(ROW, [0, 1, 0, 1, 0, 1, 0])

    assert groups(holding("ann", even), holding("ben", odd)) == [("ann", "ben")]


def test_who_was_not_run_or_has_no_results_is_not_listed() -> None:
    assert groups(grade(submission="ann"), grade(submission="ben"), own("cy", 1)) == []
    assert groups() == []


def test_the_larger_group_stands_for_the_smaller() -> None:
    second = ROW + 1

    found = groups(holding("a", ROW, second), holding("b", ROW, second), holding("c", ROW))

    assert found == [("a", "b", "c")]


def test_what_most_of_a_class_has_was_handed_out() -> None:
    names = [f"s{n}" for n in range(6)]
    most = [holding(name, ROW) for name in names]
    some = [holding("x", ROW, ROW + 1), holding("y", ROW, ROW + 1)]

    found = find_shared_results(class_of(*most, *some, own("z", 1)))

    assert [(len(one.submissions), one.from_handout) for one in found] == [(2, False), (8, True)]


def test_a_small_class_is_no_sign_of_a_handout() -> None:
    (found,) = find_shared_results(class_of(holding("ann", ROW), holding("ben", ROW)))

    assert not found.from_handout


def test_the_page_says_who_and_what_it_can_mean(class_page: ClassPage) -> None:
    page = class_page(class_of(holding("ann", ROW), holding("</ul><b>", ROW), own("cy", 1)))

    section = page.one("section", **{"aria-labelledby": "same-results"})
    assert "It does not say who had them first, and it is no proof" in section.words
    assert "0.1111, 0.2222, 0.3333, 0.4444, 0.5555, 0.6666, …" in section.words
    assert [link.words for link in section.all("a")] == ["</ul><b>", "ann"]
    assert "handed out" not in section.words
    assert page.all("b") == []


def test_the_page_says_where_the_handout_is_likelier(class_page: ClassPage) -> None:
    page = class_page(class_of(*[holding(f"s{n:02}", ROW) for n in range(20)]))

    section = page.one("section", **{"aria-labelledby": "same-results"})
    assert "most likely stood in the notebook that was handed out" in section.words
    assert "and 8 more" in section.words


def test_a_class_without_has_no_section(class_page: ClassPage) -> None:
    page = class_page(class_of(own("ann", 1), own("ben", 2)))

    assert page.all("section", **{"aria-labelledby": "same-results"}) == []


def test_a_class_of_a_thousand_is_searched_for_its_one_pair() -> None:
    rows = np.random.default_rng(0).random((1000, 4, 48))
    grades = [holding(f"s{n:04}", *rows[n]) for n in range(999)]

    assert groups(*grades, holding("copy", *rows[500])) == [("copy", "s0500")]
