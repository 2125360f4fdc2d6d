"""The short form of a notebook: what is kept of cells that take long."""

from grader.trial.short import shortened, slow_cells

CELL = """\
import numpy as np
epochs = 3
net = Net()
net.fit(x, epochs)
for i in range(3):
    print(i)
def f(x):
    return x
class Net:
    pass
"""


def test_cells_that_take_long_are_told_by_number() -> None:
    assert slow_cells([0.1, 2.0, 0.3, 0.6]) == {2, 4}


def test_imports_definitions_and_constants_of_a_slow_cell_are_kept() -> None:
    quick, slow = shortened((CELL, CELL), {2})

    assert quick == CELL
    kept = ["import numpy as np", "epochs = 3", "def f(x):", "    return x", "class Net:"]
    assert [line for line in slow.splitlines() if line] == [*kept, "    pass"]


def test_a_slow_cell_without_any_of_these_is_left_out() -> None:
    assert shortened(("net.fit(x)",), {1}) == ("pass",)
