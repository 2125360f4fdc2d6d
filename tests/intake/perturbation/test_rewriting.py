"""Constants changed in a source: whatever the form, the code then gives the changed ones."""

from typing import Any

import nbformat
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.intake.perturbation import Change, Changes, Perturbed, changes_between, perturb

A, B = np.array([1.0, 2, 3]), np.array([4.0, 5, 6])
M = np.arange(1, 13).reshape(3, 4) / 10
N = np.arange(2, 10).reshape(4, 2) / 10
GIVEN = {"a": A, "b": B, "m": M, "n": N, "rate": 0.4}
PERTURBED = {
    "a": np.array([2.0, 1, 3]),
    "b": np.array([3.0, 5, -4]),
    "m": np.array([[0.3, 0.5, 0.4, 0.6], [0.4, 0.6, -0.3, 0.5], [0.7, 0.3, 0.6, 1.4]]),
    "n": np.array([[0.3, 0.4], [0.6, 0.5], [0.2, 0.4], [0.7, 0.8]]),
}
CHANGES = changes_between(GIVEN, PERTURBED)
P = PERTURBED
AB = np.array([P["a"], P["b"]])
IMPORTS = "import numpy as np\nimport torch\nfrom numpy import arange\nimport numpy"


def changed(*sources: str, changes: Changes = CHANGES) -> Perturbed:
    cells = [nbformat.v4.new_code_cell(source) for source in (IMPORTS, *sources)]
    return perturb(nbformat.v4.new_notebook(cells=cells), changes)


def ran(source: str) -> Any:
    """Run a source before and after it is changed; give the value of v before and after."""
    values = []
    for text in (source, changed(source).notebook.cells[1].source):
        names: dict[str, Any] = {}
        exec(IMPORTS + "\n" + text, names)
        values.append(names["v"])
    return values


