"""The factor between what came back and what was wanted, named by the sizes of the arrays."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from grader.rubric.model import Tolerance

_CLOSE = 1e-4  # relative; factors that are named differ by far more
_TIMES = {2.0: "twice", 3.0: "three times", 4.0: "four times", 5.0: "five times"}
_TIMES |= {10.0: "ten times", 0.5: "half", 0.25: "a quarter of", 0.1: "a tenth of"}
_POWERS = ((0, 0), (1, 0), (0, 1), (-1, 0), (0, -1), (1, 1), (-1, -1), (1, -1), (-1, 1))
_TIMES |= {1 / 3: "a third of", 0.2: "a fifth of"}


@dataclass(frozen=True)
class Scaled:
    """What lies between two arrays: a factor that is one number in each case.

    Attributes:
        factors: of each case.
        shapes: of the arguments.

    """

    factors: tuple[float, ...]
    shapes: tuple[tuple[int, ...], ...]

    @property
    def is_one(self) -> bool:
        """Whether nothing lies between them."""
        return all(abs(one - 1) <= _CLOSE for one in self.factors)

    @property
    def is_reversed(self) -> bool:
        """Whether only the sign does."""
        return all(abs(one + 1) <= _CLOSE for one in self.factors)

    @property
    def powers(self) -> tuple[float, int, int] | None:
        """The factor as number, power of the outputs and power of the examples; None if none.

        A power of a size that is 1 in every case is 0; and what a size explains is not left
        to a number.
        """
        sizes = [(shape[-1], int(np.prod(shape[:-1]))) for shape in self.shapes]
        for outputs, examples in _POWERS:
            for number in (1.0, 2.0, 0.5):
                wanted = [number * c**outputs * n**examples for c, n in sizes]
                if np.allclose(np.abs(self.factors), wanted, rtol=_CLOSE, atol=0):
                    return number, outputs, examples
        return None

    @property
    def is_plain(self) -> bool:
        """Whether it is one number, or one that the sizes explain."""
        return self.powers is not None or bool(np.ptp(self.factors) <= _CLOSE)

    @property
    def words(self) -> str:
        """The factor where it is not 1: "ten times"."""
        factor = next((one for one in self.factors if abs(abs(one) - 1) > _CLOSE), 1.0)
        return times(abs(factor))


def times(factor: float) -> str:
    """Word a factor."""
    near = [word for number, word in _TIMES.items() if abs(factor / number - 1) <= _CLOSE]
    return near[0] if near else f"{factor:.4g} times"


def scaled(
    actual: Sequence[np.ndarray],
    wanted: Sequence[np.ndarray],
    shapes: Sequence[tuple[int, ...]],
    tolerance: Tolerance,
) -> Scaled | None:
    """Return the factors by which arrays differ; None where they differ otherwise.

    The shapes are those of the arguments, by whose sizes a factor may be explained.

    Arrays that should be zero say nothing of a factor; they have to be zero.
    """
    factors, sizes = [], []
    for one, other, shape in zip(actual, wanted, shapes, strict=True):
        size = float(np.abs(other).max(initial=0.0))
        if one.shape != other.shape or not np.isfinite(one).all():
            return None
        if size <= tolerance.atol:
            if np.abs(one).max(initial=0.0) > tolerance.atol:
                return None
            continue
        factor = float(np.sum(one * other) / np.sum(other * other))
        if not np.allclose(one, factor * other, rtol=_CLOSE, atol=abs(factor) * size * 1e-6):
            return None
        factors.append(factor)
        sizes.append(shape)
    return Scaled(tuple(factors), tuple(sizes)) if factors and all(factors) else None
