"""The hand a notebook is written in: chosen at random, and kept to the end."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from tests.bench.composed.names import Names, choose_names

T = TypeVar("T")
_TOKEN = re.compile(r"\bv_([A-Za-z0-9_]+?)\b(?!_)")


@dataclass
class Pen:
    """What one student writes with.

    Args:
        random: all chance comes from here.
        checked: whether the program tells its values and draws to whoever runs it.
        names: what the student calls things.
    """

    random: random.Random
    checked: bool
    library: str
    names: Names = field(default_factory=dict)
    habits: dict[str, object] = field(default_factory=dict)

    @classmethod
    def of(cls, chance: random.Random, library: str, *, checked: bool) -> "Pen":
        """Choose a hand."""
        return cls(chance, checked, library, choose_names(chance, library))

    def one(self, *options: T) -> T:
        """Choose anew."""
        return self.random.choice(options)

    def habit(self, name: str, options: Sequence[T]) -> T:
        """Choose once, and do it that way from then on."""
        if name not in self.habits:
            self.habits[name] = self.random.choice(list(options))
        return self.habits[name]  # type: ignore[return-value]

    def often(self, share: float) -> bool:
        """Return True as often as that."""
        return self.random.random() < share

    def named(self, source: str) -> str:
        """Put the student's names in place of v_ names."""
        return _TOKEN.sub(lambda found: self.names.get(found[1], found[1]), source)

    def told(self, question: str, parts: dict[str, str], indent: str = "") -> list[str]:
        """Write a line that tells a result to whoever runs the program, where that is asked."""
        if not self.checked:
            return []
        listed = ", ".join(f"{part}={value}" for part, value in parts.items())
        return [f"{indent}_told_('{question}-{self.library}', {listed})"]

    def drawn(self, expression: str, *, turned: bool = False) -> str:
        """Wrap a draw of keep flags."""
        if not self.checked:
            return expression
        return f"_drawn_({expression}, {turned}, '{self.library}')"


def indented(lines: Sequence[str], by: int = 1) -> list[str]:
    """Move lines to the right."""
    return ["    " * by + line if line else line for line in lines]
