import math

import numpy as np
import pytest
import torch

from grader.scoring.random.chi_square import chi_square_tail


@pytest.mark.parametrize("degrees", [1, 2, 3, 6, 12, 15, 40])
def test_the_tail_is_the_incomplete_gamma_function(degrees: int) -> None:
    distances = np.array([0.0, 1e-9, 0.5, 3.0, 12.5, 60.0, 400.0, 3000.0])

    found = chi_square_tail(distances, degrees)

    order = torch.full((len(distances),), degrees / 2, dtype=torch.float64)
    expected = torch.special.gammaincc(order, torch.from_numpy(distances / 2)).numpy()
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-300)


def test_the_published_distance_is_an_ordinary_one() -> None:
    assert chi_square_tail(np.array(7.5), 6) == pytest.approx(0.2771, abs=5e-5)


def test_of_no_normals_only_nothing_is_likely() -> None:
    assert chi_square_tail(np.array([0.0, 1e-3]), 0).tolist() == [1.0, 0.0]


def test_a_distance_without_bound_never_happens() -> None:
    assert chi_square_tail(np.array([math.inf]), 12).tolist() == [0.0]
