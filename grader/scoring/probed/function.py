"""A function judged: what it gave for each case, held against the reference."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from grader.scoring.hypothesis import Hypothesis
from grader.scoring.probed.findings import UNNAMED, Finding, Judged
from grader.scoring.probed.holding import OTHER_VALUES, Held, hold
from grader.scoring.probed.libraries import other_library
from grader.scoring.probed.limits import cut, limit_of
from grader.scoring.probed.view import CaseView, View
from grader.scoring.wording import listed

LARGE = 30.0  # exp of it is beyond single precision's digits; beyond it functions overflow

_GROUPS = {
    "overflow": ("{name} gives {wrong} for large numbers ({cases}).", 0.75),
    "single-number": ("{name} works on arrays, but not on a single number.", 1.0),
    "integers": ("{name} does not work on arrays of whole numbers.", 1.0),
    "kink": ("{name} gives {wrong} where the function has a kink ({cases}).", 0.75),
    "vector": ("{name} works on rows of examples, but not on a plain vector.", 1.0),
    "stacked": ("{name} does not work on a stack of single rows, of three axes.", 1.0),
    "batch": ("{name} is right for one example, but not for several at once.", 0.5),
}


def group_of(case: CaseView) -> str:
    """Tell what is peculiar to a case; "" for a plain one."""
    arrays = [array for array in case.arguments.values() if array.size]
    if any(np.abs(array.astype(float)).max() > LARGE for array in arrays):
        return "overflow"
    if all(array.ndim == 0 for array in arrays):
        return "single-number"
    if any(array.dtype.kind in "iu" for array in arrays):
        return "integers"
    if all(array.ndim == 1 for array in arrays):
        return "vector"
    return "batch" if any(array.ndim > 1 and len(array) > 1 for array in arrays) else ""


@dataclass(frozen=True)
class Terms:
    """How cases are held against the reference, and told from each other.

    A difference of at most `floor` is none, however small the values are. What works entry
    by entry gives the same numbers in whatever shape, or is wrong.
    """

    floor: float = 0.0
    group: Callable[[CaseView], str] = group_of
    by_entry: bool = True

    def group_in(self, held: Held) -> str:
        """Tell what is peculiar to a case, by what came of it."""
        group = self.group(held.case)
        wrong = self.by_entry and not held.fits and np.isfinite(held.off)
        return "" if wrong and group == "vector" else group


USUAL = Terms()
Limit = Callable[[str, Sequence[Held]], Finding | None]


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
    if hypothesis.mistakes:  # then it is the mistake that it agrees with, which says so itself
        says = ""
    return Judged(says, tuple(findings), conventions=dict(hypothesis.conventions))


def _grouped(
    view: View, held: Sequence[Held], wrong: Sequence[Held], terms: Terms
) -> list[Finding]:
    """Say of wrong cases what they have in common, where the plain ones are right."""
    if not wrong:
        return []
    groups: dict[str, list[Held]] = {}
    for one in wrong:
        groups.setdefault(terms.group_in(one), []).append(one)
    plain = [one for one in held if not terms.group_in(one)]
    large = groups.get("overflow", [])
    if "" in groups or not any(one.fits for one in plain or held):
        plainly = Finding(UNNAMED, _example(view, groups.get("", list(wrong))[0]))
        return _limited(view, held, large, limit_of) or [plainly]
    limited = _limited(view, held, large, cut)
    if limited:
        return limited
    if "vector" in groups and all(_is_row(one) for one in groups.get("integers", ())):
        groups.pop("integers", None)  # for being a vector
    return [of_group(view, group, cases) for group, cases in groups.items()]


def _limited(
    view: View, held: Sequence[Held], large: Sequence[Held], limit: Limit
) -> list[Finding]:
    """Name the limits within which a function is right; large numbers may be beyond others."""
    whole = limit(view.name, held)
    if whole is not None:
        return [whole]
    usual = limit(view.name, [one for one in held if all(one is not other for other in large)])
    return [usual, of_group(view, "overflow", large)] if usual is not None and large else []


def _is_row(held: Held) -> bool:
    return all(array.ndim == 1 for array in held.case.arguments.values())


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
    said = [w for step in steps for w in step.warnings if "overflow" in w]
    if not said:
        return []
    says = f"{view.name} overflows on the way for large numbers ({said[0]})."
    return [Finding("overflow-warning", says, 1.0)]
