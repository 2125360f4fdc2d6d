"""A derivative judged twice: by the reference's, and by differences of the student's function."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from grader.scoring.hypothesis import Hypothesis
from grader.scoring.probed.findings import UNNAMED, Finding, Judged
from grader.scoring.probed.function import Terms, best_held, group_of, judged_by, of_group
from grader.scoring.probed.holding import OTHER_VALUES, Held
from grader.scoring.probed.limits import LIMITS
from grader.scoring.probed.slopes import Near, near
from grader.scoring.probed.view import CaseView, View

_FLAT = 1e-6  # slopes that differ by less are those of a straight line


@dataclass(frozen=True)
class Own:
    """What the derivative has to do with the student's own function."""

    view: View

    @property
    def name(self) -> str:
        """The function, as sentences have it."""
        return f"`{self.view.part.of}`"

    @cached_property
    def cases(self) -> dict[int, Near]:
        """The cases around which the function gave numbers, by their places."""
        found = ((case.number, near(self.view, case)) for case in self.view.cases)
        return {number: one for number, one in found if one is not None and one.known.any()}

    def kinked(self, case: CaseView) -> bool:
        """Say whether the function has a kink at every entry of a case."""
        around = self.cases.get(case.number)
        return around is not None and bool(around.kinks.all())

    def fitted(self, steps: str = "case", factor: float = 1.0) -> dict[int, bool]:
        """Say of each case whether what the steps gave are the function's slopes."""
        return {
            number: around.fits(slopes, self.view, factor)
            for number, around in self.cases.items()
            if (slopes := self._given(steps, number)) is not None and around.smooth.any()
        }

    def all_fit(self, steps: str = "case", factor: float = 1.0) -> bool:
        """Say whether they are in all cases there are."""
        fitted = self.fitted(steps, factor)
        return bool(fitted) and all(fitted.values())

    def between(self) -> bool:
        """Say whether the derivative lies between the one-sided slopes at all kinks."""
        kinked = [number for number, around in self.cases.items() if around.kinks.any()]
        given = [(number, self._given("case", number)) for number in kinked]
        return all(
            slopes is not None and self.cases[number].lies_between(slopes, self.view)
            for number, slopes in given
        )

    @cached_property
    def straight(self) -> bool:
        """Whether the function has the same slope wherever it was looked at."""
        slopes = np.concatenate([np.zeros(0), *(n.slopes[n.smooth] for n in self.cases.values())])
        return not slopes.size or float(np.ptp(slopes)) <= _FLAT * max(1.0, np.abs(slopes).max())

    def _given(self, steps: str, number: int) -> np.ndarray | None:
        """Return what a step gave as a row; None where it is no finite slope of each entry."""
        array, around = self.view.result.array(f"{steps}{number}"), self.cases[number]
        if array is None or array.size != around.step.size:
            return None
        row = array.reshape(-1).astype(float)
        return row if np.isfinite(row[around.known]).all() else None


def judge_derivative(view: View) -> Judged:
    """Judge a derivative by all its cases."""
    own = Own(view)
    terms = Terms(view.tolerance.atol, lambda c: "kink" if own.kinked(c) else group_of(c))
    best = best_held(view, terms)
    if best is None:
        return Judged(doubt=f"The reference has no answer to hold {view.name} against.")
    judged = judged_by(view, *best, terms)
    if view.part.of is None:
        return judged
    if any(one.id in (UNNAMED, *LIMITS) for one in judged.findings):
        return _explained(own, judged, *best)
    return _confirmed(own, _at_kinks(own, judged), best[0])


def _confirmed(own: Own, judged: Judged, hypothesis: Hypothesis) -> Judged:
    """Add to a derivative that is as the reference has it how it goes with the function."""
    view, fitted = own.view, own.fitted()
    if not fitted:
        return _said(judged, f"{own.name} gave nothing to be held against it.")
    if all(fitted.values()):
        return _said(judged, f"It is the derivative of your own {own.name}, by differences.")
    if hypothesis.mistakes:
        return judged
    if own.all_fit("through"):
        says = f"Called with the output of {own.name}, it is the derivative of {own.name}."
        return _said(judged, says)
    says = f"{view.name} is right, but not the derivative of your own {own.name}."
    return _with(judged, Finding("own-differs", says, 1.0))


def _explained(own: Own, judged: Judged, hypothesis: Hypothesis, held: Sequence[Held]) -> Judged:
    """Say of a derivative that is not as the reference has it how it goes with the function."""
    named = {mistake.id for mistake in hypothesis.mistakes}
    bare = tuple(f for f in judged.findings if f.id not in named | {UNNAMED, *LIMITS})
    wrong = [one for one in held if not one.fits]
    lost = [one for one in wrong if group_of(one.case) == "overflow" and one.wrong != OTHER_VALUES]
    finding = _instead(own, [one.case for one in wrong if one not in lost])
    if finding is not None:
        large = (of_group(own.view, "overflow", lost),) if lost else ()
        own_too = f"{own.view.name} goes with your own {own.name}, by differences."
        says = own_too if finding.id == "follows" else judged.says
        return replace(judged, says=says, findings=(finding, *large, *bare))
    if any(one.id in LIMITS for one in judged.findings):
        return judged
    fitted = own.fitted()
    if fitted and all(fitted.values()) and own.straight:
        says = f"It goes with your own {own.name}, which is a straight line: that shows nothing."
        return _said(judged, says)
    if fitted and not all(fitted.values()):
        return _said(judged, f"It is not the derivative of your own {own.name} either.")
    return judged


def _instead(own: Own, wrong: Sequence[CaseView]) -> Finding | None:
    """Name what a derivative is that is not the reference's; None where it is nothing known."""
    if own.straight or not _covers(own, wrong):
        return None
    name = own.view.name
    if own.all_fit():
        says = f"{name} is the derivative of your own {own.name}, which is not as it should be."
        return Finding("follows", says, 1.0)
    if own.all_fit("through"):
        call = f"`{own.view.part.name}({own.view.part.of}(x))`"
        says = f"{name} takes the output of {own.name}: {call} is the derivative at x."
        return Finding("takes-output", says, 0.5)
    if own.all_fit(factor=-1.0):
        says = f"{name} is the derivative of your own {own.name} with the sign reversed."
        return Finding("wrong-sign", says, 0.5)
    return None


def _covers(own: Own, wrong: Sequence[CaseView]) -> bool:
    """Say whether all that is wrong was held against the function, where it has one slope."""
    fitted = own.fitted()
    return all(case.number in fitted or own.kinked(case) for case in wrong)


def _at_kinks(own: Own, judged: Judged) -> Judged:
    """Leave what lies between both slopes at a kink its points: there is no one right slope."""
    between = own.between()
    findings = tuple(
        replace(one, worth=1.0) if one.id == "kink" and between else one for one in judged.findings
    )
    return replace(judged, findings=findings)


def _said(judged: Judged, sentence: str) -> Judged:
    return replace(judged, says=f"{judged.says} {sentence}")


def _with(judged: Judged, finding: Finding) -> Judged:
    return replace(judged, findings=(*judged.findings, finding))
