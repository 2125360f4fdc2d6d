"""Whether a derivative lies so far from differences of its function that both cannot be right."""

import numpy as np

from grader.scoring.comparison import slacks
from grader.scoring.probed.derivative import Own
from grader.scoring.probed.function import group_of
from grader.scoring.probed.slopes import Near
from grader.scoring.probed.view import CaseView, View
from grader.sealing.certain import COSTLY

_ERRORS = 2.0  # of a function's values in a slope: (8 + 8 + 1 + 1) / 12, and a little room
_ROOM = 4.0  # times what the full grading allows


def is_off(view: View) -> bool:
    """Say whether, in a plain case, what came back is not the slope of any nearly equal function.

    A right function may differ from the reference's by the tolerance, and a slope by
    differences then differs by that over the step: only what lies beyond counts.
    """
    own = Own(view)
    return any(
        case.number in own.cases and _is_off(view, case, own.cases[case.number])
        for case in view.cases
        if group_of(case) in COSTLY
    )


def _is_off(view: View, case: CaseView, around: Near) -> bool:
    array = case.array
    if array is None or array.size != around.step.size or not np.isfinite(array).all():
        return False
    given = array.astype(float).reshape(-1)
    allowed = _ROOM * (_slack(view, given, array.dtype) + around.noise)
    values = np.array(list(around.values.values()))
    largest = np.max(np.abs(np.where(np.isfinite(values), values, 0.0)), axis=0)
    kind = np.dtype(np.float32 if around.single else np.float64)
    allowed = allowed + _ERRORS * _slack(view, largest, kind) / around.step
    off = np.abs(given - around.slopes) > allowed
    return bool(off[around.smooth].any())


def _slack(view: View, values: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """Return how far values may lie from those of the reference."""
    tolerance, rows = view.tolerance, values.reshape(1, -1)
    single = np.array([dtype.itemsize < 8 and dtype.kind == "f"])
    own = slacks(rows, np.zeros_like(rows), single, tolerance)[0]
    return np.asarray(tolerance.atol + tolerance.rtol * np.abs(values) + own)
