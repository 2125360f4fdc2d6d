"""What executing a notebook hands on: cell outcomes, executed notebook, recorder's stream."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

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
class Probe:
    """A snippet to be run in a fork of the notebook's process, and what is wanted of it.

    Attributes:
        code: as in a cell.
        returns: names; the numbers in what they hold afterwards are handed on.
        inputs: arrays, set as variables before.
        after: number of the cell in whose state it runs; None for the finished notebook.
        seconds: wall time it may take.
        slopes: names of inputs; instead of the snippet, the notebook's own functions of these
            are differentiated with respect to them, at the inputs, which are no variables then.

    """

    code: str
    returns: tuple[str, ...]
    inputs: Mapping[str, np.ndarray] = field(default_factory=dict)
    after: int | None = None
    seconds: float = 5.0
    slopes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ProbeRun:
    """What came of a probe. `stream` is what the recorder wrote; it is hostile until read."""

    stream: bytes
    error: str = ""  # "NameError: name 'f' is not defined", or why it has none of its own
    output: str = ""
    slopes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)  # shapes of those wanted


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
    probes: tuple[ProbeRun, ...] = ()  # one for each that was asked for, in order
