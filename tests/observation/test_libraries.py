import numpy as np
import pytest

from grader.observation.libraries import EITHER, NUMPY, TORCH, Libraries
from grader.recording.model import RecordedValue, Recording
from tests.recordings import recording, value

EXACT = np.array([0.5, 0.25])  # the same in single and in double precision
DOUBLE = np.array([0.1, 0.7])
SINGLE = DOUBLE.astype(np.float32)
DIGITS = (DOUBLE, np.full(2, 0.005))


def mixed(*values: RecordedValue) -> Recording:
    """A notebook whose first cell uses NumPy and torch."""
    return recording(*values, sources=["np.exp(torch.ones(1))"] * 4, torch_cells={1: ("float32",)})


def test_a_tensor_comes_from_torch() -> None:
    seen = value("t", SINGLE, library="torch")

    assert Libraries(recording(seen)).of_value(seen) == TORCH


def test_an_array_comes_from_numpy_where_torch_did_nothing() -> None:
    seen = value("a", SINGLE)

    assert Libraries(recording(seen, torch_cells={2: ("float32",)})).of_value(seen) == NUMPY


def test_a_double_beside_single_precision_tensors_comes_from_numpy() -> None:
    seen = value("a", DOUBLE)

    assert Libraries(recording(seen, torch_cells={1: ("float32",)})).of_value(seen) == NUMPY


def test_a_tensor_turned_into_an_array_still_comes_from_torch() -> None:
    tensor = value("t", SINGLE, library="torch")
    array = value("a", SINGLE.astype(np.float64), cell=2)

    assert Libraries(recording(tensor, array)).of_value(array) == TORCH


def departed(*numbers: float, dtype: type = np.float32) -> RecordedValue:
    """Numbers seen on their way out of torch in cell 1."""
    return value("tensor", np.array(numbers, dtype), origin="returned", library="torch")


def test_a_double_that_did_not_leave_torch_comes_from_numpy() -> None:
    seen = value("a", DOUBLE)
    found = recording(seen, departed(0.3, dtype=np.float64), torch_cells={1: ("float64",)})

    assert Libraries(found).of_value(seen) == NUMPY


def test_a_double_that_also_left_torch_may_come_from_either() -> None:
    seen = value("a", DOUBLE)
    found = mixed(seen, departed(0.7, 0.1, 2.0, dtype=np.float64))

    assert Libraries(found).of_value(seen) == EITHER


def test_a_double_that_left_torch_in_a_cell_without_numpy_comes_from_torch() -> None:
    seen, left = value("a", DOUBLE), departed(0.7, 0.1, 2.0, dtype=np.float64)

    assert Libraries(recording(seen, left, torch_cells={1: ("float64",)})).of_value(seen) == TORCH


def test_of_two_alike_in_a_cell_without_numpy_one_may_be_numpys() -> None:
    left = departed(0.7, 0.1, 2.0, dtype=np.float64)
    seen, other = value("a", DOUBLE), value("b", DOUBLE)
    found = recording(seen, other, left, torch_cells={1: ("float64",)})

    assert Libraries(found).of_value(seen) == EITHER


def test_a_list_of_numbers_that_left_torch_one_by_one_comes_from_torch() -> None:
    seen = value("a", SINGLE.astype(np.float64), library="python")
    scalars = [departed(float(SINGLE[0])), departed(float(SINGLE[1]))]

    assert (
        Libraries(recording(seen, *scalars, torch_cells={1: ("float32",)})).of_value(seen) == TORCH
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.1 0.7", EITHER),
        ("NumPy: 0.1 0.7", EITHER),  # a word is no proof: torch has the numbers
        ("--- PyTorch ---\n0.1 0.7", TORCH),
        ("numpy and torch agree: 0.1 0.7", EITHER),
        ("numpy 0.5 0.5 torch 0.1 0.7", TORCH),
    ],
)
def test_a_heading_tells_where_printed_numbers_come_from(
    text: str, expected: frozenset[str]
) -> None:
    libraries = Libraries(mixed(departed(0.1, 0.7)))

    assert libraries.of_text(1, "loose", text, text.index("0.1"), DIGITS) == expected


def test_a_heading_names_numpy_where_numpy_has_the_numbers() -> None:
    own = np.array([0.12345678901, 0.76543210987])
    libraries = Libraries(mixed(value("p", own), departed(0.1235, 0.7654)))
    digits = (np.round(own, 4), np.full(2, 5e-5))

    assert libraries.of_text(1, "loose", "NumPy: 0.1235 0.7654", 7, digits) == NUMPY


