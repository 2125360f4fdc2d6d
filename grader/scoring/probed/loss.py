"""A loss judged by its value for each case, and a gradient by the loss it belongs to."""

from dataclasses import replace

import numpy as np

from grader.execution.asking.losses import SWAPPED
from grader.scoring.hypothesis import Hypothesis
from grader.scoring.probed.findings import UNNAMED, Finding, Judged
from grader.scoring.probed.function import Terms, best_held, judged_by
from grader.scoring.probed.gradient import judge_gradient
from grader.scoring.probed.holding import agrees
from grader.scoring.probed.ratios import scaled
from grader.scoring.probed.view import CaseView, View

_REPLACED = {
    UNNAMED,
    "batch",
    "vector",
    "stacked",
    "shape",
    "no-rows",
}  # by a finding that says more


def judge_loss(view: View) -> Judged:
    """Judge a loss, or, of a part that belongs to one, its gradient."""
    terms = Terms(view.tolerance.atol, kind_of, by_entry=False)
    best = best_held(view, terms)
    if best is None:
        return Judged(doubt=f"The reference has no answer to hold {view.name} against.")
    judged = judged_by(view, *best, terms)
    if view.part.of is not None:
        return _ordered(view, judge_gradient(view, judged, best[0]))
    found = _unreduced(view) or _scaled(view, judged)
    if found is not None:
        kept = tuple(one for one in judged.findings if one.id not in _REPLACED)
        judged = replace(judged, findings=(found, *kept))
    return _ordered(view, judged)


def kind_of(case: CaseView) -> str:
    """Tell a plain vector, a batch, and a stack of rows from one example in a row."""
    if len(_shape(case)) != 2:
        return "vector" if len(_shape(case)) < 2 else "stacked"
    return "batch" if examples_of(case) > 1 else ""


def examples_of(case: CaseView) -> int:
    """Return how many examples a case has."""
    return int(np.prod(_shape(case)[:-1]))


def _shape(case: CaseView) -> tuple[int, ...]:
    return next(iter(case.arguments.values())).shape


def _ordered(view: View, judged: Judged) -> Judged:
    """Say where the arguments were handed over in the student's own order."""
    if not view.result.inputs.get(SWAPPED, np.array(False)).any():
        return judged
    order = " and ".join(f"`{name}`" for name in view.cases[0].arguments) if view.cases else ""
    says = f"{view.name} takes its arguments in the other order than {order}; judged in yours."
    return replace(judged, remarks=(*judged.remarks, says))


def _unreduced(view: View) -> Finding | None:
    """Name a loss that gives an array: one loss for each example, or for each entry."""
    given = [(case, _array(case)) for case in view.cases]
    counts = {case.number: array.size for case, array in given if array is not None}
    many = [case for case in view.cases if counts.get(case.number, 0) > 1]
    many = [case for case in many if kind_of(case) != "stacked"] or many
    if not many or not any(_pools(view, one, many) for one in view.hypotheses):
        return None
    if all(counts[case.number] == examples_of(case) for case in many):
        says = f"{view.name} gives one loss for each example, not one number for the batch."
        return Finding("per-example", says, 0.75)
    says = f"{view.name} gives an array of errors, not one number."
    return Finding("not-reduced", says, 0.5)


def _pools(view: View, hypothesis: Hypothesis, many: list[CaseView]) -> bool:
    """Say whether the sum or the mean of what came back is what a hypothesis predicts."""
    arrays = [(case, array) for case in many if (array := _array(case)) is not None]
    return any(
        all(_agrees(view, hypothesis, case, np.asarray(pool(array))) for case, array in arrays)
        for pool in (np.mean, np.sum)
    )


def _agrees(view: View, hypothesis: Hypothesis, case: CaseView, value: np.ndarray) -> bool:
    expected = _expected(view, hypothesis, case)
    return bool(np.isfinite(value)) and agrees(view, value, expected, view.tolerance.atol)


def _scaled(view: View, judged: Judged) -> Finding | None:
    """Name a loss that differs from an accepted one by a factor."""
    if all(one.id != UNNAMED for one in judged.findings):
        return None
    rows = [case for case in view.cases if kind_of(case) in ("", "batch")]
    actual = [_array(case) for case in rows]
    for hypothesis in view.hypotheses:
        given = [one.reshape(()) for one in actual if one is not None and one.size == 1]
        wanted = [_expected(view, hypothesis, case).reshape(()) for case in rows]
        if len(given) < len(wanted):
            return None
        found = scaled(given, wanted, [_shape(case) for case in rows], view.tolerance)
        if found is not None and found.powers is not None and not found.is_one:
            says = f"{view.name} is {found.words} what it should be ({rows[0].label})."
            return Finding("scaled", says, 0.5)
    return None


def _expected(view: View, hypothesis: Hypothesis, case: CaseView) -> np.ndarray:
    parts = view.predicted(hypothesis, case) or {"": np.array(np.inf)}
    return np.asarray(next(iter(parts.values())), dtype=float)


def _array(case: CaseView) -> np.ndarray | None:
    """Return the numbers a case gave."""
    return None if case.array is None else case.array.astype(float)
