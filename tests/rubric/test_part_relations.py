"""What a teacher reads about keys of a part that its kind cannot do without, or has no use for."""

import pytest

from tests.rubric.asked import SLOPE, SQUARE, STEP, Problems, problems

__all__ = ["problems"]

STEP_NAME = 'name = "step"\n'
AHEAD = 'forward = "ahead"\n'


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'of = "square"\n',
            "",
            f'{SLOPE}: "of" is needed for a derivative: the function it is the derivative of',
        ),
        (
            'inputs = "numbers_and_zero"\n',
            "",
            f'{STEP}: "inputs" is needed for a function: what it is called with',
        ),
        (
            'expect = "step"\ninputs = "numbers_and_zero"\naccept = { at_zero = ["zero", "half", '
            '"one"] }\n',
            'inputs = "numbers_and_zero"\n',
            f'{STEP}: "expect" is needed for a function: what it is held against',
        ),
        (
            STEP_NAME,
            f'{STEP_NAME}of = "square"\n',
            f'{STEP}: "of" is of no use for a function; it is for "derivative", "loss", '
            '"module", "training" and "contest"',
        ),
        (
            STEP_NAME,
            f'{STEP_NAME}threshold = "step"\n',
            f'{STEP}: "threshold" is of no use for a function; it is for "training"',
        ),
        (
            STEP_NAME,
            f"{STEP_NAME}sizes = [3, 2]\n",
            f'{STEP}: "sizes" is of no use for a function; it is for "module", "training" '
            'and "contest"',
        ),
        (
            STEP_NAME,
            f'{STEP_NAME}forward = "ahead"\n',
            f'{STEP}: "forward" is of no use for a function; it is for "layer", "module", '
            '"network", "training" and "contest"',
        ),
        (
            'name = "square_grad"\nof = "square"\nexpect = "square_slope"\n',
            'name = "square_grad"\nof = "cube"\n',
            f'{SLOPE}: "expect" is needed for a derivative whose function is no part of this '
            "question",
        ),
        (
            f'probe = "function"\n{STEP_NAME}expect = "step"\ninputs = "numbers_and_zero"\n',
            f'probe = "training"\n{STEP_NAME}expect = "step"\n',
            f'{STEP}: "inputs" is needed for a training: the examples it is tried on',
        ),
        (
            STEP_NAME,
            f"{STEP_NAME}worth = {{ overflw = 0.9 }}\n",
            f'{STEP}, table "worth": unknown finding "overflw"; did you mean "overflow"?',
        ),
        (
            'probe = "function"\nname = "step"\nexpect',
            'probe = "network"\nname = "step"\nexpect',
            f'{STEP}: "build" is needed for a network: the network that is asked',
        ),
        (
            'probe = "function"\nname = "step"\nexpect',
            'probe = "network"\nname = "step"\nbuild = "network = ("\nexpect',
            f"{STEP}: \"build\" is not valid Python: '(' was never closed",
        ),
        (
            'name = "square_grad"\nof = "square"\nexpect = "square_slope"',
            'name = "square_grad"\nof = "square"\naccept = { factor = "one" }',
            f'{SLOPE}: "accept" is of no use without "expect": '
            "conventions are settings of a reference function",
        ),
        (
            'name = "step"\nexpect',
            'name = "square"\nexpect',
            'written.toml, question "step", part "square": question 1 asks for the function '
            '"square" already: it would be judged twice',
        ),
    ],
)
def test_a_contradiction_is_named(problems: Problems, old: str, new: str, message: str) -> None:
    assert message in problems((old, new))


def test_a_price_may_be_set_for_a_finding_or_for_a_mistake(problems: Problems) -> None:
    worth = 'worth = { "changes-argument" = 0.9, overflow = 1, "keeps-sign" = 0.25 }'

    assert problems(('name = "square"\n', f'name = "square"\n{worth}\n')) == []


@pytest.mark.parametrize("kind", ["layer", "training"])
def test_all_that_walks_through_layers_may_be_told_how_they_go_forward(
    problems: Problems, kind: str
) -> None:
    found = problems(('probe = "function"\n' + STEP_NAME, f'probe = "{kind}"\n{STEP_NAME}{AHEAD}'))

    assert found == []


def test_a_misspelt_key_is_not_reported_missing_as_well(problems: Problems) -> None:
    assert problems(('of = "square"', 'off = "square"')) == [
        f'{SLOPE}: unknown key "off"; did you mean "of"?'
    ]


def test_an_unknown_kind_comes_with_those_there_are(problems: Problems) -> None:
    [found] = problems(('probe = "derivative"', 'probe = "derivativ"'))

    assert found.startswith(f'{SLOPE}: "probe" must be "function", "derivative", "layer", ')
    assert found.endswith('found "derivativ"; did you mean "derivative"?')


def test_two_parts_of_one_name_are_told_by_number(problems: Problems) -> None:
    found = problems(('name = "square_grad"', 'name = "square"'), ("points = 4\n", "points = 0\n"))

    assert f'{SQUARE}, part "square" (number 2)' in {one.split(": ")[0] for one in found}
