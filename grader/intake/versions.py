"""Notebooks of older formats brought to the cells of format 4."""

from collections.abc import Callable
from typing import Any

import nbformat
from nbformat.v4.convert import upgrade_cell

from grader.faults import IntakeFault

NEWEST = 4


def cells_of(data: dict[str, Any]) -> Any:
    """Give the cells of a notebook of any format up to 4, as format 4 spells them.

    What the file holds decides, not the number it claims: cells with a source are those
    of format 4, worksheets those of formats 2 and 3, cells with code those of format 1.

    Raises:
        IntakeFault: it is no notebook, of a format yet to come, or cannot be converted.

    """
    claimed = data.get("nbformat")
    if isinstance(claimed, int) and claimed > NEWEST:
        raise IntakeFault(f"is a notebook of format {claimed}; formats up to {NEWEST} can be read")
    if "cells" in data and not _is_first_format(data):
        return data["cells"]
    if "worksheets" not in data and "cells" not in data:
        raise IntakeFault("is JSON but no notebook: no 'cells'")
    version = 1 if "cells" in data else 2 if claimed == 2 else 3
    try:
        return _upgraded(data, version)
    except Exception as error:  # the converter checks nothing and raises whatever comes of it
        raise IntakeFault(
            f"is a notebook of format {version} that cannot be converted: "
            f"{type(error).__name__} {str(error)[:80]}"
        ) from None


def _is_first_format(data: dict[str, Any]) -> bool:
    cells = data["cells"]
    return (
        data.get("nbformat", 1) == 1
        and isinstance(cells, list)
        and any(isinstance(cell, dict) and ("code" in cell or "text" in cell) for cell in cells)
    )


def _upgraded(data: dict[str, Any], version: int) -> list[Any]:
    for sheet in data.get("worksheets", []):
        for cell in sheet["cells"]:
            if cell["cell_type"] == "code":
                cell["outputs"] = cell.get("outputs") or []
    read = nbformat.versions[version].to_notebook_json(data | {"nbformat": version})
    third: Any = nbformat.convert(read, 3)  # type: ignore[no-untyped-call]
    upgraded: Callable[[Any], Any] = upgrade_cell
    cells = [upgraded(cell) for sheet in third.worksheets for cell in sheet.cells]
    for cell in cells:
        del cell["id"]  # a random one
    return cells
