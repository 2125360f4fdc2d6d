"""How the functions of a reference are read."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.faults import ReferenceFault
from grader.rubric.loading import load
from grader.rubric.reference import open_rubric

Edit = Callable[..., None]


def test_a_family_lists_its_settings_with_values_and_defaults_in_order(line: Path) -> None:
    _, reference = open_rubric(line)

    family = reference.family("slope")

    assert list(family.settings.items()) == [
        ("centre", ("mean", "none")),
        ("divide", ("n", "n-1")),
        ("passes", (1, 2)),
        ("weighted", (True, False)),
    ]
    assert family.defaults == {"centre": "mean", "divide": "n", "passes": 1, "weighted": False}
    assert not family.takes_masks


def test_the_function_of_a_family_predicts(line: Path) -> None:
    _, reference = open_rubric(line)
    family = reference.family("slope")

    doubled = family.function(reference.given, **{**family.defaults, "passes": 2})

    assert doubled["slope"] == pytest.approx(2 * 2.3)


def test_masks_and_kept_are_no_settings(line: Path) -> None:
    _, reference = open_rubric(line)

    family = reference.family("dropped_slope")

    assert family.takes_masks
    assert list(family.settings) == ["centre"]


def test_functions_that_do_not_take_given_are_left_out(line: Path) -> None:
    _, reference = open_rubric(line)

    assert reference.families == ["slope", "intercept", "dropped_slope"]
    with pytest.raises(ReferenceFault, match=r'line\.py has no function "mean"'):
        reference.function("mean")


def test_an_unknown_function_comes_with_its_close_match(line: Path) -> None:
    _, reference = open_rubric(line)

    with pytest.raises(ReferenceFault) as fault:
        reference.family("slop")

    assert str(fault.value) == 'line.py has no function "slop"; did you mean "slope"?'


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "passes: Literal[1, 2] = 1",
            "passes=1",
            'the setting "passes" must list its values in a Literal[...]',
        ),
        (
            "passes: Literal[1, 2] = 1",
            "passes: Literal[1, 2]",
            'the setting "passes" must have one of its values as default',
        ),
        (
            "passes: Literal[1, 2] = 1",
            "passes: Literal[1, 2] = True",
            'the setting "passes" must have one of its values as default',
        ),
        (
            "passes: Literal[1, 2] = 1",
            "passes: Literal[1, None] = 1",
            'the setting "passes" may only have texts, whole numbers and True or False',
        ),
        (
            "    weighted: bool = False,\n",
            "    **settings: Any,\n",
            "its settings must be keywords after a *, each by its own name; "
            'found "**settings: Any"',
        ),
        (
            "passes: Literal[1, 2] = 1",
            'passes: "Litteral[1, 2]" = 1',
            "an annotation cannot be read: name 'Litteral' is not defined",
        ),
    ],
)
def test_a_signature_that_hides_its_settings_is_told(
    line: Path, edit: Edit, old: str, new: str, message: str
) -> None:
    edit((old, new), file="line.py")
    reference = load("line.py", line)

    with pytest.raises(ReferenceFault) as fault:
        reference.family("slope")

    assert str(fault.value) == f'line.py, function "slope": {message}'
