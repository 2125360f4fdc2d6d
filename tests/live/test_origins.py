"""Which cell gave a name what it holds, and whether torch may have had a hand in it."""

import pytest

from grader.live.origins import Origins

TORCH = "import torch\nimport numpy as np\nt = torch.ones(3)"


def test_a_name_belongs_to_the_last_cell_that_binds_it() -> None:
    origins = Origins({1: "a = b = 1", 3: "a = 2", 5: "print(a)"}, torch=False)

    assert (origins.cell_of("a"), origins.cell_of("b")) == (3, 1)


@pytest.mark.parametrize(
    "source", ["a[0] = 2", "a.w = 2", "a += 1", "a.fit(3)", "for a in x: pass", "with f() as a: 1"]
)
def test_a_cell_that_changes_a_variable_gave_it_what_it_holds(source: str) -> None:
    assert Origins({1: "a = f()", 2: source}, torch=False).cell_of("a") == 2


def test_a_function_that_changes_a_global_gives_it_what_it_holds_where_it_is_called() -> None:
    origins = Origins({1: "def f():\n    a.append(1)", 2: "a = []", 4: "f()"}, torch=False)

    assert origins.cell_of("a") == 4


def test_a_name_nobody_binds_is_given_to_the_last_cell() -> None:
    assert Origins({1: "a = 1", 2: "exec(code)"}, torch=False).cell_of("b") == 2


@pytest.mark.parametrize(
    "source",
    [
        "a = t.numpy()",
        "a = np.asarray(t)",
        "a = [x.item() for x in t]",
        "a = []\na.append(t.item())",
        "a = np.zeros(3)\na[:] = t",
        "a = {}\na['k'] = float(t[0])",
        "for x in t:\n    a = x.item()",
        "if True:\n    a = 1\nelse:\n    a = float(t)",
        "b = t.numpy()\na = b + 1",
        "def f():\n    return t.numpy()\na = f()",
        "class N(torch.nn.Module):\n    pass\nn = N()\na = n(1)",
        "log = []\ndef f():\n    log.append(t.item())\nlog = []\nf()\na = log",
        "def f(into):\n    into.append(t.item())\na = []\nf(a)",
        "a = 0\nfor i in range(3):\n    a = b\n    b = float(t[i])",
        "with torch.no_grad():\n    a = t.tolist()",
        "try:\n    a = t.numpy()\nexcept ValueError:\n    pass",
        "def f():\n    global a\n    a = t.numpy()\nf()",
    ],
)
def test_what_is_made_of_torch_may_be_torchs(source: str) -> None:
    assert Origins({1: TORCH, 2: source}, torch=True).may_be_torchs("a")


@pytest.mark.parametrize(
    "source",
    [
        "a = np.ones(3)",
        "a = t\na = np.ones(3)",
        "def f(t):\n    return t + 1\na = f(np.ones(3))",
        "a = np.ones(3)\nprint(a, t)",
        "a = np.ones(3)\nb = torch.tensor(a)",
    ],
)
def test_what_is_made_without_torch_is_not(source: str) -> None:
    origins = Origins({1: TORCH, 2: source}, torch=True)

    assert not origins.may_be_torchs("a")


def test_where_a_cell_cannot_be_read_anything_may_be_torchs() -> None:
    assert Origins({1: "a = 1", 2: "b = = 2"}, torch=True).may_be_torchs("a")
    assert not Origins({1: "a = 1", 2: "b = = 2"}, torch=False).may_be_torchs("a")


def test_what_a_cell_ends_with_may_be_torchs() -> None:
    origins = Origins({1: TORCH, 2: "t.numpy()", 3: "np.ones(3)"}, torch=True)

    assert [origins.may_show_torchs(cell) for cell in (2, 3)] == [True, False]


@pytest.mark.parametrize(
    ("source", "whose"),
    [
        ("print(np.ones(3))", "others"),
        ("print(t)", "torch"),
        ("print(t)\nprint(np.ones(3))", "mixed"),
        ("a = 3", "others"),
    ],
)
def test_whose_numbers_a_cell_prints(source: str, whose: str) -> None:
    assert Origins({1: TORCH, 2: source}, torch=True).prints(2) == whose
