"""What a teacher reads where the parts of a question ask for what the reference does not have."""

import pytest

from tests.rubric.asked import SLOPE, SQUARE, STEP, Problems, problems

__all__ = ["problems"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'expect = "square_slope"',
            'expect = "square_slop"',
            f'{SLOPE}: "expect" names an unknown function: "square_slop"; '
            'did you mean "square_slope"?',
        ),
        (
            'inputs = "numbers_and_zero"',
            'inputs = "numbers_and_zeros"',
            f'{STEP}: "inputs" names an unknown function: "numbers_and_zeros"; '
            'did you mean "numbers_and_zero"?',
        ),
        (
            'inputs = "numbers_and_zero"',
            'inputs = "zzz"',
            f'{STEP}: "inputs" names an unknown function: "zzz"; the functions of written.py '
            'that take a seed are "numbers" and "numbers_and_zero"',
        ),
        (
            'inputs = "numbers_and_zero"',
            'inputs = "step"',
            f'{STEP}: "inputs" names the function "step": '
            "inputs are made from a seed, and it takes given",
        ),
        (
            'of = "square"',
            'of = "sqare"',
            f'{SLOPE}: "of" names no part: "sqare"; did you mean "square"?',
        ),
        (
            "accept = { at_zero",
            "accept = { at_zer",
            f'{STEP}, table "accept": unknown setting "at_zer"; did you mean "at_zero"?',
        ),
        (
            '["zero", "half", "one"]',
            '["zero", "hlf"]',
            f'{STEP}, table "accept": "at_zero" must be "zero", "half" or "one"; found "hlf"; '
            'did you mean "half"?',
        ),
        (
            'when = { sign = "odd" }',
            'when = { signs = "odd" }',
            f'{SQUARE}, mistake "keeps-sign", table "when": unknown setting "signs"; '
            'did you mean "sign"?',
        ),
        (
            'when = { sign = "odd" }',
            'when = { sign = "od" }',
            f'{SQUARE}, mistake "keeps-sign", table "when": "sign" must be "even" or "odd"; '
            'found "od"; did you mean "odd"?',
        ),
        (
            'when = { sign = "odd" }',
            'when = { sign = "odd", factor = "one" }',
            f'{SQUARE}, mistake "keeps-sign", table "when": no part has all of the settings '
            '"sign" and "factor": a mistake is made in one of them',
        ),
        (
            'when = { sign = "odd" }',
            'when = { sign = "even" }',
            f'{SQUARE}, mistake "keeps-sign": "when" describes a right answer: '
            '"accept" and the defaults allow the same',
        ),
    ],
)
def test_what_the_reference_lacks_is_named_with_what_it_has(
    problems: Problems, old: str, new: str, message: str
) -> None:
    assert problems((old, new)) == [message]


def test_the_calibration_of_a_training_is_a_function_of_the_reference(problems: Problems) -> None:
    function = 'probe = "function"\nname = "step"\nexpect = "step"'
    training = 'probe = "training"\nname = "step"\nexpect = "step"\nthreshold = "stepp"'

    assert problems((function, training)) == [
        f'{STEP}: "threshold" names an unknown function: "stepp"; did you mean "step"?'
    ]


def test_what_a_network_belongs_to_may_be_named_by_no_rubric(problems: Problems) -> None:
    function = 'probe = "function"\nname = "step"\nexpect = "step"'

    assert problems((function, 'probe = "training"\nname = "step"\nof = "Net"')) != []
    contest = 'probe = "contest"\nname = "step"\nof = "Net"\nexpect = "step"'
    assert problems((function, contest)) == []
