import pytest
from nbformat.v4 import new_markdown_cell

from grader.execution.outcome import CellStatus
from grader.recording.model import Recording
from grader.reporting.cells import show_cells
from tests.reporting.made import code, display, run, stream


def test_code_cells_are_counted_from_one_and_text_is_not() -> None:
    cells = show_cells(
        run(new_markdown_cell("# Task"), code("a"), code(""), code("b")), set(), set()
    )

    assert [cell.number for cell in cells] == [0, 1, 2, 3]


def test_an_empty_text_cell_leaves_no_trace() -> None:
    assert show_cells(run(new_markdown_cell(" \n")), set(), set()) == []


def test_long_code_and_long_output_are_folded_apart() -> None:
    long_code = code("\n".join(["x = 1"] * 40), stream("short"))
    long_output = code("x", stream("line\n" * 2000))

    first, second = show_cells(run(long_code, long_output), set(), set())

    assert (first.folded_code, first.folded_outputs) == ("40 lines of code", "")
    assert (second.folded_code, second.folded_outputs) == ("", "2,000 lines of output")


def test_a_cell_evidence_points_into_is_open() -> None:
    (cell,) = show_cells(run(code("x = 1\n" * 50, stream("line\n" * 50))), {1}, set())

    assert cell.marked
    assert (cell.folded_code, cell.folded_outputs) == ("", "")


@pytest.mark.parametrize("status", ["raised", "timed_out", "out_of_memory", "died", "not_run"])
def test_a_cell_that_did_not_finish_says_so_and_is_open(status: CellStatus) -> None:
    (cell,) = show_cells(run(code("x = 1\n" * 50), statuses={1: status}), set(), set())

    assert cell.status_text
    assert cell.error == "Trouble: in 1"
    assert cell.folded_code == ""


def test_a_cell_evidence_points_into_gets_room_before_all_others() -> None:
    cells = [code(f"x{n} = '{'<' * 3000}'") for n in range(100)]

    shown = show_cells(run(*cells), {100}, set())

    assert shown[-1].number == 100
    assert shown[-2].gap == 100 - (len(shown) - 1)


def test_a_notebook_of_thousands_of_cells_ends_in_a_gap() -> None:
    shown = show_cells(run(*[code("pass")] * 5000), set(), set())

    assert shown[-1].gap == 5000 - (len(shown) - 1)
    assert len(shown) < 1000


def test_pictures_have_room_of_their_own() -> None:
    png = "iVBORw0KGgo" + "A" * (101 * 1024 - 11)
    picture = code("plot()", display(image_png=png, text_plain="<Figure>"))

    shown = show_cells(run(*[picture] * 6, code("last")), set(), set())

    kinds = [cell.outputs[0].kind for cell in shown[:-1]]
    assert kinds == ["picture"] * 2 + ["note"] * 4
    assert shown[-1].source


def test_stored_output_is_shown_where_it_is_evidence() -> None:
    handed_in = run(code("f()", stream("0.5"))).handed_in
    recording = run(code("f()"), handed_in=handed_in)

    (plain,) = show_cells(recording, {1}, set())
    (cell,) = show_cells(recording, {1}, {1})

    assert plain.stored == ()
    assert [output.text for output in cell.stored] == ["0.5"]


def test_a_notebook_that_never_ran_is_shown_as_handed_in() -> None:
    (cell,) = show_cells(run(code("x = 1"), executed=None, cells=()), set(), set())

    assert (cell.number, cell.status) == (1, "ok")


@pytest.mark.parametrize("notebook", [None, {}, {"cells": 4}, {"cells": [None, 3, {}]}, []])
def test_what_is_no_notebook_has_no_cells(notebook: object) -> None:
    assert show_cells(Recording("s", "s.ipynb", "k", executed=notebook), set(), set()) == []


def test_highlighted_code_reads_as_it_was_written() -> None:
    source = "if a < b & c:\n    print('</pre>')"

    (cell,) = show_cells(run(code(source)), set(), set())

    assert "</pre>" not in cell.source
    assert '<span class="k">if</span>' in cell.source
