"""How well ways of training are told apart, on walks whose answer is known."""

from pathlib import Path

import numpy as np
import pytest

from grader.rubric.reference import open_rubric
from grader.scoring.random.confusion import Confusion, confusion_lines, confusions
from tests.scoring.walk import WRONG_ORDER, write_rubric


@pytest.fixture(scope="module")
def steps() -> list[tuple[str, int, int]]:
    return []


@pytest.fixture(scope="module")
def apart(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, int]]
) -> list[Confusion]:
    folder = tmp_path_factory.mktemp("apart")
    return confusions(
        *open_rubric(write_rubric(folder)),
        trainings=50,
        folder=folder / "kept",
        progress=lambda *step: steps.append(step),
    )


def test_every_kind_is_told_with_all_digits_and_with_four(apart: list[Confusion]) -> None:
    kinds = ("right", "doubled", "swapped", "same-draws", "still")

    assert [confusion.decimals for confusion in apart] == [None, 4]
    for confusion in apart:
        assert confusion.done == kinds
        assert confusion.said == (*kinds, "undecided", "none")
        told = np.diag(confusion.counts) / confusion.counts.sum(axis=1)
        assert (told > 0.85).all()
        assert confusion.misjudged == 0


def test_all_trainings_are_counted(apart: list[Confusion]) -> None:
    # Two paces each, 50 trainings; of the few results that same draws have, all; of one, one.
    assert apart[0].counts.sum(axis=1).tolist() == [100, 100, 100, 16, 1]


def test_what_cannot_be_told_apart_is_undecided_and_the_worst_pair(tmp_path: Path) -> None:
    opened = open_rubric(write_rubric(tmp_path, WRONG_ORDER.format(how="rolled")))

    exact, _ = confusions(*opened, trainings=50, folder=tmp_path / "kept")

    row = exact.counts[exact.done.index("right")]
    assert row[exact.said.index("undecided")] >= 98
    assert exact.worst is not None
    assert set(exact.worst[:2]) == {"right", "wrong-order"}
    assert exact.worst[2] > 0.95
    assert "could also be" in confusion_lines([exact])[-1]


def test_a_mistake_that_leads_to_the_same_is_left_out(tmp_path: Path) -> None:
    opened = open_rubric(write_rubric(tmp_path, WRONG_ORDER.format(how="backward")))

    exact, _ = confusions(*opened, trainings=20, folder=tmp_path / "kept")

    assert "wrong-order" not in exact.done


def test_progress_is_told(apart: list[Confusion], steps: list[tuple[str, int, int]]) -> None:
    assert steps[0] == ("walk", 0, steps[0][2])
    assert steps[-1] == ("walk", steps[0][2], steps[0][2])


def test_rubrics_without_random_training_have_none(tmp_path: Path) -> None:
    linear = Path(__file__).parents[2] / "assignments" / "linear" / "linear.toml"

    assert confusions(*open_rubric(linear), folder=tmp_path) == []


def test_the_table_is_plain_text() -> None:
    counts = np.array([[9, 0, 1, 0], [0, 10, 0, 0]])
    fitting = np.array([[0.0, 0.1], [0.0, 0.0]])
    kinds = ("right", "slip")

    told = Confusion("walk", 4, False, kinds, (*kinds, "undecided", "none"), counts, fitting, 2)

    assert confusion_lines([told]) == [
        'question "walk", read in any way, results known to 4 decimals',
        "  right      10 trainings: right 90.0%, undecided 10.0%",
        "  slip       10 trainings: slip 100.0%",
        "  decided to be worth what it is not: 2 of 20 trainings",
        "  worst pair: 10.0% of right could also be slip",
    ]


def test_no_pair_is_worst_where_nothing_fits_what_it_is_not() -> None:
    counts = np.array([[10, 0, 0], [0, 0, 10]])[:1]

    told = Confusion(
        "walk", None, True, ("right",), ("right", "undecided", "none"), counts, np.zeros((1, 1)), 0
    )

    assert told.worst is None
    assert confusion_lines([told])[-1] == "  no training fits what it is not"
