from collections.abc import Sequence
from typing import Any

import nbformat
import pytest

from grader.observation.differences import Difference, compare_outputs
from tests.recordings import notebook


def compared(stored: str, here: str, source: str = "pass") -> Sequence[Difference]:
    return compare_outputs(
        notebook([source], {1: stored}), notebook([source], {1: here})
    ).differences


def with_error(book: Any, cell: int) -> Any:
    error = nbformat.v4.new_output("error", ename="NameError", evalue="no w", traceback=[])
    book.cells[cell - 1].outputs.append(error)
    return book


@pytest.mark.parametrize(
    ("stored", "here"),
    [
        ("0.41", "0.41"),
        ("[0.13238887 0.5]", "[0.13238886 0.5]"),
        ("loss: 0.412", "loss:   0.4123"),
        ("[0.5]", "[0.50000001]"),
        ("2.8e-17", "5.6e-17"),
        ("81.234567", "81.234612"),
        ("nan inf -inf", "nan inf -inf"),
        ("np.float64(0.5)", "0.5"),
        ("tensor([0.5], device='cuda:0')", "tensor([0.5])"),
        ("tensor(0.5, grad_fn=<AddBackward>)", "tensor(0.5, grad_fn=<AddBackward0>)"),
        ("using cuda", "using cpu"),
        ("took 3.2 s", "took 40.1 s"),
        ("1+2j", "1+2j"),
    ],
)
def test_outputs_agree_but_for_rounding_and_what_is_no_result(stored: str, here: str) -> None:
    assert not compared(stored, here)


@pytest.mark.parametrize(
    ("stored", "here", "first"),
    [
        ("0.38", "0.41", ("0.41", "0.38")),
        ("a 1 b 0.38", "a 1 b 0.41", ("0.41", "0.38")),
        ("0.5", "nan", ("nan", "0.5")),
        ("[0.5]", "[0.52345678]", ("0.52345678", "0.5")),
        ("81.2346", "81.2446", ("81.2446", "81.2346")),
        ("inf", "-inf", ("-inf", "inf")),
        ("True", "False", ("False", "True")),
        ("[1 2 3]", "[1 2]", ("2 numbers", "3 numbers")),
        ("1", "", ("no number", "1 number")),
        ("1+2j", "1+3j", ("1+3j", "1+2j")),
    ],
)
def test_the_first_number_that_differs_is_named_as_printed(
    stored: str, here: str, first: tuple[str, str]
) -> None:
    (found,) = compared(stored, here)

    assert (found.cell, found.here, found.stored) == (1, *first)


def test_numbers_that_differ_come_with_their_digits() -> None:
    (found,) = compared("0.1234 7 0.05", "0.9999 7 0.90")

    assert found.numbers.tolist() == [0.1234, 7, 0.05]
    assert found.others.tolist() == [0.9999, 7, 0.90]
    assert found.digits.tolist() == [4, 1, 1]


def test_a_cell_that_stops_only_here_differs() -> None:
    stored, run = notebook(["a", "b"], {2: "0.5"}), notebook(["a", "b"])

    (seen,) = compare_outputs(stored, with_error(run, 2)).differences
    (told,) = compare_outputs(stored, notebook(["a", "b"]), {2: "did not finish"}).differences

    assert (seen.cell, seen.stopped) == (2, "stopped here with NameError: no w")
    assert (told.cell, told.stopped) == (2, "did not finish")


def test_a_cell_that_stopped_in_the_file_too_is_not_compared() -> None:
    stored = with_error(notebook(["a"], {1: "0.5"}), 1)

    assert not compare_outputs(stored, with_error(notebook(["a"], {1: "0.9"}), 1)).differences


@pytest.mark.parametrize("source", ["!nvidia-smi", "x = 1\n%timeit x", "%%bash\nls"])
def test_what_the_system_says_is_no_result(source: str) -> None:
    assert not compared("10", "20", source)


@pytest.mark.parametrize(
    "note",
    [
        "Streaming output truncated to the last 5000 lines.",
        "Output is truncated. View as a scrollable element",
        "[output cut at 100 KiB]",
    ],
)
def test_outputs_that_were_cut_are_not_compared(note: str) -> None:
    assert not compared(f"{note}\n1 2 3", "1 2 3 4")
    assert not compared("1 2 3 4", f"1 2\n{note}")


def test_a_file_without_outputs_or_without_numbers_is_told() -> None:
    nothing = compare_outputs(notebook(["a"]), notebook(["a"], {1: "1"}))
    words = compare_outputs(notebook(["a"], {1: "hello"}), notebook(["a"], {1: "hello"}))

    assert (nothing.outputs, nothing.differences) == (False, ())
    assert (words.outputs, words.numbers) == (True, False)
