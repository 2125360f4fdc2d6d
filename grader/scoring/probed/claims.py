"""Accuracies that a notebook prints of a network."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

_CLAIM = re.compile(
    r"(?P<before>[^\n]{0,60}?)\bacc(?:uracy|uracies|\.)?\b[^0-9\n]{0,30}?"
    r"(?P<value>\d+(?:\.\d+)?(?:[eE]-?\d+)?)\s*(?P<percent>%?)",
    re.IGNORECASE,
)
_LONGEST = 200_000  # characters of a cell's output


@dataclass(frozen=True)
class Claim:
    """An accuracy, as a share, that was printed."""

    share: float
    cell: int  # counted among the code cells


def last_claim(notebook: Any, name: str, others: Iterable[str]) -> Claim | None:
    """Return the last accuracy printed by a cell that is about one network and no other.

    What is printed of training data is no claim about data the network has never seen.
    """
    found = [*_claims(notebook, name, tuple(others))] if notebook is not None else []
    return found[-1] if found else None


def _claims(notebook: Any, name: str, others: tuple[str, ...]) -> Iterator[Claim]:
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for number, cell in enumerate(code, start=1):
        if not mentions(cell["source"], name) or any(mentions(cell["source"], o) for o in others):
            continue
        for found in _CLAIM.finditer(_printed(cell)[-_LONGEST:]):
            value = float(found["value"])
            share = value / 100 if found["percent"] or value > 1 else value
            if "train" not in found["before"].lower() and share <= 1:
                yield Claim(share, number)


def mentions(source: str, name: str) -> bool:
    """Say whether a cell is about what a name stands for, be it `net` or `nets["first"]`."""
    quoted = re.escape(name).replace("'", "['\"]")
    return re.search(rf"(?<![\w.]){quoted}(?!\w)", source) is not None


def _printed(cell: Any) -> str:
    texts = [one.get("text", "") for one in cell.get("outputs", []) if one.get("name") != "stderr"]
    return "".join("".join(text) for text in texts)
