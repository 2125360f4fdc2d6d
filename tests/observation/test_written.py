"""Written answers found: below a heading, however both are written."""

from typing import Any

import nbformat
import pytest

from grader.observation.written import Written, find_written

PROMPT = "Which model was better, and why?\n\n*Your answer here*"
HEADING = "## 3.2 Written answers"
HANDED_OUT = f"{HEADING}\n\n{PROMPT}"
NEXT = "## 3.3 Another task"


def text(source: str, **more: Any) -> Any:
    return nbformat.v4.new_markdown_cell(source, **more)


def code(source: str) -> Any:
    return nbformat.v4.new_code_cell(source)


def found(*cells: Any, prompt: str = PROMPT) -> Written:
    made = [text(cell) if isinstance(cell, str) else cell for cell in cells]
    return find_written(nbformat.v4.new_notebook(cells=made), "3.2", prompt)


@pytest.mark.parametrize(
    "cells",
    [
        [HANDED_OUT.replace("*Your answer here*", "The second.")],
        [HANDED_OUT, "The second."],
        [HANDED_OUT, code("x = 1"), "The second."],
        ["# 3 Compare", HEADING + "\n\nThe second.\n\n" + NEXT + "\n\nElsewhere.", "Elsewhere."],
        ["3.2 Written answers\n---\n\nThe second.\n", NEXT],
        ["<h2 style='color:red'>3.2 <b>Written</b> answers</h2>The second.", NEXT],
        ["**3.2 Written answers**", "The second.", "**3.3 Another task**", "Elsewhere."],
        ["<b>3.2 Written answers</b>\n\nThe second.", "### 4 More", "Elsewhere."],
        [HANDED_OUT, nbformat.v4.new_raw_cell("The second."), "# 4 More", "Elsewhere."],
        [nbformat.v4.new_raw_cell(HEADING), "The second."],
        [HEADING, code("%%markdown\nThe second.")],
        [HANDED_OUT, code("# The second.\nx = 1")],
        [HANDED_OUT, code('answer = "The second."')],
        [HANDED_OUT, code('"""\nThe second.\n"""')],
        [HANDED_OUT, code("print(f'The second.')")],
        [HANDED_OUT, "## 3.2 Written answers", "The second."],
        [HANDED_OUT.replace("*Your answer here*", ""), code("# The second.\nx = 1")],
    ],
)
def test_an_answer_is_found_wherever_it_is_written(cells: list[Any]) -> None:
    assert found(*cells).text.strip() == "The second."


@pytest.mark.parametrize("answer", ["# Because", "# Answer: because", "# My answer 4: because"])
def test_an_answer_set_as_a_heading_does_not_end_its_section(answer: str) -> None:
    assert found(HANDED_OUT, answer, "And more.", NEXT, "Elsewhere.").text == f"{answer}\nAnd more."


@pytest.mark.parametrize("answer", ["## 3.2: the second.", "<!-- the second -->", "*", "👍 2"])
def test_what_may_be_an_answer_is_shown_to_a_person(answer: str) -> None:
    assert bool(found(HANDED_OUT, answer).text) == (answer != "*")


