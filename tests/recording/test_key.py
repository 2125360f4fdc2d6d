from typing import Any

import pytest

from grader.recording.key import recording_key
from grader.rubric.model import Limits
from grader.rubric.surroundings import Budget

SAME: dict[str, Any] = {
    "content": b"digest",
    "limits": Limits(),
    "environment": {"numpy": "2.0", "python": "3.11"},
    "probes": ("f",),
    "seed": 3,
}


def test_the_order_of_the_environment_does_not_matter() -> None:
    turned = dict(reversed(SAME["environment"].items()))

    assert recording_key(**SAME) == recording_key(**SAME | {"environment": turned})


@pytest.mark.parametrize(
    "change",
    [
        {"content": b"other"},
        {"limits": Limits(cell_seconds=61)},
        {"environment": {"numpy": "2.1", "python": "3.11"}},
        {"probes": ()},
        {"seed": 4},
        {"budget": Budget(set={"epochs": 1})},
        {"budget": Budget(first={"epochs": 1})},
    ],
)
def test_whatever_a_recording_depends_on_changes_its_key(change: dict[str, Any]) -> None:
    assert recording_key(**SAME) != recording_key(**SAME | change)


def test_a_budget_that_limits_nothing_leaves_keys_as_they_are() -> None:
    assert recording_key(**SAME) == recording_key(**SAME | {"budget": Budget()})
