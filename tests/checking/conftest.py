from collections.abc import Callable, Sequence
from pathlib import Path

import nbformat
import pytest

from grader.checking import run
from tests.batch.tiny import TinyDesk

WriteNotebook = Callable[..., Path]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No notebook here needs torch."""
    monkeypatch.setattr(run, "RecordingDesk", TinyDesk)


@pytest.fixture
def write_notebook(tmp_path: Path) -> WriteNotebook:
    """Write a notebook of some cells into a folder of its own."""

    def writing(sources: Sequence[str], name: str = "line.ipynb", **metadata: object) -> Path:
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        made = nbformat.v4.new_notebook(cells=cells, metadata=metadata)
        path = tmp_path / "work" / name
        path.parent.mkdir(exist_ok=True)
        nbformat.write(made, path)
        return path

    return writing
