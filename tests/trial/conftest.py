from collections.abc import Callable
from pathlib import Path

import pytest

LINEAR = Path(__file__).parents[1] / "assignments" / "linear"

Spoil = Callable[..., Path]


@pytest.fixture
def spoil(tmp_path: Path) -> Spoil:
    """Copy the tiny assignment, with pieces of its files replaced."""

    def spoiling(**changes: tuple[str, str]) -> Path:
        for name in ("linear.toml", "linear.py", "linear_solution.py"):
            text = (LINEAR / name).read_text()
            old, new = changes.get(name.replace(".", "_"), ("", ""))
            assert old in text
            (tmp_path / name).write_text(text.replace(old, new, 1) if old else text)
        return tmp_path / "linear.toml"

    return spoiling
