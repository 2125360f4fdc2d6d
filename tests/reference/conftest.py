"""Random networks for the reference's tests, in both libraries."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
import torch

from reference import two_layer, two_layer_torch

torch.set_num_threads(1)  # on tensors this small, threads only wait for each other


@dataclass(frozen=True)
class Problem:
    """Inputs, one-hot labels and a network, with the same numbers in both libraries."""

    x: np.ndarray
    y: np.ndarray
    network: two_layer.Network

    @property
    def in_torch(self) -> tuple[torch.Tensor, torch.Tensor, two_layer_torch.Network]:
        w1, w2, b1, b2 = (torch.tensor(part) for part in self.parts.values())
        network = two_layer_torch.Network(w1, w2, b1, b2)
        return torch.tensor(self.x), torch.tensor(self.y), network

    @property
    def parts(self) -> dict[str, np.ndarray]:
        return {name: getattr(self.network, name) for name in ("w1", "w2", "b1", "b2")}


@pytest.fixture(scope="session")
def draw_problem() -> Callable[..., Problem]:
    """Return a function that draws a problem of N, D, H, C from a seed."""

    def draw(seed: int, sizes: tuple[int, int, int, int]) -> Problem:
        N, D, H, C = sizes
        rng = np.random.default_rng(seed)
        shapes = (D, H), (H, C), (H,), (C,)
        network = two_layer.Network(*(rng.normal(size=shape) for shape in shapes))
        return Problem(rng.normal(size=(N, D)), np.eye(C)[rng.integers(C, size=N)], network)

    return draw
