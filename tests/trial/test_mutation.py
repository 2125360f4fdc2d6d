"""Mutants: what every operator makes of a small piece of code."""

from pathlib import Path

import pytest

from grader.faults import RubricFault
from grader.trial.mutation import mutants_of, slips
from grader.trial.solution import Solution


def made(source: str, operator: str) -> list[str]:
    """The code of every slip of one operator; a slip another operator makes first is that one's."""
    return [slip.source for slip in slips(source) if slip.operator == operator]


@pytest.mark.parametrize(
    ("operator", "source", "expected"),
    [
        ("sign flipped", "a = b + c", ["a = b - c"]),
        ("sign flipped", "a = -b", ["a = b"]),
        ("sign flipped", "a -= b", ["a += b"]),
        ("term dropped", "a = b + c", ["a = b", "a = c"]),
        ("term dropped", "a = b - c", ["a = b", "a = -c"]),
        ("* and / swapped", "a = b * c", ["a = b / c"]),
        ("* and / swapped", "a /= b", ["a *= b"]),
        ("factor dropped", "a = b * c", ["a = b", "a = c"]),
        ("factor dropped", "a = b / c", ["a = b"]),
        ("factor dropped", "a = b @ c", ["a = b", "a = c"]),
        ("transposed", "a = b.T", ["a = b"]),
        ("transposed", "a = b @ c", ["a = c @ b"]),
        ("axis changed", "a = b.std(axis=1)", ["a = b.std(axis=0)"]),
        ("axis changed", "a = b.std(dim=0)", ["a = b.std(dim=1)"]),
        (
            "off by one",
            "for i in range(n): pass",
            [
                "for i in range(n - 1):\n    pass",
                "for i in range(n + 1):\n    pass",
                "for i in range(1, n):\n    pass",
            ],
        ),
        ("off by one", "a = b[2:]", ["a = b[3:]", "a = b[2:-1]"]),
        ("comparison turned", "a = b < c", ["a = b >= c"]),
        ("comparison turned", "a = b == c", ["a = b != c"]),
        ("constant changed", "a = 100", ["a = 101", "a = 99"]),
        ("constant changed", "a = 0.4", ["a = 0.8", "a = 0.6"]),
        ("constant changed", "a = f(b, True)", ["a = f(b, False)"]),
        ("data mistyped", "a = [[1, 2], [3, -4.0]]", ["a = [[1, 3], [3, -4.0]]"]),
        ("argument dropped", "a = b.sum(keepdims=True)", ["a = b.sum()"]),
        ("argument dropped", "a = f(b, c)", ["a = f(b)"]),
        ("call dropped", "a = b.copy()", ["a = b"]),
        ("call dropped", "a = f(b)", ["a = b"]),
        ("called twice", "a = f(b)", ["a = f(f(b))"]),
        ("function mistaken", "a = b.sum()", ["a = b.mean()"]),
        ("statement deleted", "a.zero_grad()", ["pass"]),
        ("statement deleted", "a = 1\na -= b", ["a = 1\npass"]),
        ("statement deleted", "a = b\na = c", ["a = b\npass"]),
        ("operands swapped", "a = np.dot(b, c)", ["a = np.dot(c, b)"]),
        ("operands swapped", "a = b.dot(c)", ["a = c.dot(b)"]),
        (
            "axis moved",
            "import numpy as np\na = np.sum(b, 0)",
            ["import numpy as np\na = np.sum(b, 1)"],
        ),
        ("axis moved", "a = b.mean(1)", ["a = b.mean(0)"]),
        ("comparison loosened", "a = b > c", ["a = b >= c"]),
        ("comparison loosened", "a = b <= c", ["a = b < c"]),
        ("zero nudged", "a = f(0, b)", ["a = f(0.01, b)"]),
        ("zero nudged", "a = b > 0", ["a = b > 0.01"]),
        (
            "function swapped",
            "def f(x): pass\ndef g(x): pass\na = Layer(f)",
            ["def f(x):\n    pass\n\ndef g(x):\n    pass\na = Layer(g)"],
        ),
        ("not stored", "def f(self, x):\n    self.x = x", ["def f(self, x):\n    pass"]),
        (
            "order changed",
            "def f(self, g):\n    self.w -= g\n    e = g @ self.w",
            ["def f(self, g):\n    e = g @ self.w\n    self.w -= g"],
        ),
        ("function mistaken", "a = np.tanh(b)", ["a = np.arctan(b)"]),
    ],
)
def test_an_operator_makes_its_slips(operator: str, source: str, expected: list[str]) -> None:
    found = made(source, operator)

    assert [source for source in expected if source not in found] == []


@pytest.mark.parametrize(
    ("operator", "source"),
    [
        ("statement deleted", "a = 1"),  # without it nothing else runs
        ("statement deleted", "print(a)"),
        ("argument dropped", "print(a, b)"),
        ("call dropped", "a.zero_grad()"),  # it is deleted
        ("constant changed", "a = [1.5, 2.5]"),  # it is mistyped
        ("constant changed", "a = b.std(axis=1)"),  # the axis is changed
        ("called twice", "for i in range(n): pass"),
        ("operands swapped", "print(a, b)"),
        ("zero nudged", "for i in range(0, n): pass"),
        ("zero nudged", "a = b[0]"),
        ("function swapped", "def f(x): pass\ndef g(x, y): pass\na = f(b)"),
        ("order changed", "def f(x):\n    a = x\n    b = x"),  # neither needs the other
    ],
)
def test_an_operator_leaves_alone_what_is_not_its(operator: str, source: str) -> None:
    assert made(source, operator) == []


def test_a_method_of_a_module_is_no_method_of_a_value() -> None:
    found = [slip.source for slip in slips("a = np.exp(b)", frozenset({"np"}))]

    assert "a = b" in found
    assert "a = np" not in found


def test_mutants_come_once_in_order_and_the_same_every_time() -> None:
    solution = Solution(Path("s.py"), ("import numpy as np\na = b + c", "d = a.T"), (1, 9))

    found = mutants_of(solution)

    assert found == mutants_of(solution)
    assert len({mutant.sources for mutant in found}) == len(found)
    assert [mutant.place for mutant in found] == ["line 2"] * 3 + ["line 9"]
    assert found[-1].sources == (solution.sources[0], "d = a")
    assert (found[-1].original, found[-1].mutated) == ("d = a.T", "d = a")


def test_a_mutant_tells_the_line_it_changes() -> None:
    [slip] = [s for s in slips("for i in range(n):\n    a -= i") if s.operator == "sign flipped"]

    assert (slip.line, slip.original, slip.mutated) == (2, "a -= i", "a += i")


def test_a_mutant_with_statements_swapped_tells_the_first_of_them() -> None:
    source = "def f(self, g):\n    n = 1\n    self.w -= g\n    e = g @ self.w"

    [slip] = [one for one in slips(source) if one.operator == "order changed"]

    assert (slip.line, slip.original, slip.mutated) == (3, "self.w -= g", "e = g @ self.w")


def test_a_solution_that_is_no_python_is_a_fault_of_the_rubric() -> None:
    with pytest.raises(RubricFault, match="line 5: is not valid Python"):
        mutants_of(Solution(Path("s.py"), ("a = (",), (5,)))
