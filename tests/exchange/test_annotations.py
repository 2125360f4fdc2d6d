from dataclasses import replace

from grader.exchange.annotations import MOST, annotations
from tests.exchange.results import FIXED, NEWTON, OURS, ROBUST, SLOPE


def test_the_worst_come_first_and_the_total_last() -> None:
    first, second, total = annotations(FIXED, "work/fits.ipynb")

    assert first == (
        "::error file=work/fits.ipynb,title=Task 3%3A <robust> fit::"
        "Nothing that could be `fit` was found."
    )
    assert second.startswith("::warning file=work/fits.ipynb,title=Task 2%3A slope | by hand::")
    assert total.startswith("::notice file=work/fits.ipynb,title=Checks::1 of 3 public checks")
    assert "12.5 of 40 points" in total


def test_there_are_eight_at_most_and_one_total() -> None:
    failing = tuple(replace(ROBUST, points=float(one), question=f"q{one}") for one in range(12))

    lines = annotations(replace(FIXED, checks=failing), "fits.ipynb")

    assert len(lines) == MOST + 1
    assert "4 more are in the summary" in lines[-1]


def test_what_lost_most_points_is_worse() -> None:
    small = replace(ROBUST, title="small", max_points=1.0)

    first, *_ = annotations(replace(FIXED, checks=(small, SLOPE, ROBUST)), "fits.ipynb")

    assert "title=Task 3" in first


def test_what_passes_or_comes_later_is_not_annotated() -> None:
    lines = annotations(replace(FIXED, checks=(NEWTON, *FIXED.checks[3:])), "fits.ipynb")

    assert len(lines) == 1
    assert lines[0].startswith("::notice ")


def test_a_fault_is_one_error() -> None:
    [line] = annotations(OURS, "")

    assert line == "::error title=Nothing was checked::the grader itself failed"
