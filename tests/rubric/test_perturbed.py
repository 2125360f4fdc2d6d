"""What a teacher reads about the numbers of a second run, where they are missing or of no use."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.rubric.reference import open_rubric

Problems = Callable[..., list[str]]
HW1 = Path(__file__).parents[2] / "rubrics" / "hw1.toml"
RATE = '    "rate": 0.25,\n}\n'
ASKS = ('reference = "line.py"', 'reference = "line.py"\nperturb = true')


@pytest.fixture
def told(problems: Problems, edit: Callable[..., None]) -> Callable[[str], list[str]]:
    """Tell what is wrong with a reference that has some PERTURBED."""

    def problems_with(text: str) -> list[str]:
        edit((RATE, f"{RATE}PERTURBED = {text}\n"), file="line.py")
        return problems()

    return problems_with


def test_a_second_run_needs_numbers_to_change_to(problems: Problems) -> None:
    [problem] = problems(ASKS)

    assert problem.endswith(
        '"perturb" needs the dict PERTURBED of other values for constants of GIVEN, in line.py'
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[1]", "PERTURBED must be a dict of other values for some of GIVEN"),
        ('{"z": np.ones(4)}', 'PERTURBED["z"] changes no constant of GIVEN; the constants are'),
        ('{"x": np.ones(3)}', 'PERTURBED["x"] must be finite numbers of the shape (4,)'),
        ('{"x": np.full(4, np.nan)}', 'PERTURBED["x"] must be finite numbers of the shape (4,)'),
        ('{"x": "1234"}', 'PERTURBED["x"] must be finite numbers of the shape (4,)'),
        ('{"rate": 0.5}', 'PERTURBED["rate"] is a single number, which cannot be found'),
        ('{"x": np.arange(4)}', 'PERTURBED["x"] is what GIVEN has; other numbers are needed'),
    ],
)
def test_numbers_of_no_use_are_told(
    told: Callable[[str], list[str]], text: str, sentence: str
) -> None:
    [problem] = told(text)

    assert sentence in problem


def test_good_numbers_are_read() -> None:
    _, reference = open_rubric(HW1)

    assert sorted(reference.perturbed) == ["w1", "w2", "x1", "x2"]
