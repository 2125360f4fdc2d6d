"""What a session may have shown and does not hold; which cells were run again later."""

import pytest

from grader.live.unseen import (
    lost_names,
    may_have_held,
    may_have_more,
    without_repeated,
    without_stale,
)


@pytest.mark.parametrize(
    "source",
    [
        "print(a @ b)",
        "def f():\n    g = 1\n    print(g)",
        "for x in y:\n    print(x)",
        "g = 1\ng = 2",
        "while c:\n    g = step(g)",
        "g = = 1",
        "_g = 1\n_g = 2",
        "g = 1\ndel g",
        "g = 1\n%reset -f",
        "def f():\n    global g\n    g = 1",
        "class Net:\n    def forward(self, x):\n        self.out = x",
        "g.fill(0)",
        "np.add(g, 1, out=g)",
        "w.grad.zero_()",
        "a.backward()\nb.backward()",
        "optimizer.step()",
    ],
)
def test_printed_and_overwritten_values_are_not_held(source: str) -> None:
    assert may_have_more({1: source})


@pytest.mark.parametrize(
    "source",
    [
        "g = a @ b\nprint(g)",
        "print('g:', g[0], g.T)",
        "print(f'{g}', np.round(g, 4))",
        "g = 1",
        "def f(a):\n    s = np.zeros(2)\n    s[0] = a\n    a[0] = 1",
        "for _ in x:\n    pass",
        "loss.backward()",
        "w.requires_grad_()",
    ],
)
def test_printed_variables_are_held(source: str) -> None:
    assert not may_have_more({1: source})


def test_a_name_bound_again_in_another_cell_is_overwritten() -> None:
    assert may_have_more({1: "g = 1", 2: "g = 2"})


def test_entries_that_another_cell_changes_are_overwritten() -> None:
    assert may_have_more({1: "g = np.ones(2)", 2: "g[0] = 2"})
    assert not may_have_more({1: "g = np.ones(2)\ng[0] = 2"})


@pytest.mark.parametrize(
    ("later", "held"),
    [("g = softmax(g)", True), ("del h", True), ("%xdel h", True), ("h = 2", False)],
)
def test_a_place_may_have_held_what_its_name_was_given_before(later: str, held: bool) -> None:
    assert may_have_held("`g[0]` (cell 2) for x1", {1: "g = 1", 2: later}) == held


def test_a_cell_that_was_run_again_as_it_was_says_nothing_new() -> None:
    assert without_repeated({1: "g = f(a)", 2: "h = 1", 3: "g = f(a)\n"}) == {
        1: "",
        2: "h = 1",
        3: "g = f(a)\n",
    }


def test_a_cell_that_was_run_again_is_emptied() -> None:
    assert without_stale({1: "g = f(a)", 2: "g = f(a)"}) == {1: "", 2: "g = f(a)"}


def test_a_cell_that_was_edited_and_run_again_is_emptied() -> None:
    old, new = "p = f(x)\ng = p @ w\nprint(g)", "p = f(x)\ng = p @ w.T\nprint(g)"

    assert without_stale({1: old, 4: new}) == {1: "", 4: new}


def test_another_cell_that_binds_the_same_name_empties_nothing() -> None:
    sources = {1: "a = np.array([0.132, 0.868])", 2: "b = a", 3: "a = 0"}

    assert without_stale(sources) == sources


def test_the_front_end_knows_which_cell_was_edited() -> None:
    sources = {1: "p = f(x)", 2: "p = g(x)", 3: "q = h(x)"}

    assert without_stale(sources, {1: "a", 2: "b", 3: "a"}) == {1: "", 2: "p = g(x)", 3: "q = h(x)"}


def test_cells_of_their_own_replace_nothing_however_alike() -> None:
    sources = {1: "g = f(x1) + 1", 2: "g = f(x2) + 1"}

    assert without_stale(sources, {1: "a", 2: "b"}) == sources
    assert without_stale(sources) == {1: "", 2: "g = f(x2) + 1"}


def test_what_only_an_edited_cell_made_is_lost() -> None:
    sources = {1: "p = f(x)\nq = 1", 2: "out = g(x)", 3: "q = 2"}

    assert lost_names(sources, {1: "a", 2: "a", 3: "b"}) == {"p"}


def test_text_that_was_read_hides_nothing() -> None:
    printing = {1: "for i in range(2):\n    print(i, w[i])"}

    assert may_have_more(printing)
    assert not may_have_more(printing, read={1})
