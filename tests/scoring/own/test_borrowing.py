import numpy as np

from grader.observation.model import Observation
from grader.recording.model import Draws
from grader.rubric.model import Mistake
from grader.scoring.own.borrowing import borrowed_givens

GIVEN = {"w": np.array([[0.2, 0.3, 0.4], [0.5, 0.6, 0.7]]), "b": np.zeros(2)}


def seen(path: str, values: object, cell: int = 1) -> Observation:
    array = np.asarray(values, dtype=float)
    return Observation(
        array, np.zeros(array.shape), "variable", cell, cell, path, frozenset({"numpy"}), "float64"
    )


def borrowed(
    *observations: Observation, values: str = "any", **given: str
) -> list[dict[str, object]]:
    mistake = Mistake(id="own-data", given=given or {"w": "*"}, values=values, says="Yours.")  # type: ignore[arg-type]
    found = borrowed_givens(GIVEN, mistake, observations)
    return [{name: array.tolist() for name, array in choice.items()} for choice in found]


MISTYPED = [[0.2, 0.3, 0.4], [0.5, 0.6, 0.1]]
COMPUTED = [[0.21234567, 0.31234567, 0.4], [0.5, 0.6, 0.7]]


def test_a_value_of_the_same_shape_may_stand_for_a_constant() -> None:
    assert borrowed(seen("m", MISTYPED)) == [{"w": MISTYPED}]


def test_the_constants_themselves_are_not_borrowed() -> None:
    assert borrowed(seen("m", GIVEN["w"]), seen("n", np.zeros(2))) == []


def test_only_paths_of_the_pattern_are_borrowed() -> None:
    assert borrowed(seen("fc.bias", [0.1, 0.2]), seen("out", [0.3, 0.4]), b="*bias*") == [
        {"b": [0.1, 0.2]}
    ]


def test_entered_values_have_few_digits_and_computed_ones_many() -> None:
    both = (seen("w_typed", MISTYPED), seen("w_trained", COMPUTED))

    assert borrowed(*both, values="entered") == [{"w": MISTYPED}]
    assert borrowed(*both, values="computed") == [{"w": COMPUTED}]


def test_an_entered_value_resembles_the_constant_or_carries_its_name() -> None:
    unlike = [[7.0, 8.0, 1.0], [9.0, 1.0, 2.0]]

    assert borrowed(seen("labels", unlike), values="entered") == []
    assert borrowed(seen("W", unlike), values="entered") == [{"w": unlike}]


def test_values_of_one_cell_are_borrowed_together_before_each_alone() -> None:
    found = borrowed(seen("m", COMPUTED), seen("c", [0.1, 0.2]), w="*", b="*")

    assert found[0] == {"w": COMPUTED, "b": [0.1, 0.2]}
    assert {"w": COMPUTED} in found


TWO = {"x1": np.array([1.0, 2.0]), "x2": np.array([4.0, 5.0]), "y1": np.zeros(3)}


def of_two(*observations: Observation, **draws: np.ndarray) -> list[dict[str, object]]:
    given = {"x1": "*", "x2": "*", "y1": "*"}
    mistake = Mistake(id="own-data", given=given, values="any", says="Yours.")
    drawn = [Draws(array, 1, "numpy", name) for name, array in draws.items()]
    found = borrowed_givens(TWO, mistake, observations, (), drawn)
    return [{name: array.tolist() for name, array in choice.items()} for choice in found]


def test_rows_of_one_value_may_stand_for_constants_that_are_numbered() -> None:
    assert {"x2": [4.0, 5.5]} in of_two(seen("X", [[1, 2], [4, 5.5]]))
    assert {"x1": [1.0, 7.0], "x2": [4.0, 5.5]} in of_two(seen("X", [[1, 7], [4, 5.5]]))


def test_constants_may_be_exchanged() -> None:
    found = of_two(seen("x1", [4, 5]), seen("x2", [1, 2]))

    assert {"x1": [4.0, 5.0], "x2": [1.0, 2.0]} in found


def test_one_constant_is_not_taken_for_both() -> None:
    assert of_two(seen("x2", [1, 2])) == []


def test_what_should_not_be_there_may_have_been_drawn() -> None:
    drawn = of_two(randn=np.array([[0.3, 0.1, 0.2]]))

    assert {"y1": [0.3, 0.1, 0.2]} in drawn
    assert any(np.allclose(one["y1"], [0.03, 0.01, 0.02]) for one in drawn)  # type: ignore[arg-type]


def test_a_matrix_laid_out_wrongly_is_entered() -> None:
    laid_out = np.array([[0.2, 0.4, 0.6], [0.3, 0.5, 0.7]])

    assert borrowed(seen("m", laid_out), values="entered") == [{"w": laid_out.tolist()}]


def test_a_result_next_to_nothing_is_not_entered() -> None:
    tiny = [[0.2, 0.3, 0.4], [0.5, 0.6, 2.6137e-35]]

    assert borrowed(seen("m", tiny), values="entered") == []
