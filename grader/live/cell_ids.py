"""Which cell of the notebook a source came from, as far as the front end says so."""

from collections.abc import Mapping
from typing import Any


class CellIds:
    """The ids of the cells that were run since this began to watch, by the numbers they got."""

    def __init__(self) -> None:
        self._known: dict[int, str] = {}
        self._shells: list[int] = []

    @property
    def known(self) -> Mapping[int, str]:
        """The ids, by the numbers in brackets."""
        return dict(self._known)

    def watch(self, shell: Any) -> None:
        """Note the id of every cell from now on; older shells tell none."""
        if id(shell) not in self._shells:
            self._shells.append(id(shell))
            shell.events.register("pre_run_cell", lambda info: self._note(shell, info))

    def _note(self, shell: Any, info: Any) -> None:
        cell, number = getattr(info, "cell_id", None), getattr(shell, "execution_count", None)
        if type(cell) is str and type(number) is int and getattr(info, "store_history", True):
            earlier = {
                n: one for n, one in self._known.items() if n < number
            }  # `%reset -s` counts anew
            self._known = earlier | {number: cell}


CELL_IDS = CellIds()
