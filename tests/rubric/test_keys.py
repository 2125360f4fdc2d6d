"""What a teacher reads about missing, unknown and unfit keys."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.faults import RubricFault
from grader.rubric.read import read_rubric

Problems = Callable[..., list[str]]

NO_NAME = "must be a name of letters, digits and _ that does not start with a digit"
NO_ID = 'must be an id of small letters, digits and single hyphens, such as "task-1"'
SETTING = "must be text, a number, true or false, or a list of such values"
SLOPE = 'line.toml, question "slope"'


def test_a_right_rubric_has_no_problems(problems: Problems) -> None:
    assert problems() == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "rtol",
            "rtoll",
            'line.toml, table "tolerance": unknown key "rtoll"; did you mean "rtol"?',
        ),
        ("hint", "Hint", f'{SLOPE}: unknown key "Hint"; did you mean "hint"?'),
        (
            "worth = 0.5",
            "wroth = 0.5",
            f'{SLOPE}, mistake "not-centred": unknown key "wroth"; did you mean "worth"?',
        ),
        (
            "worth = 0.5",
            "banana = 0.5",
            f'{SLOPE}, mistake "not-centred": unknown key "banana"; '
            'the keys are "id", "when", "given", "values", "expect", "transform", "worth", '
            '"says" and "hidden"',
        ),
        (
            "atol = 1e-5",
            "a_tol = 1e-5",
            'line.toml, question "dropped-slope", table "tolerance": '
            'unknown key "a_tol"; did you mean "atol"?',
        ),
        ("[limits]", "[limit]", 'line.toml: unknown key "limit"; did you mean "limits"?'),
    ],
)
def test_an_unknown_key_comes_with_its_close_match_or_all_keys(
    problems: Problems, old: str, new: str, message: str
) -> None:
    assert problems((old, new)) == [message]


def test_a_misspelt_key_is_not_reported_missing_as_well(problems: Problems) -> None:
    found = problems(('expect = "slope"', 'expct = "slope"'))

    assert found == [f'{SLOPE}: unknown key "expct"; did you mean "expect"?']


def test_a_key_that_slid_into_a_mistake_is_told_where_it_belongs(problems: Problems) -> None:
    found = problems(("worth = 0.5\n", 'worth = 0.5\nhint = "Look again."\n'))

    assert found == [
        f'{SLOPE}, mistake "not-centred": unknown key "hint"; it is a key of the question: '
        "write it above the first [[question.mistake]]"
    ]


def test_a_key_of_the_rubric_that_slid_into_a_table_is_told_where_it_belongs(
    problems: Problems,
) -> None:
    found = problems(
        ('reference = "line.py"\n', ""), ("[limits]", '[limits]\nreference = "line.py"')
    )

    assert found == [
        'line.toml: the key "reference" is missing',
        'line.toml, table "limits": unknown key "reference"; it is a key of the rubric: '
        "write it above [limits]",
    ]


@pytest.mark.parametrize(
    ("old", "message"),
    [
        ('assignment = "line"\n', 'line.toml: the key "assignment" is missing'),
        ('title = "The slope"\n', f'{SLOPE}: the key "title" is missing'),
        ("points = 4\n", f'{SLOPE}: the key "points" is missing'),
        ('id = "slope"\ntitle', 'line.toml, question 1: the key "id" is missing'),
        (
            'says = "The means were not subtracted."\n',
            f'{SLOPE}, mistake "not-centred": the key "says" is missing',
        ),
        ('id = "not-centred"\n', f'{SLOPE}, mistake 1: the key "id" is missing'),
    ],
)
def test_a_missing_key_is_named(problems: Problems, old: str, message: str) -> None:
    assert message in problems((old, "title" if old.endswith("title") else ""))


def test_a_rubric_without_questions_is_told_how_to_write_one(line: Path) -> None:
    text = line.read_text(encoding="utf-8")
    line.write_text(text[: text.index("[[question]]")], encoding="utf-8")

    with pytest.raises(RubricFault) as fault:
        read_rubric(line)

    assert fault.value.problems == ["line.toml: there is no table headed [[question]]"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            '"gradmark/rubric/1"',
            '"gradmark/rubric/2"',
            'line.toml: "format" must be "gradmark/rubric/1"; found "gradmark/rubric/2"',
        ),
        ('"line"', '"Line 1"', f'line.toml: "assignment" {NO_ID}; found "Line 1"'),
        (
            '"line"',
            f'"{"a" * 65}"',
            f'line.toml: "assignment" {NO_ID}, at most 64 characters long; found "{"a" * 65}"',
        ),
        (
            '"A straight line through four points"',
            '" "',
            'line.toml: "title" must be text that is not empty; found " "',
        ),
        (
            '"line.py"',
            '"line"',
            'line.toml: "reference" must be a module such as "reference.linear" or a Python file '
            'such as "linear.py"; found "line"',
        ),
        (
            "cell_seconds = 10",
            "cell_seconds = 0",
            'line.toml, table "limits": "cell_seconds" must be a number above 0; found 0',
        ),
        (
            "notebook_seconds = 30",
            "memory_mib = 512.5",
            'line.toml, table "limits": "memory_mib" must be a whole number from 256 to 1048576; '
            "found 512.5",
        ),
        (
            "notebook_seconds = 30",
            "memory_mib = 0x" + "f" * 32,
            'line.toml, table "limits": "memory_mib" must be a whole number from 256 to 1048576; '
            "found a number of more than 64 bits",
        ),
        (
            "rtol = 1e-6",
            "rtol = 1",
            'line.toml, table "tolerance": "rtol" must be a number of at least 0 and below 1; '
            "found 1",
        ),
        (
            "rtol = 1e-6",
            "atol = -1e-9",
            'line.toml, table "tolerance": "atol" must be a number of at least 0; found -1e-09',
        ),
        (
            "rtol = 1e-6",
            "rtol = true",
            'line.toml, table "tolerance": "rtol" must be a number of at least 0 and below 1; '
            "found true",
        ),
        (
            "points = 4",
            'points = "4"',
            f'{SLOPE}: "points" must be a number above 0; found the text "4"',
        ),
        ("points = 4", "points = nan", f'{SLOPE}: "points" must be a number above 0; found nan'),
        ("points = 4", "points = inf", f'{SLOPE}: "points" must be a number above 0; found inf'),
        (
            "points = 4",
            "points = 2024-02-29",
            f'{SLOPE}: "points" must be a number above 0; found the date 2024-02-29',
        ),
        (
            "points = 4",
            "points = 07:30:00",
            f'{SLOPE}: "points" must be a number above 0; found the time 07:30:00',
        ),
        (
            'library = "numpy"',
            'library = "nunpy"',
            f'{SLOPE}: "library" must be "numpy", "torch" or "any"; found "nunpy"; '
            'did you mean "numpy"?',
        ),
        (
            'library = "numpy"',
            'library = "R"',
            f'{SLOPE}: "library" must be "numpy", "torch" or "any"; found "R"',
        ),
        ('expect = "slope"', 'expect = "1"', f'{SLOPE}: "expect" {NO_NAME}; found "1"'),
        (
            'centre = "mean" }',
            "centre = [] }",
            f'{SLOPE}, table "accept": "centre" {SETTING}; found an empty list',
        ),
        (
            'centre = "mean" }',
            "centre = { a = 1 } }",
            f'{SLOPE}, table "accept": "centre" {SETTING}; found a table',
        ),
        (
            '"n-1"]',
            "[1, 2]]",
            f'{SLOPE}, table "accept": item 2 of "divide" must be text, a number, true or false; '
            "found a list of 2",
        ),
        (
            "accept = {",
            'accept = { "a b" = 1,',
            f'{SLOPE}, table "accept": the key "a b" {NO_NAME}',
        ),
        (
            'accept = { divide = ["n", "n-1"], centre = "mean" }',
            "accept = 3",
            f'{SLOPE}: "accept" must be a table; found 3',
        ),
        (
            'y = "data*"',
            "y = 1",
            f'{SLOPE}, mistake "own-points", table "given": "y" must be text that is not empty; '
            "found 1",
        ),
        (
            "worth = 0.5",
            "worth = 1.5",
            f'{SLOPE}, mistake "not-centred": "worth" must be a number from 0 to 1; found 1.5',
        ),
        (
            'needs = ["slope"]',
            'needs = "slope"',
            'line.toml, question "dropped-slope": "needs" must be a list, each item an id of '
            'small letters, digits and single hyphens, such as "task-1"; found the text "slope"',
        ),
        (
            'needs = ["slope"]',
            'needs = ["slope", 5]',
            f'line.toml, question "dropped-slope": item 2 of "needs" {NO_ID}; found 5',
        ),
        (
            "combine = 2",
            "combine = 4",
            'line.toml, question "dropped-slope": "combine" must be a whole number from 1 to 3; '
            "found 4",
        ),
        (
            "show_expected = false",
            'show_expected = "no"',
            'line.toml, question "dropped-slope": "show_expected" must be true or false; '
            'found the text "no"',
        ),
        (
            "[question.tolerance]\natol = 1e-5",
            "tolerance = 1e-5",
            'line.toml, question "dropped-slope": "tolerance" must be a table; found 1e-05',
        ),
    ],
)
def test_an_unfit_value_comes_with_what_was_found_and_what_is_allowed(
    problems: Problems, old: str, new: str, message: str
) -> None:
    assert problems((old, new)) == [message]


def test_single_brackets_are_told_from_double_ones(line: Path) -> None:
    text = line.read_text(encoding="utf-8")
    head = text[: text.index("[[question]]")]
    line.write_text(head + '[question]\nid = "slope"\n', encoding="utf-8")

    with pytest.raises(RubricFault) as fault:
        read_rubric(line)

    assert fault.value.problems == [
        'line.toml: "question" must be tables headed [[question]], with double brackets; '
        "found a table"
    ]


def test_what_is_no_table_among_the_questions_is_told_by_position(line: Path) -> None:
    text = line.read_text(encoding="utf-8")
    line.write_text('question = ["slope"]\n' + text[: text.index("[[question]]")])

    with pytest.raises(RubricFault) as fault:
        read_rubric(line)

    assert fault.value.problems == [
        'line.toml, question 1: this must be a table; found the text "slope"'
    ]


def test_a_long_text_is_cut_and_kept_on_one_line(problems: Problems) -> None:
    found = problems(('"numpy"', '"' + "x\\n" * 100 + '"'))

    assert found == [
        f'{SLOPE}: "library" must be "numpy", "torch" or "any"; found "{"x" + chr(92) + "n"}'
        + "x\\n" * 35
        + '..."'
    ]


def test_all_problems_come_at_once_in_the_order_of_the_tables(problems: Problems) -> None:
    found = problems(
        ('"line"', '"Line"'),
        ("rtol = 1e-6", "rtol = 2"),
        ("points = 4", "points = 0"),
        ("worth = 0.5", "worth = 2"),
        ("combine = 2", "combin = 2"),
        ("[question.tolerance]\natol", "[question.tolerance]\natoll"),
    )

    assert [problem.split(": ")[0] for problem in found] == [
        "line.toml",
        'line.toml, table "tolerance"',
        'line.toml, question "slope"',
        'line.toml, question "slope", mistake "not-centred"',
        'line.toml, question "dropped-slope"',
        'line.toml, question "dropped-slope", table "tolerance"',
    ]
