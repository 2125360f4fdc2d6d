"""What a teacher reads about questions that ask for code or prose and contradict themselves."""

import pytest

from tests.rubric.asked import SQUARE, STEP, WHY, Problems, problems

__all__ = ["problems"]

EXPECT = 'title = "2: a step"\npoints = 2\n'
CRITERIA = "[[question.criteria]]"
PERSON = 'grade = "person"\n'
HEADING = 'heading = "3. Derivative of a step"\n'


def without_parts(problems: Problems, *more: tuple[str, str]) -> list[str]:
    """Take the parts of the question about the step away."""
    parts = """
[[question.parts]]
probe = "function"
name = "step"
expect = "step"
inputs = "numbers_and_zero"
accept = { at_zero = ["zero", "half", "one"] }
points = 2
"""
    return problems((parts, ""), *more)


def test_an_assignment_of_code_and_prose_has_no_problems(problems: Problems) -> None:
    assert problems() == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            EXPECT,
            f'{EXPECT}expect = "step"\n',
            'written.toml, question "step": "expect" and "parts" do not go together: '
            "a value is looked for, or what was written is judged",
        ),
        (
            PERSON,
            f'{PERSON}expect = "step"\n',
            f'{WHY}: "expect" and "criteria" do not go together: '
            "a value is looked for, or what was written is judged",
        ),
        (
            PERSON,
            "",
            f'{WHY}: grade = "person" is needed: nobody else can judge "criteria"',
        ),
        (
            EXPECT,
            f"{EXPECT}{PERSON}",
            'written.toml, question "step": "grade" is of no use without [[question.criteria]]: '
            "what a person decides, and for how many points",
        ),
        (
            HEADING,
            "",
            f'{WHY}: "heading" is needed: the heading below which the answer stands',
        ),
        (
            EXPECT,
            f'{EXPECT}prompt = "Write."\n',
            'written.toml, question "step": "prompt" is of no use without [[question.criteria]]',
        ),
        (
            EXPECT,
            f'{EXPECT}accept = {{ at_zero = "one" }}\n',
            'written.toml, question "step": "accept" is of no use without "expect"; '
            "write it in each part",
        ),
        (
            EXPECT,
            f"{EXPECT}shown = true\n",
            'written.toml, question "step": "shown" is of no use without "expect"',
        ),
        (
            'id = "why"\nsays',
            'id = "where"\nsays',
            f'{WHY}, criterion "where" (number 2): criterion 1 has the id "where" already',
        ),
        (
            "points = 6",
            "points = 7",
            f'{SQUARE}: "points" is 7, but does not match the 6 of its parts',
        ),
        (
            "points = 1\n",
            "points = 2\n",
            f'{WHY}: "points" is 4, but does not match the 5 of its criteria',
        ),
        (
            'when = { sign = "odd" }\n',
            "",
            f'{SQUARE}, mistake "keeps-sign": "when" is needed: '
            "a mistake in code is a setting of the reference",
        ),
        (
            'when = { sign = "odd" }\n',
            'transform = "scaled"\n',
            f'{SQUARE}, mistake "keeps-sign": "transform" is of no use for parts: '
            "a mistake in code is a setting of the reference",
        ),
    ],
)
def test_a_contradiction_is_named_once(
    problems: Problems, old: str, new: str, message: str
) -> None:
    assert problems((old, new)) == [message]


def test_a_question_has_to_ask_for_something(problems: Problems) -> None:
    assert without_parts(problems) == [
        'written.toml, question "step": one of "expect", [[question.parts]] and '
        "[[question.criteria]] is needed: what is asked for"
    ]


def test_a_misspelt_key_asks_for_something(problems: Problems) -> None:
    found = without_parts(problems, (EXPECT, f'{EXPECT}expct = "step"\n'))

    assert found == ['written.toml, question "step": unknown key "expct"; did you mean "expect"?']


def test_points_of_parts_and_criteria_add_up_to_those_of_the_question(problems: Problems) -> None:
    criterion = f'{CRITERIA}\nid = "edge"\nsays = "what happens at 0"\npoints = 3\n'
    parts = 'points = 2\n\n[[question]]\nid = "why"'
    both = (parts, f'points = 2\n\n{criterion}\n[[question]]\nid = "why"')
    heading = (EXPECT, f"{EXPECT}{HEADING}")
    question = 'written.toml, question "step"'

    assert problems(both, heading) == [
        f'{question}: "points" is 2, but does not match the 2 of its parts and 3 of its '
        "criteria, 5 in all"
    ]
    assert problems(both, (EXPECT, f'title = "2: a step"\npoints = 5\n{HEADING}')) == []


def test_a_mistake_of_a_written_answer_is_of_no_use(problems: Problems) -> None:
    mistake = '[[question.mistake]]\nid = "slip"\nwhen = { a = 1 }\nsays = "No."\n\n'

    assert problems((CRITERIA, f"{mistake}{CRITERIA}")) == [
        f'{WHY}, mistake "slip": nothing is predicted for a written answer: a person judges'
    ]


def test_problems_of_parts_come_before_those_of_mistakes(problems: Problems) -> None:
    found = problems(("worth = 0.5", "worth = 5"), ("points = 4\n", "point = 4\n"))

    assert [one.split(": ")[0] for one in found] == [
        f'{SQUARE}, part "square_grad"',
        f'{SQUARE}, mistake "keeps-sign"',
    ]


def test_a_misspelt_key_of_a_part_is_told_with_its_close_match(problems: Problems) -> None:
    found = problems(('inputs = "numbers_and_zero"', 'input = "numbers_and_zero"'))

    assert found == [f'{STEP}: unknown key "input"; did you mean "inputs"?']
