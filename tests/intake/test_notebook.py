import json
import logging
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.faults import IntakeFault
from grader.intake import read_notebook

Notebook = Callable[..., bytes]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)
NOTEBOOK_LIKE = st.fixed_dictionaries(
    {},
    optional={
        "nbformat": st.integers(0, 5) | JSON,
        "nbformat_minor": st.integers(0, 6) | JSON,
        "metadata": JSON
        | st.dictionaries(st.sampled_from(["kernelspec", "language_info", "authors"]), JSON),
        "cells": JSON
        | st.lists(
            st.fixed_dictionaries(
                {"cell_type": st.sampled_from(["code", "text", "raw"])},
                optional=dict.fromkeys(("source", "code", "text", "metadata", "outputs"), JSON),
            )
        ),
        "worksheets": JSON
        | st.lists(
            st.fixed_dictionaries(
                {"cells": st.lists(st.dictionaries(st.sampled_from(["cell_type", "input"]), JSON))}
            )
        ),
    },
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "hw1.ipynb"


@pytest.fixture(scope="session")
def shared_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shared") / "hw1.ipynb"


def reads_or_faults(file: Path, content: bytes) -> bool:
    """Tell whether content was read; anything but a notebook or an IntakeFault escapes."""
    file.write_bytes(content)
    try:
        notebook = read_notebook(file)
    except IntakeFault:
        return False
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    nbformat.validate(notebook)
    nbformat.writes(notebook).encode()
    return True


def test_a_valid_notebook_is_read_as_it_is(file: Path, notebook_bytes: Notebook) -> None:
    file.write_bytes(notebook_bytes("x = 1\nx", ""))

    assert read_notebook(file) == nbformat.read(file, 4)


@pytest.mark.parametrize("name", ["a.json", "a.txt", "a.ipynb.txt", "a", "a.pdf"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_content_decides_not_the_name(
    tmp_path: Path, notebook_bytes: Notebook, name: str, encoding: str
) -> None:
    (tmp_path / name).write_bytes(notebook_bytes("x = 'é'").decode().encode(encoding))

    assert read_notebook(tmp_path / name).cells[0].source == "x = 'é'"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_cut_at_any_byte_a_notebook_is_a_fault_that_says_so(
    file: Path, notebook_bytes: Notebook, encoding: str
) -> None:
    content = notebook_bytes("print('é\U0001f600', -1.5)", "y = None").decode().encode(encoding)
    end = len(content.rstrip(b"\n\0"))

    for size in range(end):
        file.write_bytes(content[:size])
        with pytest.raises(IntakeFault, match=r"cut off|is empty|is binary data"):
            read_notebook(file)
    assert reads_or_faults(file, content)


@settings(deadline=None)
@given(content=st.binary(max_size=60))
def test_random_bytes_are_a_fault_and_nothing_else(shared_file: Path, content: bytes) -> None:
    assert not reads_or_faults(shared_file, content)


@settings(deadline=None)
@given(data=st.data())
def test_a_notebook_with_bytes_overwritten_is_read_or_a_fault(
    shared_file: Path, notebook_bytes: Notebook, data: st.DataObject
) -> None:
    content = bytearray(notebook_bytes("x = 1", "print(x)"))
    start = data.draw(st.integers(0, len(content)))
    content[start : start + 4] = data.draw(st.binary(max_size=8))

    reads_or_faults(shared_file, bytes(content))


@settings(max_examples=200, deadline=None)
@given(data=NOTEBOOK_LIKE)
def test_any_json_is_read_or_a_fault(shared_file: Path, data: dict[str, Any]) -> None:
    reads_or_faults(shared_file, json.dumps(data).encode())


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "hw1.ipynb is empty"),
        (b"%PDF-1.4", "hw1.ipynb is a PDF, not a notebook"),
        (b"<!DOCTYPE html>", "hw1.ipynb is an HTML page, not a notebook"),
        (
            b"version https://git-lfs.github.com/spec/v1\noid sha256:4d\nsize 9\n",
            "hw1.ipynb is a Git LFS pointer, not a notebook",
        ),
        (b'{"a": 1}', "hw1.ipynb is JSON but no notebook: no 'cells'"),
        (b'{"cells": 1}', "hw1.ipynb is JSON but no notebook: 'cells' is no list"),
    ],
)
def test_a_fault_begins_with_the_name_of_the_file(file: Path, content: bytes, says: str) -> None:
    file.write_bytes(content)

    with pytest.raises(IntakeFault) as raised:
        read_notebook(file)

    assert str(raised.value) == says


def test_nothing_of_nbformat_is_heard(
    file: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    cell = {"cell_type": "code", "source": ["a\n", "b"], "metadata": {"tags": 3}}
    old = {"cell_type": "code", "input": "a", "metadata": {}, "prompt_number": "x"}
    contents = [
        {"nbformat": 4, "nbformat_minor": 9, "metadata": {"kernelspec": 3}, "cells": [cell, cell]},
        {"nbformat": 3, "metadata": {}, "worksheets": [{"cells": [old]}]},
    ]

    with warnings.catch_warnings(), caplog.at_level(logging.DEBUG):
        warnings.simplefilter("error")
        for content in contents:
            assert reads_or_faults(file, json.dumps(content).encode())

    assert caplog.records == []
    assert capfd.readouterr() == ("", "")


def test_metadata_that_breaks_the_format_is_dropped_and_other_metadata_kept(file: Path) -> None:
    kernel = {"name": "python3", "display_name": "Python 3"}
    content = {"metadata": {"kernelspec": kernel}, "cells": []}
    file.write_text(json.dumps(content))
    kept = read_notebook(file).metadata
    file.write_text(json.dumps(content | {"metadata": {"kernelspec": {"name": 3}}}))

    assert kept == {"kernelspec": kernel}
    assert read_notebook(file).metadata == {}


def test_the_file_is_not_changed(file: Path, notebook_bytes: Notebook) -> None:
    content = notebook_bytes("x = 1").replace(b'"id": "c0",', b"")
    file.write_bytes(content)

    read_notebook(file)

    assert file.read_bytes() == content
