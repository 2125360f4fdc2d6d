"""What a rewritten notebook gave, shown with the code that was handed in."""

from typing import Any

import nbformat

from grader.batch.own_code import with_own_code

OWN = "def fit(epochs):\n    for i in range(epochs):\n        return i / 0\nepochs = f(2)"
RAN = (
    "def fit(epochs):\n    epochs = least(epochs)\n    for i in range(epochs):\n"
    "        return i / 0\nepochs = least(f(2))"
)


def book(source: str, traceback: str = "") -> Any:
    error = nbformat.v4.new_output("error", ename="E", evalue="e", traceback=[traceback])
    cell = nbformat.v4.new_code_cell(source, outputs=[error] if traceback else [])
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("Text"), cell])


def shown(traceback: str) -> tuple[str, str]:
    cell = with_own_code(book(RAN, traceback), book(OWN)).cells[1]
    return cell.source, cell.outputs[0].traceback[0]


def test_cells_and_tracebacks_show_the_lines_as_handed_in() -> None:
    source, traceback = shown("----> \x1b[32m5\x1b[39m epochs = least(\x1b[32mf\x1b[39m(2))\nE: e")

    assert source == OWN
    assert traceback == "----> 5 epochs = f(2)\nE: e"


def test_a_line_that_was_put_in_is_not_shown() -> None:
    assert "least" not in shown("      2     epochs = least(epochs)\n      3     for i in x")[1]


def test_tracebacks_of_lines_that_are_as_they_were_keep_their_colours() -> None:
    text = "----> \x1b[32m3\x1b[39m return i / 0"

    assert shown(text)[1] == text


def test_only_whole_lines_are_put_back() -> None:
    error = "----> 1 epochs = 2\n      2 epochs = 25"

    cell = with_own_code(book("epochs = 2", error), book("epochs = 90")).cells[1]

    assert cell.outputs[0].traceback[0] == "----> 1 epochs = 90\n      2 epochs = 25"
