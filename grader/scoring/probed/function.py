"""A function judged: what it gave for each case, held against the reference."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from grader.scoring.comparison import allowance, slacks
from grader.scoring.hypothesis import Hypothesis
from grader.scoring.predictions import Parts
from grader.scoring.probed.findings import UNNAMED, Finding, Judged
from grader.scoring.probed.view import CaseView, View
from grader.scoring.wording import listed

_TORCH = re.compile(r"\btorch\b")  # in code whose comments are left out
LARGE = 30.0  # exp of it is beyond single precision's digits; beyond it functions overflow
OTHER_VALUES = "other values"

_GROUPS = {
    "overflow": ("{name} gives {wrong} for large numbers ({cases}).", 0.75),
    "single-number": ("{name} works on arrays, but not on a single number.", 1.0),
    "integers": ("{name} does not work on arrays of whole numbers.", 1.0),
    "kink": ("{name} gives {wrong} where the function has a kink ({cases}).", 0.75),
    "vector": ("{name} works on rows of examples, but not on a plain vector.", 1.0),
    "batch": ("{name} is right for one example, but not for several at once.", 0.5),
}


@dataclass(frozen=True)
class Held:
    """A case held against what a hypothesis predicts."""

    case: CaseView
    fits: bool
    shape: bool  # whether the value has the shape that is expected
    wrong: str  # what is wrong in a word or two: "nan", "other values", "an error"


def group_of(case: CaseView) -> str:
    """Tell what is peculiar to a case; "" for a plain one."""
    arrays = [array for array in case.arguments.values() if array.size]
    if any(np.abs(array.astype(float)).max() > LARGE for array in arrays):
        return "overflow"
    if all(array.ndim == 0 for array in arrays):
        return "single-number"
    if any(array.dtype.kind in "iu" for array in arrays):
        return "integers"
    return "batch" if any(array.ndim > 1 and len(array) > 1 for array in arrays) else ""


@dataclass(frozen=True)
class Terms:
    """How cases are held against the reference, and told from each other.

    A difference of at most `floor` is none, however small the values are.
    """

    floor: float = 0.0
    group: Callable[[CaseView], str] = group_of


USUAL = Terms()


def judge_function(view: View, terms: Terms = USUAL) -> Judged:
    """Judge a function by all its cases."""
    best = best_held(view, terms)
    if best is None:
        return Judged(doubt=f"The reference has no answer to hold {view.name} against.")
    return judged_by(view, *best, terms)


def best_held(view: View, terms: Terms = USUAL) -> tuple[Hypothesis, list[Held]] | None:
    """Return the hypothesis that fits most cases; None where the reference has no answer."""
    hypotheses = view.hypotheses
    tried = [(one, held) for one in hypotheses if (held := _held(view, one, terms)) is not None]
    return max(tried, key=lambda pair: sum(one.fits for one in pair[1])) if tried else None


def _held(view: View, hypothesis: Hypothesis, terms: Terms) -> list[Held] | None:
    """Hold every case against a hypothesis; None where that predicts nothing."""
    predicted = [view.predicted(hypothesis, case) for case in view.cases]
    if any(parts is None for parts in predicted):
        return None
    return [
        hold(view, case, parts, terms.floor)
        for case, parts in zip(view.cases, predicted, strict=True)
        if parts
    ]


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
    return Held(case, fits, same, "" if fits else OTHER_VALUES)


def agrees(view: View, actual: np.ndarray, expected: np.ndarray, floor: float = 0.0) -> bool:
    """Say whether two arrays of one size agree, whatever their shapes."""
    values = actual.astype(float).reshape(1, -1)
    single = np.array([actual.dtype.itemsize < 8 and actual.dtype.kind == "f"])
    slack = slacks(values, np.zeros_like(values), single, view.tolerance)[0]
    allowed = np.maximum(allowance(expected.reshape(-1), view.tolerance) + slack, floor)
    return bool((np.abs(values[0] - expected.reshape(-1)) <= allowed).all())


def judged_by(
    view: View, hypothesis: Hypothesis, held: Sequence[Held], terms: Terms = USUAL
) -> Judged:
    """Say what is right and what is not."""
    wrong = [one for one in held if not one.fits]
    findings = [Finding(m.id, m.says, m.worth) for m in hypothesis.mistakes]
    findings += _grouped(view, held, wrong, terms)
    findings += _shapes(view, held)
    findings += _changed(view)
    findings += overflow_warnings(view)
    findings += other_library(view)
    right = len(held) - len(wrong)
    all_of = f"all {right}" if right == len(held) else f"{right} of {len(held)}"
    says = f"{view.name} agrees with the reference on {all_of} cases."
    return Judged(says, tuple(findings), conventions=dict(hypothesis.conventions))


def _grouped(
    view: View, held: Sequence[Held], wrong: Sequence[Held], terms: Terms
) -> list[Finding]:
    """Say of wrong cases what they have in common, where the plain ones are right."""
    if not wrong:
        return []
    groups: dict[str, list[Held]] = {}
    for one in wrong:
        groups.setdefault(terms.group(one.case), []).append(one)
    plain = [one for one in held if not terms.group(one.case)]
    if "" in groups or not any(one.fits for one in plain or held):
        return [Finding(UNNAMED, _example(view, groups.get("", list(wrong))[0]))]
    return [of_group(view, group, cases) for group, cases in groups.items()]


def of_group(view: View, group: str, cases: Sequence[Held]) -> Finding:
    """Say of cases of one group that they are wrong."""
    says, worth = _GROUPS[group]
    words = {
        "name": view.name,
        "wrong": listed(one.wrong for one in cases),
        "cases": listed(one.case.label for one in cases),
    }
    return Finding(group, says.format(**words), worth)


def _example(view: View, held: Held) -> str:
    """Tell of a wrong case what came back."""
    case, name = held.case, view.name
    if case.step is None:
        return f"It was not called for {case.label} any more."
    if case.step.error:
        return f"For {case.label}, {name} raises {case.step.error.rstrip('.')}."
    if held.wrong != OTHER_VALUES:
        return f"For {case.label}, {name} gives {held.wrong}."
    return f"For {case.label}, {name} gives other values than it should."


def _shapes(view: View, held: Sequence[Held]) -> list[Finding]:
    """Say where right values come in another shape."""
    odd = [
        one for one in held if one.fits and not one.shape and group_of(one.case) != "single-number"
    ]
    if not odd:
        return []
    step = odd[0].case.step
    shape = step.array.shape if step is not None and step.array is not None else ()
    says = f"{view.name} returns the shape {shape} for {odd[0].case.label}."
    return [Finding("shape", says, 0.75)]


def _changed(view: View) -> list[Finding]:
    """Say where arguments were changed in place."""
    changed = [case.label for case in view.cases if case.step is not None and case.step.changed]
    if not changed:
        return []
    says = f"{view.name} changes its argument in place: whoever calls it loses the input."
    return [Finding("changes-argument", says, 0.75)]


def overflow_warnings(view: View) -> list[Finding]:
    """Say where NumPy warned of an overflow on the way to a value."""
    steps = [case.step for case in view.cases if case.step is not None]
    said = [w for step in steps for w in step.warnings if "overflow" in w or "invalid" in w]
    if not said:
        return []
    says = f"{view.name} overflows on the way for large numbers ({said[0]})."
    return [Finding("overflow-warning", says, 1.0)]


def other_library(view: View) -> list[Finding]:
    """Say where PyTorch computed what was asked of NumPy."""
    if view.question.library != "numpy":
        return []
    returned = any(view.library_of(step) == "torch" for step in view.steps())
    if not returned and not _TORCH.search(view.source):
        return []
    return [Finding("other-library", f"{view.name} computes with PyTorch; NumPy was asked for.")]
