"""Stored outputs beside those of the run: what is said, and what is kept for the class."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from grader.execution.outcome import CellRun, CellStatus
from grader.recording.model import Draws, Recording
from grader.scoring.reproduction import Reproduction, other_order, reproduction_of
from tests.recordings import notebook, recording

RANDOM = {2: "0.1111 0.2222 0.3333 0.4444 0.5555 0.6666"}
OTHER = {2: "0.9111 0.8222 0.7333 0.6444 0.3555 0.2666"}


def draws(cell: int, count: int = 100) -> Draws:
    return Draws(np.zeros(count), cell, "numpy", "rand")


def found(handed: Recording) -> Reproduction:
    reproduction = reproduction_of(handed)
    assert reproduction is not None
    return reproduction


def counted(handed: Recording, *counts: int | None) -> Recording:
    for cell, count in zip(handed.handed_in.cells, counts, strict=True):
        cell.execution_count = count
    return handed


def differing(sources: Sequence[str] = ("a", "b", "c"), **more: Any) -> Recording:
    return recording(sources=sources, stored={2: "0.38"}, printed={2: "0.41"}, **more)


def random(source: str = "x = rand(6)", **more: Any) -> Recording:
    fields = {"stored": RANDOM, "printed": OTHER, "draws": [draws(1)], **more}
    return recording(sources=("import numpy", source), **fields)


def test_a_file_without_outputs_says_so() -> None:
    assert found(recording(printed={1: "0.5"})).state == "nothing_stored"
    assert "hold no numbers" in found(recording(stored={1: "hi"}, printed={1: "hi"})).sentence


def test_equal_numbers_agree() -> None:
    agreeing = recording(stored={1: "loss 0.412"}, printed={1: "loss 0.4123"})

    assert found(agreeing).state == "agrees"


def test_a_seeded_training_that_comes_out_again_agrees() -> None:
    assert found(random(printed=RANDOM)).state == "agrees"


def test_a_run_that_never_was_has_nothing_to_compare() -> None:
    assert reproduction_of(Recording("s", "s.ipynb", "k", fault="cut off")) is None


def test_a_cell_that_differs_is_named_with_both_numbers() -> None:
    reproduction = found(differing())

    assert reproduction.state == "does_not_reproduce"
    assert "cell 2 printed 0.41 here, 0.38 in the file." in reproduction.sentence


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("raised", "cell 2 stopped here with NameError: no w"),
        ("timed_out", "cell 2 did not finish here"),
        ("not_run", "cell 2 was not run here"),
    ],
)
def test_a_cell_that_stops_here_is_named(status: CellStatus, said: str) -> None:
    cells = [CellRun(1, "a", "ok"), CellRun(2, "b", status, error="NameError: no\nw")]
    stopped = recording(sources=("a", "b"), stored={2: "0.5"}, cells=cells, draws=[draws(1)])

    reproduction = found(stopped)

    assert reproduction.state == "does_not_reproduce"
    assert said in reproduction.sentence


def test_a_sentence_names_three_cells_and_counts_the_rest() -> None:
    stored: Mapping[int, str] = dict.fromkeys(range(1, 7), "0.38")
    handed = recording(sources="abcdef", stored=stored, printed=dict.fromkeys(stored, "0.41"))

    sentence = found(handed).sentence

    assert "cell 3 printed" in sentence
    assert "cell 4" not in sentence
    assert "3 more cells differ" in sentence


@pytest.mark.parametrize("cell", [1, 2])
def test_numbers_in_or_after_a_random_cell_differ_by_randomness(cell: int) -> None:
    reproduction = found(random(draws=[draws(cell)]))

    assert reproduction.state == "differs_by_randomness"
    assert f"but for cell 2; random numbers are drawn from cell {cell} on" in reproduction.sentence


def test_a_difference_before_the_first_draw_is_none_of_chance() -> None:
    early = differing(draws=[draws(3)])

    assert found(early).state == "does_not_reproduce"


def test_entropy_of_the_system_is_chance_too() -> None:
    assert found(differing(("import os; os.urandom(8)", "b", "c"))).state == (
        "differs_by_randomness"
    )


def test_counts_out_of_order_call_for_another_run() -> None:
    assert other_order(counted(differing(), 1, 3, 2)) == (1, 3, 2)
    assert other_order(counted(differing(), None, 3, 2)) == (3, 2, 1)


@pytest.mark.parametrize("counts", [(1, 2, 3), (4, 8, 9), (2, 2, 1), (None, None, None)])
def test_counts_in_order_or_repeated_tell_no_other_order(counts: tuple[int | None, ...]) -> None:
    assert other_order(counted(differing(), *counts)) == ()


def test_what_agrees_or_differs_by_randomness_is_not_run_again() -> None:
    agreeing = recording(sources="ab", stored={2: "0.5"}, printed={2: "0.5"})

    assert other_order(counted(agreeing, 2, 1)) == ()
    assert other_order(counted(random(), 2, 1)) == ()


def test_the_order_that_explains_the_outputs_is_named() -> None:
    again = notebook("abc", {2: "0.38"})

    reproduction = found(replace(counted(differing(), 1, 3, 2), reordered=again))

    assert reproduction.state == "does_not_reproduce"
    assert reproduction.sentence.endswith(
        "Run in the order of its execution counts (cells 1, 3, 2) it does."
    )


def test_an_order_that_explains_all_but_chance_is_named() -> None:
    again = notebook("abc", {2: "0.97"})
    handed = replace(counted(differing(draws=[draws(3)]), 1, 3, 2), reordered=again)

    assert found(handed).sentence.endswith("it does, but for random numbers.")


def test_an_order_that_explains_nothing_is_not_held_to() -> None:
    again = notebook("abc", {2: "0.97"})

    sentence = found(replace(counted(differing(), 1, 30, 2), reordered=again)).sentence

    assert "(cells 1, 3, 2) it does not either." in sentence
    assert "(highest count 30 for 3 cells)" in sentence


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((4, 8, 57), "highest count 57 for 3 cells"),
        ((1, 1, 2), "counts repeat"),
        ((1, 2, None), "1 cell had not been run"),
    ],
)
def test_what_the_counts_show_is_said(counts: tuple[int | None, ...], said: str) -> None:
    assert said in found(counted(differing(), *counts)).sentence


def test_counts_that_show_nothing_are_not_mentioned() -> None:
    assert "count" not in found(counted(differing(), 1, 2, 3)).sentence
    assert "count" not in found(differing()).sentence


def test_unseeded_results_are_kept_for_the_class() -> None:
    stored = {2: "1.0001 2 0.1111 0.22 0.3333 0.4444"}
    printed = {2: "1.0001 2 0.9111 0.82 0.3334 0.1444"}

    (result,) = found(random(stored=stored, printed=printed)).random_results

    assert result.numbers.tolist() == [0.1111, 0.3333, 0.4444]  # from the first that moved
    assert result.moved.tolist() == [True, False, True]


@pytest.mark.parametrize(
    "source",
    [
        "np.random.seed(0)",
        "torch.manual_seed(1)",
        "rng = np.random.default_rng(3)",
        "train(seed=4)",
        "RandomState(5)",
        "split(x, random_state=1)",
        "key = jax.random.PRNGKey(0)",
    ],
)
def test_results_of_a_seed_are_nobodys_own(source: str) -> None:
    assert found(random(source)).random_results == ()


@pytest.mark.parametrize("source", ["np.random.seed()", "# no seed", "random.seed(None)"])
def test_a_seed_that_fixes_nothing_is_none(source: str) -> None:
    assert found(random(source)).random_results != ()


@pytest.mark.parametrize(
    ("stored", "printed"),
    [
        ("0.11 0.22 0.33 0.44 0.55 0.66", "0.91 0.82 0.73 0.64 0.35 0.26"),  # too few digits
        ("nan 0.1111j", "0.1234 0.9999j"),
        (
            "1.11111 1.22222 1.33333 1.44444 1.55555 1.66666",
            "1.11211 1.22322 1.33433 1.44544 1.55655 1.66766",
        ),  # moved by too little
    ],
)
def test_numbers_that_tell_little_are_not_kept(stored: str, printed: str) -> None:
    reproduction = found(random(stored={2: stored}, printed={2: printed}))

    assert reproduction.state == "differs_by_randomness"
    assert reproduction.random_results == ()


@pytest.mark.parametrize("tape", [[draws(1, 5)], [draws(1, 5), draws(3, 100)]])
def test_few_draws_up_to_a_cell_may_well_come_out_alike(tape: list[Draws]) -> None:
    assert found(random(draws=tape)).random_results == ()
