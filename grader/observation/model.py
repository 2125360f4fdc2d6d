"""An observation: one candidate value, with where it came from and how precise it is."""

from dataclasses import dataclass

import numpy as np

from grader.recording.model import Origin


@dataclass(frozen=True)
class Observation:
    """One value a submission produced.

    `resolution` is the largest rounding error each entry may carry (half a unit of the
    last digit that was kept), of the shape of `values`; 0 at full precision. `libraries`
    are those it may come from: one where that is known, two where it cannot be told.
    """

    values: np.ndarray
    resolution: np.ndarray
    origin: Origin
    cell: int
    last_cell: int
    path: str
    libraries: frozenset[str]
    dtype: str  # "float32", "float64", "int64"..., "text"
    typed_in: bool = False
