"""What a teacher reads where a rubric asks for what its reference does not have."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.rubric.read import read_rubric
from grader.rubric.reference import check_against_reference, load_reference

Problems = Callable[..., list[str]]
Edit = Callable[..., None]

SLOPE = 'line.toml, question "slope"'
DROPPED = 'line.toml, question "dropped-slope"'
NOT_CENTRED = f'{SLOPE}, mistake "not-centred"'


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'expect = "slope"',
            'expect = "slop"',
            f'{SLOPE}: "expect" names an unknown function: "slop"; did you mean "slope"?',
        ),
        (
            'expect = "slope"',
            'expect = "zzz"',
            f'{SLOPE}: "expect" names an unknown function: "zzz"; '
            'the functions of line.py are "slope", "intercept" and "dropped_slope"',
        ),
        (
            'expect = "slope"',
            'expect = "mean"',
            f'{SLOPE}: "expect" names an unknown function: "mean"; '
            'the functions of line.py are "slope", "intercept" and "dropped_slope"',
        ),
        (
            'draws = "dropped_slope_draws"',
            'draws = "dropped_slope_draw"',
            f'{DROPPED}: "draws" names an unknown function: "dropped_slope_draw"; '
            'did you mean "dropped_slope_draws"?',
        ),
        (
            'structure = "dropped_slope_structure"',
            'structure = "structur"',
            f'{DROPPED}: "structure" names an unknown function: "structur"; the functions of '
            'line.py are "slope", "intercept", "dropped_slope", "dropped_slope_draws" and '
            '"dropped_slope_structure"',
        ),
        (
            'expect = "intercept"',
            'expect = "intersept"',
            f'{DROPPED}, mistake "intercept-instead": "expect" names an unknown function: '
            '"intersept"; did you mean "intercept"?',
        ),
        (
            "accept = { divide",
            "accept = { divid",
            f'{SLOPE}, table "accept": unknown setting "divid"; did you mean "divide"?',
        ),
        (
            'when = { centre = "none" }',
            'when = { zzz = "none" }',
            f'{NOT_CENTRED}, table "when": unknown setting "zzz"; the settings of "slope" are '
            '"centre", "divide", "passes" and "weighted"',
        ),
        (
            '"n-1"]',
            '"n+1"]',
            f'{SLOPE}, table "accept": "divide" must be "n" or "n-1"; found "n+1"; '
            'did you mean "n-1"?',
        ),
        (
            'when = { centre = "none" }',
            "when = { centre = false }",
            f'{NOT_CENTRED}, table "when": "centre" must be "mean" or "none"; found false',
        ),
        (
            'when = { centre = "none" }',
            "when = { passes = [2, 3] }",
            f'{NOT_CENTRED}, table "when": "passes" must be 1 or 2; found 3',
        ),
        (
            'when = { centre = "none" }',
            "when = { passes = 2.0 }",
            f'{NOT_CENTRED}, table "when": "passes" must be 1 or 2; found 2.0',
        ),
        (
            'when = { centre = "none" }',
            "when = { weighted = 1 }",
            f'{NOT_CENTRED}, table "when": "weighted" must be true or false; found 1',
        ),
        (
            'when = { centre = "none" }',
            'when = { divide = "n-1", passes = [1, 2] }',
            f'{NOT_CENTRED}: "when" describes a right answer: '
            '"accept" and the defaults allow the same',
        ),
        (
            'given = { x = "*"',
            'given = { zzz = "*"',
            f'{SLOPE}, mistake "own-points", table "given": unknown constant "zzz"; '
            'the given constants are "x", "y" and "rate"',
        ),
        (
            'rate = "rate"',
            'rate = "rat"',
            f'{DROPPED}: "rate" names an unknown constant: "rat"; did you mean "rate"?',
        ),
        (
            'rate = "rate"',
            'rate = "x"',
            f'{DROPPED}: "rate" must name a probability above 0 and below 1; "x" is none',
        ),
        (
            'expect = "dropped_slope"',
            'expect = "intercept"',
            f'{DROPPED}: "draws" is of no use: "intercept" takes no masks',
        ),
        (
            'draws = "dropped_slope_draws"',
            'draws = "dropped_slope_structure"',
            f'{DROPPED}: "draws": "dropped_slope_structure" must take given and the settings of '
            '"dropped_slope"',
        ),
        (
            'structure = "dropped_slope_structure"',
            'structure = "intercept"',
            f'{DROPPED}: "structure": "intercept" must take given and the parts of an answer',
        ),
    ],
)
def test_what_the_reference_lacks_is_named_with_what_it_has(
    problems: Problems, old: str, new: str, message: str
) -> None:
    assert problems((old, new)) == [message]


def test_the_settings_of_a_mistake_are_those_of_its_own_function(problems: Problems) -> None:
    found = problems(('expect = "intercept"', 'expect = "intercept"\nwhen = { divide = "n" }'))

    assert found == [
        f'{DROPPED}, mistake "intercept-instead", table "when": unknown setting "divide"; '
        'the settings of "intercept" are "centre"'
    ]


def test_a_faulty_function_is_reported_once_however_often_it_is_named(
    problems: Problems, edit: Edit
) -> None:
    edit(("passes: Literal[1, 2] = 1", "passes: int = 1"), file="line.py")

    found = problems(('expect = "intercept"', 'expect = "slope"'))

    assert found == [
        'line.toml: reference line.py, function "slope": the setting "passes" must list its '
        "values in a Literal[...]"
    ]


def test_problems_with_the_reference_are_found_beside_unfit_keys(problems: Problems) -> None:
    found = problems(("points = 4", "points = 0"), ("accept = { divide", "accept = { divid"))

    assert found == [
        f'{SLOPE}: "points" must be a number above 0; found 0',
        f'{SLOPE}, table "accept": unknown setting "divid"; did you mean "divide"?',
    ]


def test_a_rubric_can_be_checked_after_it_was_read(line: Path, edit: Edit) -> None:
    edit(("accept = { divide", "accept = { divid"))
    rubric = read_rubric(line)

    found = check_against_reference(rubric, load_reference(rubric, line), line)

    assert found == [f'{SLOPE}, table "accept": unknown setting "divid"; did you mean "divide"?']


def test_a_gradient_is_taken_with_respect_to_a_constant(problems: Problems) -> None:
    assert problems(("points = 4", 'points = 4\nwith_respect_to = "xs"')) == [
        f'{SLOPE}: "with_respect_to" names an unknown constant: "xs"; did you mean "x"?'
    ]
