import numpy as np
import pytest

from grader.observation.libraries import EITHER, NUMPY, TORCH, Libraries
from tests.recordings import recording, value

EXACT = np.array([0.5, 0.25])  # the same in single and in double precision
DOUBLE = np.array([0.1, 0.7])
SINGLE = DOUBLE.astype(np.float32)


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


def test_a_double_beside_double_tensors_may_come_from_either() -> None:
    seen = value("a", DOUBLE)

    assert Libraries(recording(seen, torch_cells={1: ("float64",)})).of_value(seen) == EITHER


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0.1 0.7", EITHER),
        ("NumPy: 0.1 0.7", NUMPY),
        ("--- PyTorch ---\n0.1 0.7", TORCH),
        ("numpy and torch agree: 0.1 0.7", EITHER),
    ],
)
def test_a_heading_tells_where_printed_numbers_come_from(
    text: str, expected: frozenset[str]
) -> None:
    libraries = Libraries(recording(torch_cells={1: ("float32",)}))

    assert libraries.of_text(1, "loose", text, text.index("0.1")) == expected


def test_a_printed_tensor_names_its_library() -> None:
    libraries = Libraries(recording(torch_cells={1: ("float32",)}))

    assert libraries.of_text(1, "tensor", "tensor([0.1])", 0) == TORCH
