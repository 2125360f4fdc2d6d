"""What a teacher reads about a budget and data that contradict themselves."""

import pytest

from tests.rubric.asked import Problems, problems

__all__ = ["problems"]

LIMITS = "[limits]"
BUDGET = 'written.toml, execution, table "budget"'
DATA = 'written.toml, data "digits"'
DIGEST = "ab" * 32


def budget(lines: str) -> tuple[str, str]:
    return LIMITS, f"[execution.budget]\n{lines}\n\n{LIMITS}"


def data(*files: tuple[str, str]) -> tuple[str, str]:
    tables = [
        f'[[data]]\nname = "{name}"\nat = [{at}]\nsha256 = {{ all = "{DIGEST}" }}\n\n'
        for name, at in files
    ]
    return LIMITS, f"{''.join(tables)}{LIMITS}"


def test_a_budget_and_data_have_no_problems(problems: Problems) -> None:
    fine = budget(
        "set = { epochs = 2 }\nloops = { epoch = 1 }\n"
        "first = { x_train = 20, y_train = 20, x_test = 5, train_labels = 20 }"
    )
    files = data(("digits", '"~/.keras/datasets/digits.npz", "raw/"'), ("more", '"data/more"'))

    assert problems(fine) == []
    assert problems(files) == []


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (
            "first = { x_train = 20, y_train = 10 }",
            '"first" keeps 20 of "x_train", but 10 of "y_train": '
            "examples and their labels must stay together",
        ),
        (
            "first = { X_train = 20, train_labels = 10 }",
            '"first" keeps 20 of "X_train", but 10 of "train_labels": '
            "examples and their labels must stay together",
        ),
        (
            "set = { n = 3 }\nfirst = { n = 3 }",
            '"n" is in "set" and in "first": a number is set, an array is cut short',
        ),
        ("first = { n = 0 }", '"n" must be a whole number of at least 1; found 0'),
        ("loops = { i = 1.5 }", '"i" must be a whole number of at least 1; found 1.5'),
        ('set = { n = "2" }', '"n" must be a number, true or false; found the text "2"'),
    ],
)
def test_a_budget_at_odds_is_told(problems: Problems, lines: str, message: str) -> None:
    [found] = problems(budget(lines))

    assert "budget" in found.split(": ")[0]
    assert found.split(": ", 1)[1].endswith(message)


@pytest.mark.parametrize(
    ("at", "message"),
    [
        ('"../digits.npz"', '"at": "../digits.npz" leads out of its folder by ".."'),
        (
            '"/etc/digits.npz"',
            '"at": "/etc/digits.npz" must lie below the home folder ("~/...") '
            "or below the working directory",
        ),
        (
            '"~root/digits.npz"',
            '"at": "~root/digits.npz" must lie below the home folder ("~/...") '
            "or below the working directory",
        ),
        ('"~/"', '"at": "~/" names no file'),
        (
            '"a/digits.npz", "a/digits.npz"',
            '"at": there is no room for both "a/digits.npz" and "a/digits.npz"',
        ),
        ("", '"at" must be a list, each item text that is not empty; found an empty list'),
    ],
)
def test_a_place_that_is_none_is_told(problems: Problems, at: str, message: str) -> None:
    assert problems(data(("digits", at))) == [f"{DATA}: {message}"]


def test_two_files_cannot_lie_in_each_other(problems: Problems) -> None:
    found = problems(data(("digits", '"data/all"'), ("more", '"data/all/more"')))

    assert found == [
        'written.toml, data "more": "at": there is no room for both "data/all" and "data/all/more"'
    ]


def test_a_name_that_is_taken_is_told_by_number(problems: Problems) -> None:
    found = problems(data(("digits", '"a"'), ("digits", '"b"')))

    assert found == [f'{DATA} (number 2): data 1 has the name "digits" already']


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            DIGEST,
            "ab",
            f'{DATA}, table "sha256": "all" must be a SHA-256: 64 digits and small letters '
            'from a to f; found "ab"',
        ),
        (
            f'{{ all = "{DIGEST}" }}',
            "{}",
            f'{DATA}: "sha256" must be a table that is not empty; found an empty table',
        ),
        ('at = ["a"]\n', "", f'{DATA}: the key "at" is missing'),
    ],
)
def test_an_unfit_key_of_data_is_told(problems: Problems, old: str, new: str, message: str) -> None:
    limits, table = data(("digits", '"a"'))

    assert problems((limits, table.replace(old, new))) == [message]
