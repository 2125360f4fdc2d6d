"""A student's own losses: their slopes, held against what hypotheses predict, and a gradient."""

from dataclasses import dataclass

import numpy as np

from grader.observation.rounding import rounding_resolution
from grader.recording.model import OwnSlope
from grader.rubric.model import Tolerance
from grader.scoring.case import Case
from grader.scoring.comparison import allowance, slacks
from grader.scoring.hypothesis import Hypothesis

RATIOS = (2, 3, 4, 5, 6, 8, 10)
_FEWEST = 3  # entries of a gradient; fewer are a multiple of anything


@dataclass(frozen=True)
class Loss:
    """A function of the student's, and the hypothesis that its slope is predicted by."""

    slope: OwnSlope
    hypothesis: Hypothesis | None

    @property
    def right(self) -> bool:
        """Whether its gradient would earn all points."""
        return self.hypothesis is not None and self.hypothesis.worth >= 1

    @property
    def named(self) -> str:
        """Its name, as code."""
        return f"`{self.slope.function}`"


def losses_of(case: Case) -> list[Loss]:
    """List the functions that were differentiated, those first whose slope is explained."""
    constant = case.question.with_respect_to
    slopes = [slope for slope in case.recording.own_slopes if slope.constant == constant]
    found = [Loss(slope, _explained(case, slope.array)) for slope in slopes]
    return sorted(found, key=lambda loss: (not loss.right, loss.hypothesis is None))


def _explained(case: Case, slope: np.ndarray) -> Hypothesis | None:
    """Return the hypothesis that predicts a slope, the one worth most of several."""
    for hypothesis in case.plain:
        if hypothesis.expect == case.question.expect and not hypothesis.borrowed:
            predicted = (case.predictions.of(hypothesis) or {}).values()
            if any(agree(slope, part, case.tolerance) for part in predicted):
                return hypothesis
    return None


def fits(gradient: np.ndarray, loss: Loss, tolerance: Tolerance) -> bool:
    """Say whether a gradient is that of a loss."""
    return agree(gradient, loss.slope.array, tolerance)


def simple_ratio(gradient: np.ndarray, loss: Loss, tolerance: Tolerance) -> float | None:
    """Return the simple number, other than 1, by which a loss's slope makes the gradient."""
    slope = loss.slope.array
    if np.unique(np.round(np.abs(slope), 9)).size < 2 or slope.size < _FEWEST:
        return None
    simple = [-1.0, *(sign * n for n in RATIOS for sign in (1.0, -1.0))]
    simple += [sign / n for n in RATIOS for sign in (1.0, -1.0)]
    return next((n for n in simple if agree(gradient, n * slope, tolerance)), None)


def agree(actual: np.ndarray, expected: np.ndarray, tolerance: Tolerance) -> bool:
    """Say whether two arrays agree, with the rounding of the first and of single precision."""
    if actual.shape != expected.shape or not np.isfinite(actual).all():
        return False
    row = np.asarray(actual, dtype=np.float64).reshape(1, -1)
    resolution = np.full(row.shape, rounding_resolution(row))
    slack = slacks(row, resolution, np.array([True]), tolerance).reshape(actual.shape)
    allowed = allowance(expected, tolerance) + slack
    return bool((np.abs(actual - expected) <= allowed).all())
