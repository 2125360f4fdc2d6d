"""The tests' own assignment whose answers are code and prose, spoilt in all ways."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.faults import RubricFault
from grader.rubric.reference import open_rubric

WRITTEN = Path(__file__).parents[1] / "assignments" / "written"
Problems = Callable[..., list[str]]

SQUARE = 'written.toml, question "square"'
SLOPE = f'{SQUARE}, part "square_grad"'
STEP = 'written.toml, question "step", part "step"'
WHY = 'written.toml, question "why"'


@pytest.fixture
def problems(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Problems:
    """Edit the rubric, open it with its reference, and return all that is wrong with it."""
    monkeypatch.chdir(tmp_path)
    for name in ("written.toml", "written.py"):
        (tmp_path / name).write_text((WRITTEN / name).read_text(encoding="utf-8"))

    def problems_after(*edits: tuple[str, str]) -> list[str]:
        text = (WRITTEN / "written.toml").read_text(encoding="utf-8")
        for old, new in edits:
            assert old in text
            text = text.replace(old, new, 1)
        Path("written.toml").write_text(text, encoding="utf-8")
        try:
            open_rubric(Path("written.toml"))
        except RubricFault as fault:
            return fault.problems
        return []

    return problems_after
