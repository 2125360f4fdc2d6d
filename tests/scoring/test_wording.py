import numpy as np
import pytest

from grader.scoring.wording import borrowed_named, bound, listed


@pytest.mark.parametrize(
    ("items", "sentence"),
    [([], ""), (["a"], "a"), (["a", "a"], "a"), (["a", "b"], "a and b"), ("abc", "a, b and c")],
)
def test_items_are_joined_as_in_a_sentence(items: list[str], sentence: str) -> None:
    assert listed(items) == sentence


@pytest.mark.parametrize(
    ("error", "said"), [(4.2e-9, "5e-09"), (5e-05, "5e-05"), (9.9, "1e+01"), (0.31, "4e-01")]
)
def test_an_error_is_rounded_up_to_one_digit(error: float, said: str) -> None:
    assert bound(error) == said


def test_a_borrowed_matrix_is_told_by_the_row_that_differs_most() -> None:
    theirs, ours = np.array([[0.2, 0.3], [0.4, 0.3]]), np.array([[0.2, 0.3], [0.4, 0.5]])

    said = borrowed_named({"w": theirs}, {"w": ours})

    assert said == "your w, which is not the assignment's: row 2 is [0.4, 0.3], not [0.4, 0.5]"


def test_a_borrowed_vector_is_told_whole() -> None:
    said = borrowed_named({"u": np.array([1.0, 2.0])}, {"u": np.array([1.0, 3.0])})

    assert said == "your u, which is [1, 2] and not [1, 3]"
