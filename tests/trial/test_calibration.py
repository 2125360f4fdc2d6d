"""Tolerances held against rounding and against the nearest hypothesis of other worth."""

from pathlib import Path

import pytest

from grader.rubric.reference import open_rubric
from grader.trial.calibration import calibrate
from grader.trial.model import Calibration
from tests.trial.conftest import LINEAR, Spoil

OTHERWISE = """
import numpy as np
from {module} import line

def otherwise(given, **settings):
    parts = line(given, **settings)
    return {{"line": ({computed})}}

ALTERNATIVES = {{"line": [otherwise]}}
BOUNDS = {{"line": lambda given, **settings: {{"line": np.full((1, 2), {bound})}}}}
"""


def calibrated(path: Path, question: int = 0) -> Calibration:
    rubric, reference = open_rubric(path)
    return calibrate(rubric, reference, path, question)


def offer(folder: Path, computed: str, bound: float = 1.0) -> None:
    text = OTHERWISE.format(module="linear", computed=computed, bound=bound)
    (folder / "linear_rounding.py").write_text(text)


@pytest.fixture
def path(spoil: Spoil, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = spoil()
    monkeypatch.syspath_prepend(path.parent)
    return path


def test_a_reference_without_alternatives_has_no_noise_floor() -> None:
    found = calibrated(LINEAR / "linear.toml")

    assert (found.floor, found.warnings) == (None, [])
    assert found.nearest is not None
    assert found.nearest.difference == pytest.approx(1.0775)


def test_a_tolerance_far_above_the_rounding_is_well(path: Path) -> None:
    offer(path.parent, 'parts["line"] + 1e-12')

    found = calibrated(path)

    assert found.warnings == []
    assert found.floor is not None
    assert found.floor.difference == pytest.approx(1e-12, rel=1e-3)
    assert found.floor.named == "otherwise; order = 'slope_first'"


def test_a_tolerance_below_ten_times_the_rounding_is_warned_of_with_both_numbers(
    path: Path,
) -> None:
    offer(path.parent, 'parts["line"] + 1e-5')

    [warning] = calibrated(path).warnings

    assert "1e-05" in warning
    assert "less than ten times the noise floor" in warning


def test_single_precision_is_granted_its_slack(path: Path) -> None:
    path.write_text(path.read_text() + "\n[tolerance]\nrtol = 0\natol = 1e-12\n")
    offer(path.parent, 'parts["line"].astype(np.float32)')

    found = calibrated(path)

    assert found.floor is not None
    assert found.floor.allowed > 1e-6
    assert found.beyond == 0


def test_a_tolerance_near_another_hypothesis_is_warned_of_with_both_numbers(path: Path) -> None:
    path.write_text(path.read_text() + "\n[tolerance]\nrtol = 0.1\natol = 0\n")

    [warning] = calibrated(path).warnings

    assert "more than a tenth of the distance" in warning
    assert "through-origin" in warning


def test_rounding_beyond_the_derived_bound_is_warned_of(path: Path) -> None:
    offer(path.parent, '(parts["line"] + 1e-7).astype(np.float32)', bound=1e-9)

    found = calibrated(path)

    assert found.exceeded
    assert "rounding was measured to exceed the bound derived for it" in found.warnings


def test_an_alternative_of_other_parts_is_a_fault(path: Path) -> None:
    text = "ALTERNATIVES = {'line': [lambda given, **settings: {'other': given['t']}]}"
    (path.parent / "linear_rounding.py").write_text(text)

    assert "predicts other parts" in calibrated(path).fault
