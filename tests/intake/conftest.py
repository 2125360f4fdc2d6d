"""Notebooks as bytes, and classes as folders."""

from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook


@pytest.fixture(scope="session")
def notebook_bytes() -> Callable[..., bytes]:
    """Build a notebook with a code cell of each source."""

    def built(*sources: str) -> bytes:
        cells = [new_code_cell(source, id=f"c{n}") for n, source in enumerate(sources)]
        return nbformat.writes(new_notebook(cells=cells)).encode()

    return built


@pytest.fixture
def a_class(tmp_path: Path) -> Callable[[dict[str, bytes | str | None]], Path]:
    """Make a folder from names and contents; None makes a folder, "-> x" a link to x."""

    def made(files: dict[str, bytes | str | None]) -> Path:
        folder = tmp_path / "class"
        folder.mkdir(exist_ok=True)
        for name, content in files.items():
            _make(folder / name, content)
        return folder

    return made


def _make(path: Path, content: bytes | str | None) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if content is None:
        path.mkdir()
    elif isinstance(content, bytes):
        path.write_bytes(content)
    elif content.startswith("-> "):
        path.symlink_to(content.removeprefix("-> "))
    else:
        path.write_text(content, encoding="utf-8")
