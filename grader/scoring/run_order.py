"""What the execution counts of a file tell: the order its cells were last run in."""

from collections.abc import Sequence
from typing import Any

_NAMED = 12  # cells


def count_order(notebook: Any) -> tuple[int, ...]:
    """Give the numbers of the code cells in the order of their counts, then those without one.

    Empty where the counts repeat, as after a restart, or where the cells stand in that order.
    """
    counts = _counts(notebook)
    known = [count for count in counts if count is not None]
    if known == sorted(known) or len(set(known)) < len(known):
        return ()
    places = range(1, len(counts) + 1)
    ran = [place for place in places if counts[place - 1] is not None]
    ordered = sorted(ran, key=lambda place: counts[place - 1] or 0)
    return (*ordered, *(place for place in places if place not in set(ran)))


def order_named(order: Sequence[int]) -> str:
    """Write an order: "cells 1, 3, 2"."""
    named = ", ".join(str(cell) for cell in order[:_NAMED])
    return f"cells {named}" + (", …" if len(order) > _NAMED else "")


def counts_told(notebook: Any) -> str:
    """Say what the counts show of how the file came about; "" where they show nothing."""
    counts = _counts(notebook)
    known = [count for count in counts if count is not None]
    never = sum(bool(cell.source.strip()) for cell in _code_cells(notebook)) - len(known)
    if not known:
        return ""
    if len(set(known)) < len(known):
        return "The execution counts repeat: the kernel was restarted between cells."
    if max(known) > len(known):
        return (
            "The execution counts show that cells were run more than once or have been removed "
            f"since (highest count {max(known)} for {_cells(len(known))})."
        )
    if never:
        return f"{_cells(never)} had not been run when the file was saved."
    return ""


def _cells(count: int) -> str:
    return f"{count} cell{'s' if count > 1 else ''}"


def _counts(notebook: Any) -> list[int | None]:
    """Read the counts of the code cells; white space is never run, and counts for nothing."""
    return [
        cell.get("execution_count") if cell.source.strip() else None
        for cell in _code_cells(notebook)
    ]


def _code_cells(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]
