"""A tiny assignment, a straight line through four points, that the tests spoil in all ways."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.faults import RubricFault
from grader.rubric.reference import open_rubric

LINE_TOML = """\
format = "gradmark/rubric/1"
assignment = "line"
title = "A straight line through four points"
reference = "line.py"

[limits]
cell_seconds = 10
notebook_seconds = 30

[tolerance]
rtol = 1e-6

[[question]]
id = "slope"
title = "The slope"
points = 4
library = "numpy"
expect = "slope"
accept = { divide = ["n", "n-1"], centre = "mean" }
hint = "Divide the covariance by the variance."

[[question.mistake]]
id = "not-centred"
when = { centre = "none" }
worth = 0.5
says = "The means were not subtracted."

[[question.mistake]]
id = "own-points"
given = { x = "*", y = "data*" }
worth = 0.75
says = "The points are not those of the sheet."

[[question.mistake]]
id = "typed-in"
says = "Nothing computes this number."

[[question]]
id = "dropped-slope"
title = "The slope with points left out at random"
points = 6
expect = "dropped_slope"
needs = ["slope"]
draws = "dropped_slope_draws"
rate = "rate"
structure = "dropped_slope_structure"
combine = 2
show_expected = false

[question.tolerance]
atol = 1e-5

[[question.mistake]]
id = "intercept-instead"
expect = "intercept"
says = "This is the intercept."
"""

LINE_PY = '''\
"""The least-squares line."""

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np

Centre = Literal["mean", "none"]

GIVEN = {
    "x": np.array([0.0, 1.0, 2.0, 3.0]),
    "y": np.array([1.0, 3.0, 5.0, 8.0]),
    "rate": 0.25,
}


def slope(
    given: Mapping[str, Any],
    *,
    centre: Centre = "mean",
    divide: Literal["n", "n-1"] = "n",
    passes: Literal[1, 2] = 1,
    weighted: bool = False,
) -> dict[str, np.ndarray] | None:
    x, y = given["x"], given["y"]
    shift = (x.mean(), y.mean()) if centre == "mean" else (0.0, 0.0)
    x, y = x - shift[0], y - shift[1]
    return {"slope": np.asarray(passes * (x @ y) / (x @ x))}


def intercept(given: Mapping[str, Any], *, centre: Centre = "mean") -> dict[str, np.ndarray] | None:
    rise = slope(given, centre=centre)["slope"]
    return {"intercept": given["y"].mean() - rise * given["x"].mean()}


def dropped_slope(
    given: Mapping[str, Any],
    *,
    masks: np.ndarray | None = None,
    kept: np.ndarray | None = None,
    centre: Centre = "mean",
) -> dict[str, np.ndarray] | None:
    return None


def dropped_slope_draws(given: Mapping[str, Any], **settings: Any) -> int:
    return len(given["x"])


def dropped_slope_structure(
    given: Mapping[str, Any], parts: Mapping[str, np.ndarray]
) -> list[tuple[str, float]]:
    return []


def mean(values: np.ndarray) -> float:
    return float(values.mean())
'''

Edit = tuple[str, str]


@pytest.fixture
def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A right rubric, `line.toml`, beside its reference, in the working directory."""
    monkeypatch.chdir(tmp_path)
    Path("line.toml").write_text(LINE_TOML, encoding="utf-8")
    Path("line.py").write_text(LINE_PY, encoding="utf-8")
    return Path("line.toml")


@pytest.fixture
def edit(line: Path) -> Callable[..., None]:
    """Replace the first of each text by another, in `line.toml` or the file named."""

    def replace(*edits: Edit, file: str = line.name) -> None:
        text = Path(file).read_text(encoding="utf-8")
        for old, new in edits:
            assert old in text
            text = text.replace(old, new, 1)
        Path(file).write_text(text, encoding="utf-8")

    return replace


@pytest.fixture
def problems(line: Path, edit: Callable[..., None]) -> Callable[..., list[str]]:
    """Edit the rubric, open it with its reference, and return all that is wrong with it."""

    def problems_after(*edits: Edit) -> list[str]:
        edit(*edits)
        try:
            open_rubric(line)
        except RubricFault as fault:
            return fault.problems
        return []

    return problems_after
