"""What a teacher reads about keys and tables that contradict each other."""

from collections.abc import Callable

import pytest

Problems = Callable[..., list[str]]

SLOPE = 'line.toml, question "slope"'
DROPPED = 'line.toml, question "dropped-slope"'


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "cell_seconds = 10",
            "cell_seconds = 40",
            'line.toml, table "limits": "cell_seconds" is 40, "notebook_seconds" only 30: '
            "a part cannot take more than the whole",
        ),
        (
            "cell_seconds = 10\n",
            "",
            'line.toml, table "limits": "cell_seconds" is 60, "notebook_seconds" only 30: '
            "a part cannot take more than the whole",
        ),
        (
            "cell_seconds = 10\n",
            "cell_seconds = 10\nvalue_kib = 2048\nrecording_mib = 1\n",
            'line.toml, table "limits": "value_kib" is 2048, "recording_mib" only 1: '
            "a part cannot take more than the whole",
        ),
        (
            'needs = ["slope"]',
            'needs = ["slop"]',
            f'{DROPPED}: "needs" names no question: "slop"; did you mean "slope"?',
        ),
        (
            'needs = ["slope"]',
            'needs = ["zzz"]',
            f'{DROPPED}: "needs" names no question: "zzz"; '
            'the questions are "slope" and "dropped-slope"',
        ),
        (
            'needs = ["slope"]',
            'needs = ["dropped-slope"]',
            f'{DROPPED}: "needs" names the question itself',
        ),
        (
            "points = 4",
            'points = 4\nneeds = ["dropped-slope"]',
            f'{SLOPE}: "needs" goes in a circle: "slope" needs "dropped-slope" and '
            '"dropped-slope" needs "slope"',
        ),
        (
            'rate = "rate"\n',
            "",
            f'{DROPPED}: "draws" is of no use without "rate": '
            "recorded draws are replayed with both",
        ),
        (
            'draws = "dropped_slope_draws"\n',
            "",
            f'{DROPPED}: "rate" is of no use without "draws": '
            "recorded draws are replayed with both",
        ),
        (
            'when = { centre = "none" }\n',
            "",
            f'{SLOPE}, mistake "not-centred": one of "when", "given", "expect" and "transform" '
            "is needed: what sets the mistake apart",
        ),
        (
            'given = { x = "*", y = "data*" }\n',
            'when = { centre = "none" }\n',
            f'{SLOPE}, mistake "own-points": cannot be told from mistake "not-centred": '
            "same settings",
        ),
        (
            'when = { centre = "none" }\n',
            'when = { centre = "none" }\ntransform = "scaled"\n',
            f'{SLOPE}, mistake "not-centred": "transform" stands by itself, without "when", '
            '"given" and "expect": it is looked for on all of these',
        ),
    ],
)
def test_a_contradiction_is_named_once(
    problems: Problems, old: str, new: str, message: str
) -> None:
    assert problems((old, new)) == [message]


def test_a_question_of_an_id_that_is_taken_is_told_by_number(problems: Problems) -> None:
    found = problems(('id = "dropped-slope"', 'id = "slope"'), ('needs = ["slope"]', "needs = []"))

    assert found == [f'{SLOPE} (number 2): question 1 has the id "slope" already']


def test_mistakes_may_share_an_id_and_are_then_told_by_number(problems: Problems) -> None:
    shared = ('id = "own-points"', 'id = "not-centred"')

    assert problems(shared) == []
    assert problems(("worth = 0.75", "worth = 75")) == [
        f'{SLOPE}, mistake "not-centred" (number 2): "worth" must be a number from 0 to 1; found 75'
    ]


def test_a_misspelt_when_is_not_reported_missing_as_well(problems: Problems) -> None:
    found = problems(("when = {", "wen = {"))

    assert found == [f'{SLOPE}, mistake "not-centred": unknown key "wen"; did you mean "when"?']


def test_contradictions_are_found_beside_unfit_keys(problems: Problems) -> None:
    found = problems(("points = 4", "points = 0"), ('needs = ["slope"]', 'needs = ["slop"]'))

    assert found == [
        f'{SLOPE}: "points" must be a number above 0; found 0',
        f'{DROPPED}: "needs" names no question: "slop"; did you mean "slope"?',
    ]


def test_a_transform_alone_sets_a_mistake_apart(problems: Problems) -> None:
    assert problems(('when = { centre = "none" }', 'transform = ["scaled", "negated"]')) == []


def test_a_transform_may_be_worth_full_marks_where_the_rubric_says_so(problems: Problems) -> None:
    full = ("worth = 0.5", "worth = 1")

    assert problems(('when = { centre = "none" }', 'transform = "rounded"'), full) == []


def test_two_mistakes_cannot_share_a_transform(problems: Problems) -> None:
    found = problems(
        ('when = { centre = "none" }', 'transform = ["scaled", "negated"]'),
        ('given = { x = "*", y = "data*" }', 'transform = "negated"'),
    )

    assert found == [
        f'{SLOPE}, mistake "own-points": cannot be told from mistake "not-centred": same settings'
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'needs = ["slope"]',
            'follows = ["slop"]',
            f'{DROPPED}: "follows" names no question: "slop"; did you mean "slope"?',
        ),
        (
            'needs = ["slope"]',
            'follows = ["dropped-slope"]',
            f'{DROPPED}: "follows" names "dropped-slope", which must stand above this question',
        ),
        (
            "points = 4",
            'points = 4\nfollows = ["dropped-slope"]',
            f'{SLOPE}: "follows" names "dropped-slope", which must stand above this question',
        ),
    ],
)
def test_a_question_follows_only_those_above_it(
    problems: Problems, old: str, new: str, message: str
) -> None:
    assert problems((old, new)) == [message]


def test_a_question_may_follow_one_above_it(problems: Problems) -> None:
    assert problems(('needs = ["slope"]', 'follows = ["slope"]')) == []
