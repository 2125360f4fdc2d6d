"""What a session may have shown and does not hold; which cells were run again later."""

import pytest

from grader.live.unseen import may_have_more, without_stale


@pytest.mark.parametrize(
    "source",
    [
        "print(a @ b)",
        "def f():\n    g = 1\n    print(g)",
        "for x in y:\n    print(x)",
        "g = 1\ng = 2",
        "while c:\n    g = step(g)",
        "g = = 1",
    ],
)
def test_printed_and_overwritten_values_are_not_held(source: str) -> None:
    assert may_have_more({1: source})


@pytest.mark.parametrize(
    "source",
    ["g = a @ b\nprint(g)", "print('g:', g[0], g.T)", "print(f'{g}', np.round(g, 4))", "g = 1"],
)
def test_printed_variables_are_held(source: str) -> None:
    assert not may_have_more({1: source})


def test_a_name_bound_again_in_another_cell_is_overwritten() -> None:
    assert may_have_more({1: "g = 1", 2: "g = 2"})


def test_a_cell_that_was_run_again_is_emptied() -> None:
    assert without_stale({1: "g = f(a)", 2: "g = f(a)"}) == {1: "", 2: "g = f(a)"}


def test_a_cell_that_was_edited_and_run_again_is_emptied() -> None:
    old, new = "p = f(x)\ng = p @ w\nprint(g)", "p = f(x)\ng = p @ w.T\nprint(g)"

    assert without_stale({1: old, 4: new}) == {1: "", 4: new}


def test_another_cell_that_binds_the_same_name_empties_nothing() -> None:
    sources = {1: "a = np.array([0.132, 0.868])", 2: "b = a", 3: "a = 0"}

    assert without_stale(sources) == sources
