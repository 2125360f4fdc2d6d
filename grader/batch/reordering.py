"""A notebook with its code cells in another order, and back."""

from collections.abc import Sequence
from typing import Any

import nbformat


def in_order(notebook: Any, order: Sequence[int]) -> Any:
    """Build a notebook of the code cells alone, in the order of their numbers in `order`."""
    code = _code_cells(notebook)
    return _with_cells(notebook, [code[number - 1] for number in order])


def back_in_place(executed: Any, notebook: Any, order: Sequence[int]) -> Any:
    """Put cells that ran in another order where they stand in the notebook they are from."""
    ran = dict(zip(order, _code_cells(executed), strict=True))
    numbers = iter(range(1, len(ran) + 1))
    cells = [
        ran[next(numbers)] if cell["cell_type"] == "code" else cell for cell in notebook["cells"]
    ]
    return _with_cells(notebook, cells)


def _code_cells(notebook: Any) -> list[Any]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def _with_cells(notebook: Any, cells: list[Any]) -> Any:
    return nbformat.from_dict({**notebook, "cells": cells})  # type: ignore[no-untyped-call]
