"""What executing a notebook hands on: cell outcomes, executed notebook, recorder's stream."""

from dataclasses import dataclass
from typing import Any, Literal

CellStatus = Literal["ok", "raised", "timed_out", "out_of_memory", "died", "not_run"]


@dataclass(frozen=True)
class CellRun:
    """How one code cell fared.

    `number` counts the code cells from 1, as a fresh run of the whole notebook numbers them.
    """

    number: int
    source: str
    status: CellStatus
    seconds: float = 0.0
    error: str = ""  # "NameError: name 'w3' is not defined"; no traceback
    output_cut: bool = False


@dataclass(frozen=True)
class Execution:
    """One finished run. `stream` is what the recorder wrote; it is hostile until read."""

    notebook: Any  # nbformat notebook, executed
    cells: tuple[CellRun, ...]
    stream: bytes
    seconds: float
    peak_memory_bytes: int
    isolation: str
    environment: dict[str, str]
    notes: tuple[str, ...] = ()  # sentences: what the run had to do without
