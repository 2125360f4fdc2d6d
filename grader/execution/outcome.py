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
class Step:
    """One thing a probe does: an expression whose value is handed on by a name, or statements."""

    code: str
    name: str = ""


@dataclass(frozen=True)
class Probe:
    """Steps to be taken in a fork of the notebook's process, and what goes with them.

    Attributes:
        steps: taken one after the other, whatever became of those before; the notebook's names
            are in sight, and what they hold is the fork's own.
        inputs: arrays, by the names the steps know them under.
        withheld: arrays that judging needs beside the inputs; they never reach the notebook.
        labels: what people call the cases the inputs are of, in order.
        about: the part that is asked about; probes about the same are alternatives.
        found: the name in the notebook that is asked about.
        after: number of the cell in whose state it runs; None for the finished notebook.
        seconds: wall time it may take.
        slopes: names of inputs; instead of the steps, the notebook's own functions of these
            are differentiated with respect to them, at the inputs, which are no variables then.

    """

    steps: tuple[Step, ...] = ()
    inputs: Mapping[str, np.ndarray] = field(default_factory=dict)
    withheld: Mapping[str, np.ndarray] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
    about: str = ""
    found: str = ""
    after: int | None = None
    seconds: float = 5.0
    slopes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ProbeRun:
    """What came of a probe. `stream` is what the recorder wrote; it is hostile until read."""

    stream: bytes
    error: str = ""  # why it did not come to its end
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
    changes: tuple[str, ...] = ()  # sentences: what was changed in the source before the run
    asked: tuple[Probe, ...] = ()
    probes: tuple[ProbeRun, ...] = ()  # one for each that was asked, in order
    data: Mapping[str, str] = field(default_factory=dict)  # which file was supplied, by name
    surroundings: tuple[str, ...] = ()  # sentences: what stood in for a library
