"""The ids of cells, as a shell tells them when it runs one."""

from types import SimpleNamespace
from typing import Any

from grader.live.cell_ids import CellIds


class Shell:
    """As much of a shell as is asked."""

    def __init__(self) -> None:
        self.execution_count = 1
        self.events = SimpleNamespace(register=self._register)
        self.hooks: list[Any] = []

    def _register(self, name: str, hook: Any) -> None:
        assert name == "pre_run_cell"
        self.hooks.append(hook)

    def run(self, cell: str | None, number: int) -> None:
        self.execution_count = number
        for hook in self.hooks:
            hook(SimpleNamespace(cell_id=cell, store_history=True))


def test_every_run_is_known_by_its_cell() -> None:
    ids, shell = CellIds(), Shell()
    ids.watch(shell)
    ids.watch(shell)

    for cell, number in (("a", 1), ("b", 2), ("a", 3)):
        shell.run(cell, number)

    assert len(shell.hooks) == 1
    assert ids.known == {1: "a", 2: "b", 3: "a"}


def test_a_shell_that_tells_no_ids_leaves_them_unknown() -> None:
    ids, shell = CellIds(), Shell()
    ids.watch(shell)

    shell.run(None, 1)

    assert ids.known == {}


def test_where_numbers_begin_anew_the_later_ones_are_forgotten() -> None:
    ids, shell = CellIds(), Shell()
    ids.watch(shell)
    for cell, number in (("a", 4), ("b", 5), ("a", 1)):
        shell.run(cell, number)

    assert ids.known == {1: "a"}