@pytest.mark.parametrize(
    ("source", "names", "expected"),
    [
        ("v = [1, 2, 3]", "a", P["a"]),
        ("v = (1.0, 2., 3)", "a", P["a"]),
        ("v = np.array([[1, 2, 3]])", "a", P["a"][None]),
        ("v = np.array([[1], [2], [3]])", "a", P["a"][:, None]),
        ("v = np.array([[1, 2, 3], [4, 5, 6]], dtype=float)", "ab", AB),
        ("v = np.array([[4, 5, 6], [1, 2, 3]])", "ab", np.array([P["b"], P["a"]])),
        ("v = np.array([[1, 4],\n [2, 5],  # comment é\n [3, 6]])", "ab", AB.T),
        ("v = np.arange(1, 7).reshape(2, 3)", "ab", AB),
        ("v = np.reshape([1, 2, 3, 4, 5, 6], (2, 3))", "ab", AB),
        ("v = np.arange(1., 4)", "a", P["a"]),
        ("v = np.array(range(1, 4))", "a", P["a"]),
        ("v = list(range(4, 7))", "b", P["b"]),
        ("v = [i for i in range(1, 4)]", "a", P["a"]),
        ("v = np.array([1., 2., 3.]).reshape(-1, 1)", "a", P["a"][:, None]),
        ("v = np.array([\n  [.1, .2, .3, .4], [.5, .6, .7, .8], [.9, 1, 1.1, 1.2]])", "m", P["m"]),
        ("v = np.array([[1,2,3,4],[5,6,7,8],[9,10,11,12]]) / 10", "m", P["m"]),
        ("v = 0.1 * np.array([[1,2,3,4],[5,6,7,8],[9,10,11,12]], dtype=np.float32)", "m", P["m"]),
        ("v = np.arange(0.1, 1.3, 0.1).reshape(3, 4)", "m", P["m"]),
        ("v = arange(0.1, 1.25, step=0.1).reshape((3, 4))", "m", P["m"]),
        ("v = np.arange(1, 13).reshape(3, 4) / 10", "m", P["m"]),
        ("v = np.arange(12).reshape(3, 4) * 0.1 + 0.1", "m", P["m"]),
        ("v = (np.arange(12) + 1).reshape(3, -1).astype(np.float32) / 10", "m", P["m"]),
        ("v = np.linspace(0.1, 1.2, 12).reshape(3, 4)", "m", P["m"]),
        ("v = np.linspace(.1, 1.2, num=12).round(1).reshape(3, 4).T", "m", P["m"].T),
        ("v = np.array([[.1, .5, .9], [.2, .6, 1.], [.3, .7, 1.1], [.4, .8, 1.2]])", "m", P["m"].T),
        ("v = np.array([.1,.2,.3,.4,.5,.6,.7,.8,.9,1.,1.1,1.2]).reshape(3, 4)", "m", P["m"]),
        ("r = [.1,.2,.3,.4,.5,.6,.7,.8,.9,1.,1.1,1.2]\nv = np.array(r).reshape(3, 4)", "m", P["m"]),
        ("v = np.array([[j / 10 for j in range(1 + 4*i, 5+4*i)] for i in range(3)])", "m", P["m"]),
        ("v = np.array([[1/5, 3/10], [2/5, 1/2], [3/5, 7/10], [4/5, 9/10]])", "n", P["n"]),
        ("p = [.2, .3]; q = [.4, .5]\nr, s = [.6, .7], [.8, .9]\nv = [p, q, r, s]", "n", P["n"]),
        ("p = [.2, .4, .6, .8]\nq = [.3, .5, .7, .9]\nv = np.stack([p, q], 1)", "n", P["n"]),
        ("v = torch.tensor([[1., 2, 3], [4, 5, 6]], requires_grad=True)", "ab", AB),
        ("v = torch.Tensor([[1, 2, 3]]).squeeze()", "a", P["a"]),
        ("v = torch.FloatTensor([.2,.3,.4,.5,.6,.7,.8,.9]).view(4, 2)", "n", P["n"]),
        ("v = torch.arange(0.1, 1.25, 0.1).reshape(3, 4)", "m", P["m"]),
        ("v = torch.arange(1, 13, dtype=torch.float64).view(3, 4) / 10", "m", P["m"]),
        ("v = torch.nn.Parameter(torch.linspace(0.2, 0.9, steps=8).view(4, 2).t())", "n", P["n"].T),
        ("v = torch.from_numpy(np.arange(1., 4.))", "a", P["a"]),
        ("v = torch.arange(.1, 1.25, .1).view(3, 4).transpose(0, 1)", "m", P["m"].T),
        ("f = lambda w=[[.2, .3], [.4, .5], [.6, .7], [.8, .9]]: w\nv = f()", "n", P["n"]),
    ],
)  # fmt: skip
def test_a_constant_is_changed_in_every_form(source: str, names: str, expected: np.ndarray) -> None:
    before, after = ran(source)

    assert changed(source).found == tuple(names)
    assert type(after) is type(before)
    if hasattr(before, "dtype"):
        whole = np.issubdtype(np.asarray(before.tolist()).dtype, np.integer)
        assert after.dtype == before.dtype or whole
    shown = [one.detach().numpy() if hasattr(one, "detach") else one for one in (before, after)]
    assert np.shape(shown[0]) == np.shape(shown[1])
    np.testing.assert_allclose(shown[1], expected, rtol=1e-6)


@pytest.mark.parametrize(
    "source",
    [
        "for i in range(1, 4):\n    print(i)",
        "v = np.zeros((1, 2, 3))",
        "v = np.ones(6).reshape([1, 2, 3])",
        "v = plt.figure(figsize=(1, 2, 3))",
        "v = x[[1, 2, 3]]",
        "v = [1, 2, 4]",
        "v = [.2, .3]",
        "v = f'{[1, 2, 3]}'",
        "v = 0.4",
        "v = [True, 2, 3]",
        "v = '1 2 3'",
        "v = [1, 2, 3",
        "# [1, 2, 3]",
        "%%html\n[1, 2, 3]",
        "v = np.arange(1e18)",
        "v = [10**400, 9**9**9]",
        "v = " + "(" * 5000 + "1" + ")" * 5000,
        "v = " + "-" * 100_000 + "1",
        "v = " + "+".join(["1"] * 3000),
        "v = " + "[" * 6 + "i" + " for i in range(999)]" * 6,
        "v = np.zeros(4)" + ".T" * 3000,
    ],
)
def test_what_is_no_constant_stays(source: str) -> None:
    perturbed = changed(source)

    assert (perturbed.found, perturbed.missing) == ((), ("a", "b", "m", "n"))
    assert perturbed.notebook.cells[1].source == source


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("%matplotlib inline\nv = [1, 2, 3]", "%matplotlib inline\nv = [2, 1, 3]"),
        ("%%time\nv = [1, 2, 3]", "%%time\nv = [2, 1, 3]"),
        ("if 1:\n    !ls é\n    v = [1, 2, 3]", "if 1:\n    !ls é\n    v = [2, 1, 3]"),
        ("files = !ls\nv = [1, 2, 3]\nv?", "files = !ls\nv = [2, 1, 3]\nv?"),
        ("v = 'é', [1, 2, 3]", "v = 'é', [2, 1, 3]"),
    ],
)
def test_magics_stay_and_the_rest_is_changed(source: str, wanted: str) -> None:
    assert changed(source).notebook.cells[1].source == wanted


