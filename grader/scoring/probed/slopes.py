"""The slopes of a student's own function beside the inputs, by differences, and what fits them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from grader.execution.asking.derivatives import PLACES, step_size
from grader.scoring.probed.fourth_order import rounding, slope
from grader.scoring.probed.view import CaseView, View

_BEND = 1e-3  # one-sided slopes of a smooth function differ by far less


@dataclass(frozen=True)
class Near:
    """A function's values around the inputs of a case: in steps "here", "down1", "up1" ..."""

    values: dict[str, np.ndarray]
    step: np.ndarray
    single: bool  # whether the values are of single precision

    @cached_property
    def known(self) -> np.ndarray:
        """Which entries have numbers all around."""
        return np.asarray(np.isfinite(np.array(list(self.values.values()))).all(axis=0))

    @cached_property
    def slopes(self) -> np.ndarray:
        """The central differences of fourth order."""
        with np.errstate(invalid="ignore"):
            return slope(self.values, self.step)

    @cached_property
    def sides(self) -> tuple[np.ndarray, np.ndarray]:
        """The slopes from below and from above."""
        v = self.values
        with np.errstate(invalid="ignore"):
            below = self._divided(3 * v["here"] - 4 * v["down1"] + v["down2"], 2)
            return below, self._divided(4 * v["up1"] - 3 * v["here"] - v["up2"], 2)

    @cached_property
    def noise(self) -> np.ndarray:
        """How far differences may lie off for rounding alone."""
        largest = np.abs(np.array(list(self.values.values()))).max(axis=0)
        return np.asarray(rounding(largest, self.step, single=self.single))

    @cached_property
    def kinks(self) -> np.ndarray:
        """Which entries have two slopes."""
        below, above = self.sides
        scale = np.maximum(1.0, np.maximum(np.abs(below), np.abs(above)))
        with np.errstate(invalid="ignore"):
            bent = np.abs(below - above) > _BEND * scale + 10 * self.noise
        return np.asarray(self.known & bent)

    @property
    def smooth(self) -> np.ndarray:
        """Which entries have one slope."""
        return np.asarray(self.known & ~self.kinks)

    def fits(self, slopes: np.ndarray, view: View, factor: float = 1.0) -> bool:
        """Say whether slopes are those of the function, times a factor, where it has one."""
        wanted = factor * self.slopes
        allowed = view.tolerance.atol + view.tolerance.rtol * np.abs(wanted) + self.noise
        with np.errstate(invalid="ignore"):
            return bool((np.abs(slopes - wanted) <= allowed)[self.smooth].all())

    def lies_between(self, slopes: np.ndarray, view: View) -> bool:
        """Say whether slopes at kinks are among the subgradients."""
        low, high = np.minimum(*self.sides), np.maximum(*self.sides)
        room = _BEND + view.tolerance.atol
        return bool(((slopes >= low - room) & (slopes <= high + room))[self.kinks].all())

    def _divided(self, difference: np.ndarray, by: float) -> np.ndarray:
        with np.errstate(all="ignore"):
            return np.asarray(difference / (by * self.step))


def near(view: View, case: CaseView) -> Near | None:
    """Return a function's values around the inputs of a case; None where it gave none."""
    x = next(iter(case.arguments.values()))
    start = f"own{case.number}"
    names = {"here": start, **{place: f"{start}_{place}" for place in PLACES}}
    found = {place: _row(view.result.array(name), x.size) for place, name in names.items()}
    values = {place: one for place, one in found.items() if one is not None}
    if len(values) < len(names) or not x.size:
        return None
    single = any(one.dtype.itemsize < 8 and one.dtype.kind == "f" for one in values.values())
    wide = {place: one.astype(float) for place, one in values.items()}
    return Near(wide, step_size(x).reshape(-1), single)


def _row(array: np.ndarray | None, size: int) -> np.ndarray | None:
    """Return what a step gave as a row of numbers, one for each entry of the input."""
    return None if array is None or array.size != size else array.reshape(-1)
