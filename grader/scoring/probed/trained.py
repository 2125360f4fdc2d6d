"""The networks a notebook has trained, as a probe found and asked them."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from grader.execution.asking.within.networks import GRID
from grader.scoring.probed.told import Told, read_told
from grader.scoring.probed.view import View


@dataclass(frozen=True)
class Trained:
    """One network of the finished notebook.

    Attributes:
        name: of the variable.
        kind: its class.
        is_module: whether it is a module of torch's.
        sizes: units from the inputs to the outputs, as far as they could be found.
        curves: what the layers without weights make of a grid of numbers, in order.
        factor: c in the gradient c (output - label) of its loss; None where it is not known.
        libraries: beside NumPy, whose objects hold its weights.
        error: what asking it raised; "" where it answered.
        told: all that was told of it.

    """

    name: str
    kind: str
    is_module: bool
    sizes: tuple[int, ...]
    curves: tuple[np.ndarray, ...]
    factor: float | None
    error: str
    told: Told
    libraries: tuple[str, ...] = ()

    @property
    def shape(self) -> str:
        """Its layers, as people write them: "784-128-64-10"."""
        return "-".join(map(str, self.sizes))

    @property
    def parameters(self) -> int | None:
        """How many numbers it learns: by its layers where these are known."""
        if self.curves and len(self.sizes) > 1:
            pairs = zip(self.sizes, self.sizes[1:], strict=False)
            return sum((before + 1) * after for before, after in pairs)
        counted = self.told.number("parameters")
        return int(counted) if counted else None

    def answers(self, case: int, count: int) -> list[np.ndarray]:
        """Return its outputs (N, C): as it predicts, and as its layers give them one by one.

        Where the notebook prepares its inputs, also those for examples prepared alike.
        """
        ways = [f"{way}{case}" for way in ("outputs", "layered")]
        ways += [f"prepared{n}_{case}" for n in range(len(self.told.texts("prepared")))]
        named = [self.told.arrays.get(way) for way in ways]
        return [
            one.astype(float)
            for one in named
            if one is not None
            and one.ndim == 2
            and one.shape[0] == count
            and one.shape[1] > 1
            and one.dtype.kind in "iuf"
        ]

    def outputs(self, case: int, labels: np.ndarray) -> np.ndarray | None:
        """Return its outputs for a case, the best where they part.

        What `predict` does wrong is judged where it was asked for, not once more here.
        """
        found = self.answers(case, len(labels))
        finite = [one for one in found if np.isfinite(one).all()] or found
        if not finite:
            return None
        right = [int(np.sum(one.argmax(axis=1) == labels.reshape(-1))) for one in finite]
        return finite[right.index(max(right))]

    def is_like(self, other: "Trained") -> bool:
        """Say whether another network has the same layers and activations.

        Layers that pass on what they get, or only scale it, make no other architecture.
        """
        bent = [[c for c in one.curves if not is_straight(c)] for one in (self, other)]
        if self.sizes != other.sizes or len(bent[0]) != len(bent[1]):
            return False
        pairs = zip(*bent, strict=True)
        return all(
            one.shape == two.shape and np.allclose(one, two, atol=1e-6) for one, two in pairs
        )


def trained_networks(view: View) -> list[Trained]:
    """List the networks a probe found, in the order in which it tells of them."""
    told = [read_told(step) for step in view.steps() if step.name.startswith("network")]
    return [_read(one) for one in told if one is not None]


def named(networks: Iterable[Trained], names: Iterable[str]) -> Trained | None:
    """Return the network that the first of these names stands for."""
    by_name = {one.name: one for one in networks}
    return next((by_name[name] for name in names if name in by_name), None)


def first_of(networks: Iterable[Trained], kind: str, sizes: Iterable[int]) -> Trained | None:
    """Return the network of a class, or of any, that has these layers."""
    wanted = tuple(sizes)
    fitting = [one for one in networks if wanted and one.sizes == wanted]
    of_kind = [one for one in fitting if one.kind == kind]
    own = [one for one in fitting if not one.is_module]
    return next(iter([*of_kind, *own]), None)


def is_straight(curve: np.ndarray) -> bool:
    """Tell a layer that does nothing, or only scales, from an activation."""
    if curve.shape != GRID.shape or not np.isfinite(curve).all():
        return False
    return bool(np.allclose(np.diff(curve, 2), 0, atol=1e-9))


def _read(told: Told) -> Trained:
    curves: list[np.ndarray] = []
    while (curve := told.arrays.get(f"curve{len(curves)}")) is not None:
        curves.append(curve.astype(float).reshape(-1))
    return Trained(
        name=told.text("name")[:60],
        kind=told.text("class")[:60],
        is_module=told.facts.get("module") is True,
        sizes=told.sizes("sizes"),
        curves=tuple(curves),
        factor=told.number("factor"),
        libraries=tuple(told.texts("libraries")),
        error=told.text("error")[:200],
        told=told,
    )
