from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.faults import IntakeFault
from grader.intake.cells import joined, tidy_cells

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)
TEXTS = st.text(max_size=5) | st.lists(st.text(max_size=5), max_size=3)
MIMES = st.sampled_from(["text/plain", "image/png", "application/json", "application/x+json", ""])
OUTPUTS = st.fixed_dictionaries(
    {},
    optional={
        "output_type": st.sampled_from(["stream", "error", "display_data", "execute_result"])
        | JSON,
        "name": st.just("stderr") | JSON,
        "text": TEXTS | JSON,
        "data": st.dictionaries(MIMES, TEXTS | JSON) | JSON,
        "metadata": JSON,
        "execution_count": JSON,
        "ename": TEXTS | JSON,
        "evalue": TEXTS | JSON,
        "traceback": TEXTS | JSON,
        "more": JSON,
    },
)
CELLS = st.fixed_dictionaries(
    {"cell_type": st.sampled_from(["code", "markdown", "raw"]), "source": TEXTS},
    optional={
        "id": st.sampled_from(["a", "b", "cell-1", "cell-2", "", "ö", "a\n", "x" * 65]) | JSON,
        "outputs": st.lists(OUTPUTS | JSON, max_size=3) | JSON,
        "execution_count": JSON,
        "attachments": st.dictionaries(st.text(max_size=3), st.dictionaries(MIMES, TEXTS)) | JSON,
        "more": JSON,
    },
)


def code(**parts: Any) -> dict[str, Any]:
    return {"cell_type": "code", "source": "x = 1", "outputs": []} | parts


@settings(deadline=None)
@given(raw=st.lists(CELLS, max_size=5))
def test_whatever_surrounds_the_sources_they_are_kept_and_the_cells_valid(raw: list[Any]) -> None:
    cells = tidy_cells(raw)

    assert [cell["source"] for cell in cells] == ["".join(cell["source"]) for cell in raw]
    assert len({cell["id"] for cell in cells}) == len(cells)
    nbformat.validate({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})


@settings(deadline=None)
@given(raw=JSON | st.lists(JSON))
def test_what_is_no_list_of_cells_is_a_fault_and_nothing_else(raw: Any) -> None:
    if raw == []:
        assert tidy_cells(raw) == []
    else:
        with pytest.raises(IntakeFault):
            tidy_cells(raw)


def test_valid_outputs_stay_as_they_are() -> None:
    outputs = [
        {"output_type": "stream", "name": "stderr", "text": "a\nb"},
        {"output_type": "error", "ename": "E", "evalue": "e", "traceback": ["1", "2"]},
        {
            "output_type": "execute_result",
            "execution_count": 3,
            "metadata": {"a": 1},
            "data": {"text/plain": "3", "application/json": {"a": [1]}},
        },
    ]

    assert tidy_cells([code(outputs=outputs)])[0]["outputs"] == outputs


def test_an_output_that_breaks_the_format_is_dropped_alone() -> None:
    good = {"output_type": "stream", "name": "stdout", "text": "a"}
    bad = [3, {"output_type": "pyout"}, {"output_type": "stream", "text": 7}]

    assert tidy_cells([code(outputs=[bad[0], good, *bad[1:]])])[0]["outputs"] == [good]


def test_a_representation_that_is_no_text_is_dropped_unless_it_is_json() -> None:
    data = {"text/plain": 7, "text/html": ["<b>", "x"], "application/vnd.x+json": 7}
    output = {"output_type": "display_data", "data": data, "metadata": {}}

    (read,) = tidy_cells([code(outputs=[output])])[0]["outputs"]

    assert read["data"] == {"text/html": "<b>x", "application/vnd.x+json": 7}


@pytest.mark.parametrize("count", [-1, True, 2.0, "3", [1]])
def test_an_execution_count_that_is_none_becomes_none(count: object) -> None:
    assert tidy_cells([code(execution_count=count)])[0]["execution_count"] is None
    assert tidy_cells([code(execution_count=3)])[0]["execution_count"] == 3


def test_missing_and_repeated_ids_are_replaced_the_same_way_each_time() -> None:
    raw = [code(id="a"), code(id="a"), code(), code(id="cell-1"), code(id="b c")]

    ids = [cell["id"] for cell in tidy_cells(raw)]

    assert ids == ["a", "cell-2", "cell-3", "cell-1", "cell-4"]


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        (7, "cell 2 from the top is no cell"),
        ({"cell_type": "code"}, "cell 2 from the top has no source"),
        ({"cell_type": "code", "source": [1]}, "cell 2 from the top has no source"),
        ({"cell_type": "cod", "source": ""}, "cell 2 from the top has the unknown type 'cod'"),
    ],
)
def test_a_damaged_cell_is_placed(cell: object, says: str) -> None:
    with pytest.raises(IntakeFault) as raised:
        tidy_cells([code(), cell])

    assert str(raised.value) == f"is a damaged notebook: {says}"


def test_lines_are_joined_and_what_is_no_text_is_none() -> None:
    assert joined(["a\n", "b"]) == "a\nb"
    assert joined(["a", 1]) is None
    assert joined(None) is None
