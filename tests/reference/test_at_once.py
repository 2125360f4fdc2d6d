"""Families that predict many settings at once: the same as asked one by one."""

from itertools import product

import numpy as np
import pytest

from reference import hw1, hw1_torch

GIVEN = hw1.GIVEN
OWN = GIVEN | {
    "w1": GIVEN["w1"] + 0.01,
    "w2": GIVEN["w2"][::-1].copy(),
    "x2": np.array([4.0, 5, 7]),
}
GRADIENTS = ["gradient_w1", "gradient_w2", "gradient_hidden", "gradient_logits", "gradient_input"]
LOSSES = [{}, {"softmax_passes": 2}, {"softmax_axis": "batch"}, {"target": "first"}]
CONVENTIONS = [
    {"batch": batch, "reduction": reduction}
    for batch, reduction in product(("together", "apart"), ("sum", "mean", "entries"))
]


def by_owner(found):
    return {
        (int(setting), int(given)): {name: part[n] for name, part in rows.parts.items()}
        for rows in found
        for n, (setting, given) in enumerate(zip(rows.settings, rows.givens, strict=True))
    }


@pytest.mark.parametrize("name", GRADIENTS)
def test_gradients_at_once_are_those_one_by_one(name):
    family = getattr(hw1, name)
    options = [{**conventions, **loss} for conventions, loss in product(CONVENTIONS, LOSSES)]
    options.append({"logit_gradient": "shortcut"})

    found = by_owner(family.at_once(options)([GIVEN, OWN], {}))

    for (place, one), (number, given) in product(enumerate(options), enumerate([GIVEN, OWN])):
        expected = family(given, **one)
        actual = found.get((place, number))
        assert (actual is None) == (expected is None)
        for part, array in (expected or {}).items():
            np.testing.assert_allclose(actual[part], array, rtol=1e-12, atol=1e-14)


def test_trainings_at_once_are_those_one_by_one():
    options = [{}, {"batch": "apart"}, {"scale": "none"}, {"keep": "swapped"}, {"dropout": "none"}]
    masks = np.stack([hw1.draw_masks(seed, (800,), 0.4) for seed in range(3)])
    kept = np.array([0.6, 0.4, 0.6])

    [together, singly] = hw1.trained_weights.at_once(options)([GIVEN, OWN], {800: (masks, kept)})

    seen = 0
    for rows in (together, singly):
        for n, place in enumerate(rows.settings):
            given = (GIVEN, OWN)[rows.givens[n]]
            expected = hw1.trained_weights(given, masks=masks, kept=kept, **options[place])
            for part, array in expected.items():
                actual = rows.parts[part][n]
                np.testing.assert_allclose(actual, array[rows.streams[n]], rtol=1e-10, atol=1e-12)
            seen += 1
    assert seen == 2 * (2 + 2 + 2 + 1)


def test_trainings_of_different_rates_are_not_taken_together():
    with pytest.raises(ValueError, match="different"):
        hw1.trained_weights.at_once([{}])([GIVEN, GIVEN | {"rate": 0.3}], {})


def test_what_checks_the_families_has_no_shortcut():
    assert hasattr(hw1.gradient_w1, "at_once")
    assert not any(hasattr(getattr(hw1_torch, name), "at_once") for name in GRADIENTS)
    assert not hasattr(hw1_torch.trained_weights, "at_once")