def test_a_function_of_the_notebooks_own_may_have_used_numpy() -> None:
    sources = ["def net(x):\n    return np.exp(x)", "a = net(X)\nb = torch.exp(X)"]
    left = value("t", np.float32([0.1, 0.7]), cell=2, origin="returned", library="torch")
    found = recording(left, sources=sources, torch_cells={2: ("float32",)})

    assert Libraries(found).of_text(2, "loose", "0.1 0.7", 0, DIGITS) == EITHER


def test_what_torch_alone_has_in_a_cell_without_numpy_comes_from_torch() -> None:
    found = recording(departed(0.1, 0.7), torch_cells={1: ("float32",)})

    assert Libraries(found).of_text(1, "loose", "0.1 0.7", 0, DIGITS) == TORCH
    assert Libraries(found).of_text(1, "array", "array([0.1, 0.7])", 0, DIGITS) == TORCH


def test_what_numpy_has_as_well_may_come_from_either() -> None:
    own = np.array([0.12345678901, 0.76543210987])
    found = recording(value("p", own), departed(*own), torch_cells={1: ("float32",)})
    digits = (np.round(own, 4), np.full(2, 5e-5))

    assert Libraries(found).of_text(1, "loose", "0.1235 0.7654", 0, digits) == EITHER


def test_what_is_printed_twice_may_come_from_either() -> None:
    found = recording(departed(0.1, 0.7), torch_cells={1: ("float32",)})

    assert Libraries(found).of_text(1, "loose", "0.1 0.7\n0.1 0.7", 0, DIGITS) == EITHER


def test_a_rounded_single_is_known_by_its_digits() -> None:
    left = float(np.float32(0.8676113))
    found = mixed(departed(left))
    printed = (np.array([np.round(left * (1 + 1.2e-7), 8)]), np.array([5e-9]))

    assert Libraries(found).of_text(1, "loose", "0.86761141", 0, printed) == EITHER


def test_numbers_kept_from_an_earlier_cell_may_still_come_from_torch() -> None:
    kept = value("out", SINGLE.astype(np.float64), library="python", last_cell=2)
    found = mixed(kept, departed(*SINGLE))

    assert Libraries(found).of_text(2, "loose", "0.1 0.7", 0, DIGITS) == EITHER
    assert Libraries(found).of_text(4, "loose", "0.1 0.7", 0, DIGITS) == NUMPY


def test_a_rounded_value_of_torch_comes_from_torch() -> None:
    seen = value("a", np.array([0.1324, 0.8676]), library="python")
    found = recording(seen, departed(0.132389, 0.867611), torch_cells={1: ("float32",)})

    assert Libraries(found).of_value(seen) == TORCH


def test_a_shown_array_whose_numbers_left_torch_may_come_from_either() -> None:
    libraries = Libraries(mixed(departed(0.1, 0.7)))

    assert libraries.of_text(1, "array", "array([0.1, 0.7])", 0, DIGITS) == EITHER


def test_printed_numbers_that_did_not_leave_torch_come_from_numpy() -> None:
    libraries = Libraries(recording(departed(0.1, 0.2), torch_cells={1: ("float32",)}))

    assert libraries.of_text(1, "loose", "0.1 0.7", 0, DIGITS) == NUMPY


def test_a_printed_tensor_names_its_library() -> None:
    libraries = Libraries(recording(torch_cells={1: ("float32",)}))

    assert libraries.of_text(1, "tensor", "tensor([0.1])", 0, DIGITS) == TORCH


def test_a_single_printed_in_its_shortest_form_is_known_again() -> None:
    seen = np.array([0.8676113])  # the double next to the single 0.867611289...
    libraries = Libraries(mixed(departed(0.8676113)))
    digits = (seen, np.array([5e-9]))

    assert libraries.of_text(1, "array", "array([0.8676113], dtype=float32)", 0, digits) == EITHER


@pytest.mark.parametrize("digits", [6, 8])
def test_what_left_torch_and_was_rounded_comes_from_torch(digits: int) -> None:
    left = np.float32([0.00041975389, -0.0022669])
    seen = value("a", np.round(left, digits))
    found = recording(seen, departed(*left), torch_cells={1: ("float32",)})

    assert Libraries(found).of_value(seen) == TORCH


def test_what_numpy_computed_beside_torch_stays_numpys() -> None:
    left = np.float32([0.00041975389, -0.0022669])
    seen = value("a", left.astype(np.float64) * (1 + 3e-6))
    found = recording(seen, departed(*left), torch_cells={1: ("float32",)})

    assert Libraries(found).of_value(seen) == NUMPY
