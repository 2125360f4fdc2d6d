"""The other numbers of HW-1: every answer moves clearly with them, and nothing dies."""

from typing import Any

import numpy as np
import pytest

from reference import hw1

CHANGED = {**hw1.GIVEN, **hw1.PERTURBED}
X = np.array([CHANGED["x1"], CHANGED["x2"]])


def trained(given: dict[str, Any], **settings: Any) -> dict[str, np.ndarray]:
    count = hw1.trained_weights_draws(given, **settings)
    flags = (np.random.default_rng(1).random((200, count)) < 0.6).astype(float)
    found = hw1.trained_weights(given, masks=flags, kept=np.full(200, 0.6), **settings)
    assert found is not None
    return found


@pytest.mark.parametrize("name", ["outputs", "gradient_w1", "gradient_w2", "gradient_hidden"])
def test_every_answer_moves_clearly(name: str) -> None:
    family = getattr(hw1, name)

    before, after = family(hw1.GIVEN), family(CHANGED)

    assert all(np.abs(after[part] - before[part]).min() > 1e-3 for part in before)


@pytest.mark.parametrize("one", list(hw1.PERTURBED))
def test_each_constant_moves_the_answer_by_itself(one: str) -> None:
    given = {**hw1.GIVEN, one: hw1.PERTURBED[one]}

    before, after = (hw1.gradient_w1(some)["w1"] for some in (hw1.GIVEN, given))

    assert np.abs(after - before).max() > 1e-2


@pytest.mark.parametrize("settings", [{}, {"reduction": "mean"}, {"scale": "none"}])
def test_no_hidden_unit_dies_and_no_softmax_is_saturated(settings: dict[str, Any]) -> None:
    found = trained(CHANGED, **settings)

    hidden = np.einsum("nd,sdh->snh", X, found["w1"])
    assert hidden.min() > 0.5
    assert all(row.min() > 0.01 for row in hw1.outputs(CHANGED).values())


def test_trained_weights_move_clearly() -> None:
    before, after = trained(hw1.GIVEN), trained(CHANGED)

    assert all(np.abs(after[part] - before[part]).max(axis=(1, 2)).min() > 0.05 for part in before)
