import nbformat
import numpy as np

from grader.observation.observe import Observations, output_texts
from tests.recordings import notebook, recording, value


def test_a_recorded_value_keeps_its_place_and_life() -> None:
    [seen] = Observations(recording(value("w", [0.123456789, 0.2], cell=2, last_cell=5))).recorded

    assert (seen.path, seen.cell, seen.last_cell, seen.origin) == ("w", 2, 5, "variable")
    assert (seen.resolution == 0).all()


def test_a_rounded_value_tells_its_rounding() -> None:
    [seen] = Observations(recording(value("w", np.round([0.12345, 0.54321], 3)))).recorded

    assert (seen.resolution == 5e-4).all()


def test_a_printed_object_is_named_by_its_line() -> None:
    text = "first\n[0.1 0.2]\n"
    printed = value("print 2, argument 1", [0.1, 0.2], origin="printed", span=(6, 16))

    [seen] = Observations(recording(printed, printed={1: text})).recorded

    assert seen.path == "printed line 2"


def test_printed_text_is_read_with_the_precision_of_its_digits() -> None:
    [seen] = Observations(recording(printed={1: "loss\n[0.1324 0.8676]\n"})).printed

    assert (seen.path, seen.origin, seen.dtype) == ("printed line 2", "text", "text")
    assert np.allclose(seen.resolution, 5e-5)


def test_stored_outputs_are_kept_apart() -> None:
    found = Observations(recording(stored={1: "[0.1324 0.8676]"}))

    assert found.printed == ()
    assert [seen.origin for seen in found.stored] == ["stored_output"]


def test_errors_and_standard_error_are_not_read() -> None:
    book = notebook(["f()"])
    book.cells[0].outputs = [
        nbformat.v4.new_output("stream", name="stderr", text="[1.5 2.5]"),
        nbformat.v4.new_output("error", ename="E", evalue="[1.5]", traceback=["[1.5]"]),
    ]

    assert list(output_texts(book)) == []


def test_displayed_text_is_read() -> None:
    book = notebook(["x"])
    shown = nbformat.v4.new_output("execute_result", data={"text/plain": "array([1.5, 2.5])"})
    book.cells[0].outputs = [shown]

    assert list(output_texts(book)) == [(1, "displayed line ", "array([1.5, 2.5])")]