@pytest.mark.parametrize(
    "flood", ["<h1>", "<h1 ", "# <", "# ", "[", "*", "**a", "`", "> ", "- ", "<", "a\n---\n", "1."]
)
def test_a_flood_is_read_in_time(flood: str) -> None:
    long = flood * (300_000 // len(flood))

    assert find_written(nbformat.v4.new_notebook(cells=[text(HEADING), text(long)]), "3.2").digest


def test_a_rule_below_a_paragraph_does_not_end_the_section() -> None:
    written = found(HANDED_OUT, "It was the\nsecond.\n---\nFor its speed.", "# 4 More")

    assert "second" in written.text
    assert written.text.endswith("For its speed.")


def test_a_numbered_heading_inside_code_is_no_heading() -> None:
    written = found(HANDED_OUT, "Like this:\n```\n# 4 More\n```\nThat is all.")

    assert written.text.endswith("That is all.")


@pytest.mark.parametrize("heading", ["13.2 Written", "3.20 Written", "3.2.1 Written", "Table 3,2"])
def test_another_number_is_another_heading(heading: str) -> None:
    written = found(f"## {heading}", "Not this.")

    assert (written.heading_found, written.text) == (False, "")


@pytest.mark.parametrize(
    "cells",
    [
        [HANDED_OUT],
        [HANDED_OUT, "", NEXT, "Elsewhere."],
        [
            HEADING + "\n\n" + PROMPT.replace(" ", "  "),
            "---",
            "<!-- your answer here -->",
            "- \n- ",
        ],
        [HANDED_OUT, "TODO", "Type your answer here."],
        [HANDED_OUT, code("x = 1\n")],
        [HANDED_OUT, code("# your code here")],
        [HEADING],
    ],
)
def test_what_was_handed_out_is_no_answer(cells: list[Any]) -> None:
    written = found(*cells)

    assert (written.text, written.heading_found, written.cells) == ("", True, ())


def test_the_numbers_of_an_empty_list_are_no_answer() -> None:
    assert found(HANDED_OUT, "1. ...\n2.\n> 3) ").text == ""
    assert found(HANDED_OUT, "98").text == "98"


def test_without_a_prompt_all_that_stands_there_is_shown_to_a_person() -> None:
    assert found(HANDED_OUT, prompt="").text.startswith("Which model")


def test_a_choice_among_lines_that_were_handed_out_is_an_answer() -> None:
    prompt = "Delete one:\n\n- the first\n- the second"

    assert found(f"{HEADING}\n\n{prompt}", prompt=prompt).text == ""
    assert "second" in found(f"{HEADING}\n\nDelete one:\n- the second", prompt=prompt).text


def test_a_pasted_picture_is_an_answer() -> None:
    pasted = {"scan.png": {"image/png": "aGVsbG8="}}
    other = {"scan.png": {"image/png": "d29ybGQ="}}

    written = found(HANDED_OUT, text("![](attachment:scan.png)", attachments=pasted))
    changed = found(HANDED_OUT, text("![](attachment:scan.png)", attachments=other))

    assert written.text
    assert written.digest != changed.digest


def test_markdown_is_read_before_comments_and_code_without_words_is_no_answer() -> None:
    assert found(HANDED_OUT, "The second.", code("# plot it")).text == "The second."


def test_the_digest_follows_the_words_and_not_the_white_space() -> None:
    one = found(HANDED_OUT, "The second.\nFor its speed.")
    saved_again = found(HANDED_OUT, "The second. \n\nFor  its speed.\n")
    changed = found(HANDED_OUT, "The second.\nFor its spread.")

    assert one.digest == saved_again.digest != changed.digest


def test_without_the_heading_the_digest_follows_the_whole_notebook() -> None:
    assert found("The second.").digest != found("The first.").digest


def test_a_section_that_was_copied_is_read_twice() -> None:
    assert found(HEADING, "One.", NEXT, "Elsewhere.", HEADING, "Two.").text == "One.\nTwo."


@pytest.mark.parametrize(
    "notebook", [None, [], {}, {"cells": None}, {"cells": [3, {"cell_type": "markdown"}]}]
)
def test_what_is_no_notebook_holds_no_answer(notebook: Any) -> None:
    written = find_written(notebook, "3.2")

    assert (written.text, written.heading_found) == ("", False)


def test_a_heading_without_a_number_ends_at_the_next_of_its_rank() -> None:
    cells = ["## Reflection", "Mine.", "### Detail", "Still mine.", "## Next", "Elsewhere."]
    notebook = nbformat.v4.new_notebook(cells=[text(cell) for cell in cells])

    assert find_written(notebook, "reflection").text == "Mine.\n### Detail\nStill mine."
