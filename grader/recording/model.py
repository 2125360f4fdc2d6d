"""A recording: everything a run left behind, as plain data."""

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from grader.execution.outcome import CellRun

Origin = Literal[
    "variable", "attribute", "printed", "displayed", "text", "returned", "stored_output"
]
Library = Literal["numpy", "torch", "python"]


@dataclass(frozen=True)
class RecordedValue:
    """One value the recorder saw, at full precision.

    `path` names it: "grad_w1", "model.fc1.weight.grad", "outputs[0]"; for a printed or
    displayed value "print 3, argument 1". It was first seen so after `cell`, and was still
    so after `last_cell`. `span` is where in the cell's standard output it was printed.
    """

    array: np.ndarray
    origin: Origin
    cell: int
    last_cell: int
    path: str
    library: Library
    span: tuple[int, int] | None = None


@dataclass(frozen=True)
class Draws:
    """Like random draws of one cell, in order: shape (count, *shape of one draw)."""

    array: np.ndarray
    cell: int
    generator: Literal["numpy", "python", "torch"]
    call: str  # "rand", "binomial", "bernoulli_" ...
    parameters: dict[str, float] = field(default_factory=dict)  # p, low, high, n where numbers


@dataclass(frozen=True)
class OwnSlope:
    """What a function of the student's does when one of its inputs is moved a little.

    `array` has the central differences of its result with respect to the given constant
    `constant`, in that constant's shape, at the given constants.
    """

    array: np.ndarray
    function: str  # the name it is called by: "loss", "net.loss"
    constant: str
    result: float  # what it returns there


@dataclass(frozen=True)
class Returned:
    """Numbers that a step of a probe gave."""

    array: np.ndarray
    library: Library


@dataclass(frozen=True)
class StepResult:
    """What one step of a probe came to.

    `values` holds the numbers by their path below the step's value: "" for itself, ".weights"
    for an attribute, "[0]" for an item.
    """

    name: str
    type: str  # of what it gave: "ndarray", "tuple", "NoneType"
    error: str = ""
    warnings: tuple[str, ...] = ()
    seconds: float = 0.0
    changed: tuple[str, ...] = ()  # inputs that were changed in place
    values: dict[str, Returned] = field(default_factory=dict)

    @property
    def array(self) -> np.ndarray | None:
        """The value itself, where it is real numbers; what a step gave that failed is none."""
        array = self.values[""].array if "" in self.values and not self.error else None
        return None if array is None or array.dtype.kind not in "biuf" else array


@dataclass(frozen=True)
class ProbeResult:
    """What calling the student's code came to.

    `steps` are those that were taken before it ended, or was ended: then `fault` says why.
    """

    about: str  # the part of a question, as `grader.execution.asking.about` tells it
    found: str  # the name in the notebook
    after: int | None  # the cell in whose state it was asked; None: the finished notebook
    labels: tuple[str, ...]  # of the cases
    inputs: dict[str, np.ndarray]  # those withheld are among them
    steps: tuple[StepResult, ...]
    fault: str = ""
    output: str = ""

    def step(self, name: str) -> StepResult | None:
        """Return the step of a name; None where it was never taken."""
        return next((step for step in self.steps if step.name == name), None)

    def array(self, name: str) -> np.ndarray | None:
        """Return the real numbers a step gave; None where it gave none."""
        step = self.step(name)
        return None if step is None else step.array

    def arguments(self, number: int) -> dict[str, np.ndarray]:
        """Return the arguments of a case."""
        start = f"case{number}_"
        return {
            name.removeprefix(start): array
            for name, array in self.inputs.items()
            if name.startswith(start)
        }


@dataclass(frozen=True)
class Recording:
    """A submission, run: what it printed, what it held, what it drew, and how its cells fared.

    `fault` is empty, or says why the submission could not be read or run; then there are
    no cells and no values. `torch_cells` are the cells in which torch computed something,
    with the floating-point types it computed in.
    """

    submission: str  # the id: the name of the file or folder
    file: str  # path of the notebook, relative to the class's folder
    key: str  # digest of all the run depends on; "" where the grader failed, and may try again
    fault: str = ""
    cells: tuple[CellRun, ...] = ()
    values: tuple[RecordedValue, ...] = ()
    draws: tuple[Draws, ...] = ()
    torch_cells: dict[int, tuple[str, ...]] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()  # sentences: what was not recorded, and why
    incomplete: tuple[int, ...] = ()  # cells of which values are missing that may matter
    own_slopes: tuple[OwnSlope, ...] = ()
    probes: tuple[ProbeResult, ...] = ()
    changes: tuple[str, ...] = ()  # sentences: what was changed in the source before the run
    data: dict[str, str] = field(default_factory=dict)  # files supplied: name, and which it is
    notes: tuple[str, ...] = ()  # sentences: what else is peculiar to the surroundings
    handed_in: Any = None  # nbformat notebook as handed in, outputs included
    executed: Any = None  # nbformat notebook as it came out of the run
    reordered: Any = None  # the same of a run in the order of the execution counts, if another
    seconds: float = 0.0
    peak_memory_bytes: int = 0
    isolation: str = ""
    environment: dict[str, str] = field(default_factory=dict)
