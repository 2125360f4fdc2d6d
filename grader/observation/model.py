"""An observation: one candidate value, with where it came from and how precise it is."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

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


class Unread(Observation):
    """An observation of which everything but the value is found out when it is asked for.

    Most values a run leaves behind are never looked at more closely.
    """

    _find_resolution: Callable[[], np.ndarray]
    _find_path: Callable[[], str]
    _find_libraries: Callable[[], frozenset[str]]
    _find_typed_in: Callable[[], bool]

    def __init__(
        self,
        values: np.ndarray,
        origin: Origin,
        cells: tuple[int, int],
        dtype: str,
        *,
        resolution: Callable[[], np.ndarray],
        path: Callable[[], str],
        libraries: Callable[[], frozenset[str]],
        typed_in: Callable[[], bool],
    ) -> None:
        cell, last_cell = cells
        self.__dict__.update(
            values=values,
            origin=origin,
            cell=cell,
            last_cell=last_cell,
            dtype=dtype,
            _find_resolution=resolution,
            _find_path=path,
            _find_libraries=libraries,
            _find_typed_in=typed_in,
        )

    @cached_property
    def resolution(self) -> np.ndarray:
        """The largest rounding error each entry may carry."""
        return self._find_resolution()

    @cached_property
    def path(self) -> str:
        """Where the value stands, or what it is called."""
        return self._find_path()

    @cached_property
    def libraries(self) -> frozenset[str]:
        """The libraries it may come from."""
        return self._find_libraries()

    @cached_property
    def typed_in(self) -> bool:
        """Whether it stands in the source as it is."""
        return self._find_typed_in()
