"""Recordings made by hand, for tests of what is done with them."""

from collections.abc import Mapping, Sequence
from typing import Any

import nbformat
import numpy as np

from grader.execution.outcome import CellRun
from grader.recording.model import Draws, RecordedValue, Recording


def value(path: str, array: Any, *, cell: int = 1, **more: Any) -> RecordedValue:
    fields: dict[str, Any] = {
        "origin": "variable",
        "cell": cell,
        "last_cell": more.pop("last_cell", 9),
        "library": "numpy",
        **more,
    }
    return RecordedValue(array=np.asarray(array), path=path, **fields)


def notebook(sources: Sequence[str], outputs: Mapping[int, str] | None = None) -> Any:
    """A notebook of code cells; `outputs` is what each cell, counted from 1, printed."""
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    for number, text in (outputs or {}).items():
        stream = nbformat.v4.new_output("stream", name="stdout", text=text)
        cells[number - 1].outputs.append(stream)
    return nbformat.v4.new_notebook(cells=cells)


def recording(
    *values: RecordedValue,
    sources: Sequence[str] = ("pass",),
    printed: Mapping[int, str] | None = None,
    stored: Mapping[int, str] | None = None,
    cells: Sequence[CellRun] | None = None,
    draws: Sequence[Draws] = (),
    torch_cells: Mapping[int, tuple[str, ...]] | None = None,
    fault: str = "",
) -> Recording:
    runs = cells or [CellRun(n, source, "ok") for n, source in enumerate(sources, start=1)]
    return Recording(
        submission="student-01",
        file="student-01.ipynb",
        key="k",
        fault=fault,
        cells=tuple(runs),
        values=values,
        draws=tuple(draws),
        torch_cells=dict(torch_cells or {}),
        handed_in=notebook(sources, stored),
        executed=notebook(sources, printed),
    )
