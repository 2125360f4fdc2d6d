"""A module of torch's as it was followed: its affine maps, and what lies between them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from grader.scoring.probed.told import Told

SINGLE = 2e-5  # relative, of sums over hundreds of products in single precision


@dataclass(frozen=True)
class Stage:
    """An affine map of a module, and what becomes of its numbers before the next."""

    before: np.ndarray
    weight: np.ndarray  # (H, D), as torch keeps it
    bias: np.ndarray | None
    after: np.ndarray  # as the module has it
    left: np.ndarray | None  # what goes on: the next map's input, or the module's output

    @property
    def sizes(self) -> tuple[int, int]:
        """Inputs and outputs."""
        return self.weight.shape[1], self.weight.shape[0]

    @property
    def size(self) -> int:
        """How many numbers it learns."""
        return self.weight.size + (0 if self.bias is None else self.bias.size)

    @property
    def is_bent(self) -> bool:
        """Whether anything but the map itself goes on."""
        if self.left is None or self.left.shape != self.after.shape:
            return False
        return not np.allclose(self.left, self.after, rtol=SINGLE, atol=1e-6)

    @property
    def is_one_sided(self) -> bool:
        """Whether its numbers lie all on that side of 0 where a rectifier is straight, or dead."""
        if self.left is None or self.left.shape != self.after.shape:
            return False
        dead = (self.after <= 0).all() and not self.left.any()
        return bool(dead or ((self.after >= 0).all() and not self.is_bent))

    @property
    def is_exact(self) -> bool:
        """Whether the map gives what its weights give when computed here."""
        expected = self.before.astype(float) @ self.weight.astype(float).T
        if self.bias is not None:
            expected = expected + self.bias.astype(float)
        scale = max(1.0, float(np.abs(expected).max(initial=0.0)))
        return expected.shape == self.after.shape and bool(
            np.allclose(expected, self.after, rtol=SINGLE, atol=SINGLE * scale)
        )


def read_stages(traced: Told) -> Iterator[Stage]:
    """Read the affine maps in order; a table that does not fit together ends them."""
    number = 0
    while f"weight{number}" in traced.arrays:
        arrays = [traced.arrays.get(f"{name}{number}") for name in ("before", "weight", "after")]
        before, weight, after = arrays
        if before is None or weight is None or after is None or weight.ndim != 2:
            return
        if before.ndim != 2 or before.shape[1] != weight.shape[1] or not weight.size:
            return
        left = traced.arrays.get(f"before{number + 1}", traced.arrays.get("outputs"))
        bias = traced.arrays.get(f"bias{number}")
        bias = bias if bias is not None and bias.size == weight.shape[0] else None
        yield Stage(before, weight, None if bias is None else bias.reshape(-1), after, left)
        number += 1


def names_between(traced: Told) -> list[str]:
    """Name what the module does between its layers."""
    groups = traced.facts.get("between")
    names = groups if isinstance(groups, list) else []
    return [
        " ".join(str(one)[:30] for one in group[:4])
        for group in names[:20]
        if isinstance(group, list) and group
    ]


def sizes_walked(standing: Told | None) -> tuple[int, ...]:
    """Read the sizes of the layers a module holds."""
    pairs = standing.facts.get("walked") if standing is not None else None
    if not isinstance(pairs, list) or not pairs:
        return ()
    if not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
        return ()
    fitting = all(one[1] == other[0] for one, other in pairwise(pairs))
    numbers = all(type(number) is int for pair in pairs for number in pair)
    return (pairs[0][0], *(pair[1] for pair in pairs)) if fitting and numbers else ()