def test_markdown_and_the_notebook_itself_stay() -> None:
    book = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("[1, 2, 3]"),
            nbformat.v4.new_code_cell("v = [1, 2, 3]"),
        ]
    )

    perturbed = perturb(book, CHANGES)

    assert [cell.source for cell in book.cells] == ["[1, 2, 3]", "v = [1, 2, 3]"]
    assert [cell.source for cell in perturbed.notebook.cells] == ["[1, 2, 3]", "v = [2, 1, 3]"]


def test_what_is_found_and_what_is_not_is_told() -> None:
    perturbed = changed("v = [1, 2, 3]", "w = np.linspace(0.1, 1.2, 12)")

    assert (perturbed.found, perturbed.missing) == (("a", "m"), ("b", "n"))


def test_a_constant_is_changed_wherever_it_stands() -> None:
    perturbed = changed("v = [1, 2, 3]", "w = torch.tensor([[1., 2., 3.]])")

    sources = [cell.source for cell in perturbed.notebook.cells[1:]]
    assert sources == ["v = [2, 1, 3]", "w = torch.tensor([[2.0, 1.0, 3.0]])"]


def test_constants_that_are_equal_and_become_different_are_left_alone() -> None:
    both = {"a": A, "c": A.copy()}

    assert list(changes_between(both, {"a": A + 1})) == []
    assert list(changes_between(both, {"a": A + 1, "c": A + 2})) == []
    assert list(changes_between(both, {"a": A + 1, "c": A + 1})) == ["a", "c"]


def test_the_rows_of_a_matrix_count_where_all_of_them_are_there() -> None:
    some = changed("p, q, r = [.1, .2, .3, .4], [.5, .6, .7, .8], [.9, 1.0, 1.1, 1.3]")
    every = changed("p, q = [.1, .2, .3, .4], [.5, .6, .7, .8]", "r = [.9, 1.0, 1.1, 1.2]")

    assert (some.found, every.found) == ((), ("m",))


NUMBERS = st.integers(-99, 99).map(lambda n: n / 10)


@st.composite
def written(draw: st.DrawFn) -> tuple[Changes, str, np.ndarray]:
    """A matrix with what it becomes, a form to write it in, and what this becomes."""
    rows, columns = draw(st.integers(1, 4)), draw(st.integers(2, 4))
    entries = st.lists(NUMBERS, min_size=rows * columns, max_size=rows * columns)
    # Two numbers that occur nowhere else tell the matrix and its forms from each other.
    old = np.array(draw(entries)) + 100 * np.arange(rows * columns)
    new = np.array(draw(entries)) + 20_000
    shape = (rows, columns)
    form, turned = draw(st.sampled_from(FORMS))
    text = form.format(
        old.reshape(shape).tolist(), old.tolist(), old.reshape(shape).T.tolist(), shape
    )
    change = Change(old.reshape(shape), new.reshape(shape))
    return {"c": change}, f"v = {text}", change.new.T if turned else change.new


FORMS = (
    ("{0}", False),
    ("np.array({0})", False),
    ("np.array({2})", True),
    ("np.array({2}).T", False),
    ("np.asarray({1}).reshape{3}", False),
    ("np.array({1}).reshape({3}).T", True),
    ("np.transpose({0})", True),
    ("np.array({0}) * 1", False),
    ("np.array({0}, dtype=np.float64) / 1.0", False),
    ("numpy.reshape(tuple({1}), {3})", False),
    ("torch.tensor({0}, dtype=torch.float64).numpy()", False),
    ("(torch.tensor({1}, dtype=torch.float64) * 1).view({3}).t().numpy()", True),
)


@settings(max_examples=150, deadline=None)
@given(written())
def test_whatever_the_numbers_the_code_gives_the_changed_ones(
    case: tuple[Changes, str, np.ndarray],
) -> None:
    changes, source, expected = case

    perturbed = changed(source, changes=changes)
    names: dict[str, Any] = {}
    exec(IMPORTS + "\n" + perturbed.notebook.cells[1].source, names)

    assert perturbed.found == ("c",)
    np.testing.assert_allclose(np.squeeze(names["v"]), np.squeeze(expected), rtol=1e-12)
