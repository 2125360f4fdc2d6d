"""What a budget limits, and what keeping to it changed in a notebook."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

Scalar = int | float | bool


class Limits(Protocol):
    """Limits by name: of numbers, of the entries of arrays, and of the rounds of loops."""

    @property
    def set(self) -> Mapping[str, Scalar]:
        """The values that names are set to."""

    @property
    def first(self) -> Mapping[str, int]:
        """How many of the first entries of arrays are kept."""

    @property
    def loops(self) -> Mapping[str, int]:
        """How many rounds of loops are run, by the name of the loop's variable."""


@dataclass(frozen=True)
class Change:
    """One change to a notebook. `cell` counts the code cells from 1, `line` is its own line."""

    cell: int
    line: int
    text: str

    @property
    def sentence(self) -> str:
        """The change and its place."""
        return f"cell {self.cell}, line {self.line}: {self.text}"


@dataclass(frozen=True)
class Budgeted:
    """A copy of a notebook that keeps to a budget, and what was changed in it."""

    notebook: Any
    changes: tuple[Change, ...]
