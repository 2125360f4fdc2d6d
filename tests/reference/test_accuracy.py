"""What counts as a right prediction, by hand."""

import numpy as np
import pytest

from reference.accuracy import accuracy

LABELS = np.eye(3)[[0, 0, 0, 0]]
OUTPUTS = np.array(
    [
        [0.9, 0.1, 0.0],  # right by every rule
        [0.4, 0.1, 0.2],  # the largest, but rounds to 0
        [0.7, 0.1, 0.8],  # above 1/2, and another one larger
        [1.6, 0.1, 0.2],  # rounds to 2
    ]
)


@pytest.mark.parametrize(
    ("hit", "right"),
    [("argmax", 3), ("rounding", 1), ("threshold", 2), ("any_entry", 3)],
)
def test_each_rule_counts_its_own_hits(hit, right):
    assert accuracy(OUTPUTS, LABELS, hit=hit) == right / 4


@pytest.mark.parametrize(("unit", "value"), [("fraction", 0.75), ("percent", 75), ("count", 3)])
def test_hits_are_told_as_share_percentage_or_number(unit, value):
    assert accuracy(OUTPUTS, LABELS, unit=unit) == value


def test_the_first_of_equal_outputs_is_taken():
    assert accuracy(np.zeros((1, 3)), np.eye(3)[[1]]) == 0
