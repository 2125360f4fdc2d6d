"""One case held against a prediction: whether it fits, and what is wrong in a word or two."""

from dataclasses import dataclass

import numpy as np

from grader.scoring.comparison import allowance, slacks
from grader.scoring.predictions import Parts
from grader.scoring.probed.view import CaseView, View

OTHER_VALUES = "other values"
CUT = "whole numbers in place of fractions"


@dataclass(frozen=True)
class Held:
    """A case held against what a hypothesis predicts."""

    case: CaseView
    fits: bool
    shape: bool  # whether the value has the shape that is expected
    wrong: str  # what is wrong in a word or two: "nan", "other values", "an error"
    off: float = np.inf  # by how much, where that is a number


def hold(view: View, case: CaseView, parts: Parts, floor: float = 0.0) -> Held:
    """Hold one case against a prediction of one part."""
    expected = np.asarray(next(iter(parts.values())), dtype=float)
    if case.step is None or case.step.error:
        return Held(case, False, False, "an error")
    actual = case.step.array
    if actual is None:
        return Held(case, False, False, f"no number ({case.step.type})")
    if actual.size != expected.size:
        return Held(case, False, False, f"the shape {actual.shape}")
    same = actual.shape == expected.shape
    if not np.isfinite(actual).all():
        return Held(case, False, same, "nan" if np.isnan(actual).any() else "inf")
    fits = agrees(view, actual, expected, floor)
    off = np.abs(actual.astype(float).reshape(-1) - expected.reshape(-1)).max(initial=0.0)
    return Held(case, fits, same, "" if fits else _wrong(actual, expected), float(off))


def agrees(view: View, actual: np.ndarray, expected: np.ndarray, floor: float = 0.0) -> bool:
    """Say whether two arrays of one size agree, whatever their shapes."""
    values = actual.astype(float).reshape(1, -1)
    single = np.array([actual.dtype.itemsize < 8 and actual.dtype.kind == "f"])
    slack = slacks(values, np.zeros_like(values), single, view.tolerance)[0]
    allowed = np.maximum(allowance(expected.reshape(-1), view.tolerance) + slack, floor)
    return bool((np.abs(values[0] - expected.reshape(-1)) <= allowed).all())


def _wrong(actual: np.ndarray, expected: np.ndarray) -> str:
    """Tell numbers that lost their fractions from others."""
    cut = actual.dtype.kind in "iu" and np.array_equal(np.trunc(expected.ravel()), actual.ravel())
    return CUT if cut else OTHER_VALUES
