from typing import Any

import pytest
from nbformat import v4

from grader.execution.asking.definitions import bindings_of
from grader.execution.asking.places import Place, places_of
from grader.rubric.parts import Part


def notebook(*cells: str) -> Any:
    return v4.new_notebook(cells=[v4.new_code_cell(cell) for cell in cells])


def places(part: Part, *cells: str) -> list[Place]:
    return places_of(part, bindings_of(notebook(*cells)))


def function(name: str, **keys: Any) -> Part:
    return Part(probe="function", name=name, points=1, **keys)


def layer(name: str) -> Part:
    return Part(probe="layer", name=name, points=1, forward="go", backward="back")


@pytest.mark.parametrize(
    "source",
    [
        "def cube(x): return x**3",
        "async def cube(x): return x**3",
        "cube = lambda x: x**3",
        "cube = np.vectorize(lambda x: x**3)",
        "%matplotlib inline\ndef cube(x): return x**3",
        "%%time\ndef cube(x): return x**3",
        "if True:\n    def cube(x): return x**3",
        "try:\n    pass\nfinally:\n    def cube(x): return x**3",
    ],
)
def test_a_function_is_found_as_the_notebook_leaves_it(source: str) -> None:
    assert places(function("cube"), "1", source) == [Place("cube")]


@pytest.mark.parametrize(
    "later",
    [
        "cube = cube(z)",
        "cube: float = 3.0",
        "cube, square = 1, 2",
        "[cube, *rest] = 1, 2",
        "for cube in range(3): pass",
        "(cube := 3)",
        "from torch import cube",
        "import cube",
        "import numpy as cube",
        "if True:\n    cube = 3",
    ],
)
def test_a_name_that_is_lost_later_is_asked_for_after_the_cell_that_defined_it(later: str) -> None:
    found = places(function("cube"), "1", "def cube(x): return x**3", later)

    assert found == [Place("cube", after=2)]


@pytest.mark.parametrize(
    "later",
    [
        "y = cube(z)",
        "cube.calls = 3",
        "def other():\n    cube = 3",
        "other = lambda cube: cube",
        "[cube for cube in range(3)]",
        "class Other:\n    cube = 3",
        "square[cube] = 3",
    ],
)
def test_a_name_that_is_only_used_later_is_not_lost(later: str) -> None:
    assert places(function("cube"), "def cube(x): return x**3", later) == [Place("cube")]


def test_a_name_lost_in_the_cell_that_defines_it_is_defined_anew() -> None:
    [found] = places(function("cube"), "def cube(x): return x**3\ncube = cube(2)")

    assert found.after is None
    assert found.source == "def cube(x):\n    return x ** 3"


def test_two_definitions_are_both_asked_the_last_one_first() -> None:
    cells = ("def cube(x): return x**3", "def cube(x): return torch.pow(x, 3)")

    assert places(function("cube"), *cells) == [Place("cube"), Place("cube", after=1)]


def test_what_is_nowhere_is_asked_for_by_its_own_name() -> None:
    assert places(function("cube"), "def kube(x): return x**3") == [Place("cube")]


@pytest.mark.parametrize("written", ["Cube", "CUBE", "_cube", "cu_be", "third_power"])
def test_a_function_of_another_spelling_or_alias_is_found(written: str) -> None:
    part = function("cube", aliases=["third_power"])

    assert places(part, f"def {written}(x): return x**3") == [Place(written)]


LAYER = """class {name}{base}:
    def __init__(self, n, m):
        self.w = np.random.rand(n, m)
    def go(self, x): return x @ self.w
    def back(self, g, rate): return g @ self.w.T"""
ACTIVATION = """class ActivationLayer:
    def __init__(self, f, df): self.f, self.df = f, df
    def go(self, x): return self.f(x)
    def back(self, g, rate): return g * self.df(self.x)"""


@pytest.mark.parametrize("written", ["Affine", "affine", "Dense", "MyLinear"])
def test_a_layer_of_another_name_is_found_by_what_it_can_do(written: str) -> None:
    found = places(layer("Affine"), ACTIVATION, LAYER.format(name=written, base="(Layer)"))

    assert found == [Place(written)]


def test_of_two_layers_that_could_be_meant_none_is_taken() -> None:
    cells = (LAYER.format(name="One", base=""), LAYER.format(name="Two", base=""))

    assert places(layer("Affine"), *cells) == [Place("Affine")]


def test_a_module_of_another_name_is_found_by_its_base() -> None:
    part = Part(probe="module", name="Net", points=1)

    found = places(part, "class Digits(nn.Module):\n    pass", "class Other:\n    pass")

    assert found == [Place("Digits")]


@pytest.mark.parametrize("source", ["def cube(x: return", "%%bash\ndef cube", "", "\x00"])
def test_a_cell_that_is_no_python_defines_nothing(source: str) -> None:
    assert bindings_of(notebook(source)) == []


def test_where_a_function_it_may_call_is_lost_the_state_before_that_is_asked_too() -> None:
    cells = ("def one(): return 1", "def cube(x): return x**3 * one()", "1", "one = one()")

    assert places(function("cube"), *cells) == [Place("cube"), Place("cube", after=3)]


def test_what_was_lost_before_it_was_defined_is_of_no_matter() -> None:
    cells = ("def one(): return 1\none = one()", "def cube(x): return x**3")

    assert places(function("cube"), *cells) == [Place("cube")]


def test_a_trained_network_is_asked_for_before_its_name_gets_another_one() -> None:
    part = Part(probe="training", name="net", points=1)
    cells = ("net = Net()", "net.fit()", "best = net.fit()", "net = Net(3)", "net.fit()")

    assert places(part, *cells) == [Place("net"), Place("net", after=3)]


@pytest.mark.parametrize(
    ("used", "later"),
    [("np.power(x, 3)", "np = 3"), ("power(x, 3)", "power = power(2, 3)"), ("sum([x])", "sum = 0")],
)
def test_where_a_module_or_what_python_has_is_lost_the_state_before_that_is_asked_too(
    used: str, later: str
) -> None:
    head = "import numpy as np\nfrom numpy import power"

    found = places(function("cube"), head, f"def cube(x): return {used}", later)

    assert found == [Place("cube"), Place("cube", after=2)]


@pytest.mark.parametrize("later", ["import numpy as np", "max = 3", "from numpy import sum"])
def test_names_that_are_imported_again_or_not_used_are_not_lost(later: str) -> None:
    cells = ("import numpy as np", "def cube(x): return np.power(sum([x]), 3)", later)

    assert places(function("cube"), *cells) == [Place("cube")]


def test_a_layer_of_another_name_may_begin_with_zeros() -> None:
    source = LAYER.format(name="Dense", base="").replace("random.rand", "zeros")

    assert places(layer("Affine"), ACTIVATION, source) == [Place("Dense")]
