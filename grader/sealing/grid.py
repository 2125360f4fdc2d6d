"""A grid of cells, each some tolerances wide, that values of an answer's shape are put on."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import shake_256
from itertools import product

import numpy as np

_ROUNDING = 1e-6  # of a tolerance: what the scale itself may be off by


@dataclass(frozen=True)
class Grid:
    """Cells of `width` tolerances, shifted for every entry by what the salt says.

    Entries are measured in tolerances: the scale is stretched such that the allowance
    `atol + rtol * |v|` is one unit long everywhere.
    """

    atol: float
    rtol: float
    width: float
    salt: bytes

    def units(self, values: np.ndarray) -> np.ndarray:
        """Return values in units of their tolerance: the integral of dv / (atol + rtol |v|)."""
        sizes = np.abs(values)
        if self.rtol == 0:
            return np.asarray(values / self.atol)
        return np.asarray(np.sign(values) * np.log1p(sizes * (self.rtol / self.atol)) / self.rtol)

    def cells(self, rows: np.ndarray, start: int = 0) -> np.ndarray:
        """Return the cells of values, one value in each row, as whole numbers.

        Args:
            rows: values, or only some of their entries.
            start: how many entries come before these.

        """
        return np.asarray(np.floor(self._shifted(rows, start)), dtype=np.int64)

    def reached(self, row: np.ndarray, most: int) -> list[np.ndarray]:
        """List the cells of everything within the tolerance of a value; none where too many."""
        reach = self._reach / self.width
        shifted = self._shifted(row[None])[0]
        first = np.floor(shifted - reach).astype(np.int64)
        last = np.floor(shifted + reach).astype(np.int64)
        if np.prod((last - first + 1).astype(float)) > most:
            return []
        return list(_between(first, last))

    @property
    def _reach(self) -> float:
        """The longest that a tolerance can be in units, on the side where they are short."""
        longest = 1.0 if self.rtol == 0 else float(-np.log1p(-self.rtol) / self.rtol)
        return longest * (1 + _ROUNDING) + _ROUNDING

    def _shifted(self, rows: np.ndarray, start: int = 0) -> np.ndarray:
        shifts = self._shifts(start + rows.shape[1])[start:]
        return np.asarray(self.units(rows) / self.width + shifts)

    def _shifts(self, entries: int) -> np.ndarray:
        drawn = shake_256(b"grid" + self.salt).digest(4 * entries)
        return np.asarray(np.frombuffer(drawn, dtype="<u4") / 2**32)


def _between(first: np.ndarray, last: np.ndarray) -> Iterator[np.ndarray]:
    ranges = (range(low, high + 1) for low, high in zip(first.tolist(), last.tolist(), strict=True))
    for cells in product(*ranges):
        yield np.array(cells, dtype=np.int64)
