import copy
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_notebook, new_output, new_raw_cell

from grader.faults import IntakeFault
from grader.intake.cells import tidy_cells
from grader.intake.versions import cells_of

OUTPUTS = st.builds(
    lambda text, kind: (
        new_output("stream", text=text, name="stderr")
        if kind == "stream"
        else new_output("error", ename="E", evalue=text, traceback=[text])
        if kind == "error"
        else new_output(kind, {"text/plain": text, "text/html": text, "image/png": "aGk="})
    ),
    st.text(max_size=20),
    st.sampled_from(["stream", "error", "display_data", "execute_result"]),
)
CELLS = st.builds(
    lambda source, outputs: new_code_cell(source, outputs=outputs, execution_count=2),
    st.text(max_size=20),
    st.lists(OUTPUTS, max_size=3),
) | st.builds(new_raw_cell, st.text(max_size=20))


@settings(deadline=None)
@given(cells=st.lists(CELLS, max_size=4))
def test_format_3_keeps_sources_and_outputs(cells: list[Any]) -> None:
    fourth = new_notebook(cells=cells)
    third = nbformat.convert(copy.deepcopy(fourth), 3)

    read = tidy_cells(cells_of(third))

    assert [cell["source"] for cell in read] == [cell.source for cell in cells]
    assert [cell.get("outputs") for cell in read] == [cell.get("outputs") for cell in cells]


def test_format_3_joins_lines_and_worksheets_and_turns_headings_to_markdown() -> None:
    data = {
        "nbformat": 3,
        "worksheets": [
            {"cells": [{"cell_type": "heading", "level": 2, "source": ["Task", " 1"]}]},
            {"cells": [{"cell_type": "code", "input": ["a = 1\n", "a"], "prompt_number": 4}]},
        ],
    }

    heading, code = cells_of(data)

    assert (heading["cell_type"], heading["source"]) == (
        "markdown",
        "## Task\n 1".replace("\n", " "),
    )
    assert (code["source"], code["execution_count"], code["outputs"]) == ("a = 1\na", 4, [])


@pytest.mark.parametrize("claimed", [2, 3, 4, None])
def test_what_the_file_holds_decides_its_format_not_the_number_it_claims(claimed: object) -> None:
    sheets = {"worksheets": [{"cells": [{"cell_type": "code", "input": "a"}]}], "nbformat": claimed}
    cells = {"cells": [{"cell_type": "code", "source": "b"}], "nbformat": claimed}

    assert [cell["source"] for cell in cells_of(sheets)] == ["a"]
    assert [cell["source"] for cell in cells_of(cells)] == ["b"]


def test_format_1_is_read() -> None:
    cells = [{"cell_type": "code", "code": "a = 1"}, {"cell_type": "text", "text": "hello"}]

    read = cells_of({"cells": cells})

    assert [(cell["cell_type"], cell["source"]) for cell in read] == [
        ("code", "a = 1"),
        ("markdown", "hello"),
    ]


def test_a_stray_key_does_not_make_format_4_format_1() -> None:
    cells = [{"cell_type": "code", "source": "a = 1", "text": "stray"}]

    assert cells_of({"nbformat": 4, "cells": cells}) == cells


def test_the_same_old_file_reads_the_same_twice() -> None:
    data = {"worksheets": [{"cells": [{"cell_type": "code", "input": "a"}]}], "nbformat": 3}

    assert tidy_cells(cells_of(copy.deepcopy(data))) == tidy_cells(cells_of(data))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"a": 1}, "is JSON but no notebook: no 'cells'"),
        ({"nbformat": 5, "cells": []}, "is a notebook of format 5; formats up to 4 can be read"),
    ],
)
def test_what_is_no_notebook_or_too_new_is_said(data: dict[str, Any], says: str) -> None:
    with pytest.raises(IntakeFault) as raised:
        cells_of(data)

    assert str(raised.value) == says


@pytest.mark.parametrize("sheets", [3, [3], [{}], [{"cells": [{}]}], [{"cells": "code"}]])
def test_an_old_notebook_that_cannot_be_converted_is_a_fault(sheets: object) -> None:
    with pytest.raises(IntakeFault, match="is a notebook of format 3 that cannot be converted"):
        cells_of({"nbformat": 3, "worksheets": sheets})
