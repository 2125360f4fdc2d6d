"""The rounding error that printed digits leave."""

import numpy as np
import pytest

from grader.observation.printed import read_numbers


@pytest.mark.parametrize(
    ("text", "resolution"),
    [
        ("[0.5 0.13238887]", [5e-9, 5e-9]),  # one precision for the whole array
        ("[1. 0.25]", [5e-3, 5e-3]),
        ("[0 0.25]", [5e-3, 5e-3]),
        ("[1. 2.]", [0.5, 0.5]),
        ("[1 2]", [0, 0]),
        ("[1e-05, 0.38]", [5e-6, 5e-3]),
        ("[1.0000e-05 3.2000e+02]", [5e-10, 5e-3]),
        ("[nan 0.25]", [0, 5e-3]),
        ("[0.25+0.5j 0.5 -1.j]", [5e-3 * 2**0.5] * 2),
        ("tensor([1., 0.])", [0, 0]),  # torch writes no point after anything but whole numbers
        ("tensor([1, 0])", [0, 0]),
        ("tensor([1, 0], grad_fn=<A>)", [0.5, 0.5]),  # precision=0
        ("tensor([1, 0], dtype=torch.float64)", [0.5, 0.5]),
        ("[tensor(1, grad_fn=<A>), tensor(0, grad_fn=<A>)]", [0.5, 0.5]),
        ("tensor(1.0000e-02 *\n       [0.25, 0.5])", [5e-5, 5e-5]),
        ("x1: 0.25 0.1324 3 1e-3", [5e-3, 5e-5, 0, 5e-4]),  # every number for itself
    ],
)
def test_resolution_is_half_a_unit_of_the_last_digit(text: str, resolution: list[float]) -> None:
    found = read_numbers(text)[0]

    np.testing.assert_allclose(found.resolution, resolution, rtol=1e-12)
