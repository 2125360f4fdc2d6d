"""The gradient of a loss held against the student's own loss, by differences."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from grader.execution.asking.derivatives import PLACES, step_size
from grader.scoring.hypothesis import Hypothesis
from grader.scoring.probed.findings import UNNAMED, Finding, Judged
from grader.scoring.probed.fourth_order import rounding, slope
from grader.scoring.probed.limits import LIMITS
from grader.scoring.probed.ratios import Scaled, scaled
from grader.scoring.probed.view import CaseView, View

_OTHER = {UNNAMED, "batch", *LIMITS}  # findings of a gradient that is not the reference's


@dataclass(frozen=True)
class Pair:
    """Of a case, the gradient that was given and that of the student's own loss."""

    case: CaseView
    given: np.ndarray
    own: np.ndarray
    noise: float
    across: np.ndarray | None  # of the own loss with respect to the labels


@dataclass(frozen=True)
class Pairs:
    """What the gradient has to do with the student's own loss."""

    view: View

    @cached_property
    def all(self) -> tuple[Pair, ...]:
        """Those of the cases where both gave numbers."""
        return tuple(one for case in self.view.cases if (one := _pair(self.view, case)) is not None)

    @cached_property
    def rows(self) -> tuple[Pair, ...]:
        """Those whose examples lie in rows; where there are none, all."""
        return tuple(one for one in self.all if one.own.ndim > 1) or self.all

    def fit(self, pairs: Sequence[Pair]) -> bool:
        """Say whether the gradient is that of the student's own loss."""
        return all(self._agree(one.given, one.own, one.noise) for one in pairs)

    @property
    def lacking(self) -> bool:
        """Whether there are rows of examples for which only the loss gave numbers."""
        there = {one.case.number for one in self.all}
        return any(
            case.number not in there
            and len(_last(case).shape) == 2
            and _differences(self.view, f"around{case.number}", _last(case)) is not None
            for case in self.view.cases
        )

    def across(self) -> bool:
        """Say whether it is that with respect to the labels."""
        return all(
            one.across is not None and self._agree(one.given, one.across, one.noise)
            for one in self.rows
        )

    @property
    def scaled(self) -> Scaled | None:
        """The factor between the two, if there is one."""
        given, own = [one.given for one in self.rows], [one.own for one in self.rows]
        return scaled(given, own, [one.shape for one in own], self.view.tolerance)

    @property
    def trivial(self) -> bool:
        """Whether the loss has one slope for all entries, as one that squares nothing has."""
        return all(float(np.ptp(one.own)) <= 1e-6 * max(1.0, _largest(one)) for one in self.rows)

    def _agree(self, given: np.ndarray, own: np.ndarray, noise: float) -> bool:
        tolerance = self.view.tolerance
        allowed = tolerance.atol + tolerance.rtol * np.abs(own) + noise
        return given.shape == own.shape and bool((np.abs(given - own) <= allowed).all())


def judge_gradient(view: View, judged: Judged, hypothesis: Hypothesis) -> Judged:
    """Add to what the reference says of a gradient how it goes with the student's own loss."""
    pairs, own = Pairs(view), f"`{view.part.of}`"
    if not pairs.all:
        return _said(judged, f"{own} gave no numbers to be differentiated.")
    if pairs.fit(pairs.rows):
        return _consistent(pairs, judged, own)
    right = all(one.id not in _OTHER for one in judged.findings)
    if right and hypothesis.mistakes:
        return judged
    judged = judged if right else _without(judged, hypothesis)
    found = _named(pairs, own)
    if not found and right:
        says = f"{view.name} is right, but not the gradient of your own {own}."
        found = (Finding("own-differs", says, 1.0),)
    if found:  # what it agrees with is a gradient, but of another loss
        return replace(_with(judged, *found), says="")
    return _said(judged, f"It is not the gradient of your own {own} either.")


def _consistent(pairs: Pairs, judged: Judged, own: str) -> Judged:
    """Say that the gradient is that of the own loss; what that is worth, if that is wrong."""
    if all(one.id not in _OTHER for one in judged.findings):
        return _said(judged, f"It is the gradient of your own {own}, by differences.")
    if pairs.lacking:
        return _said(judged, f"For one example, it is the gradient of your own {own}.")
    if pairs.trivial:
        return _said(judged, f"It goes with your own {own}, which is linear: that shows nothing.")
    says = f"{pairs.view.name} is the gradient of your own {own}, which is not as it should be."
    too = f"{pairs.view.name} goes with your own {own}, by differences."
    return replace(_with(judged, Finding("follows", says, 1.0)), says=too, conventions={})


def _named(pairs: Pairs, own: str) -> tuple[Finding, ...]:
    """Name what lies between the gradient and that of the own loss; nothing if it is no factor."""
    name, factor = pairs.view.name, pairs.scaled
    if factor is None or not factor.is_plain:
        if not pairs.across():
            return ()
        says = f"{name} is the gradient of {own} with respect to {_labels(pairs)}."
        return (Finding("of-the-labels", says, 0.5),)
    reverse = [one < 0 for one in factor.factors]
    found = []
    if all(reverse):
        too = f": it is that with respect to {_labels(pairs)}" if pairs.across() else ""
        found = [Finding("wrong-sign", f"{name} has the sign reversed{too}.", 0.5)]
    if not factor.is_reversed:
        found.append(_inconsistent(pairs, own, factor))
    return tuple(found)


def _inconsistent(pairs: Pairs, own: str, factor: Scaled) -> Finding:
    name, why = pairs.view.name, _why(pairs, own, factor)
    single = [one for one in pairs.rows if int(np.prod(one.own.shape[:-1])) == 1]
    says = f"{why}your gradient is {factor.words} that of your loss."
    says = says[0].upper() + says[1:] if not says.startswith("`") else says
    if single and pairs.fit(single):
        return Finding("inconsistent-batch", f"For several examples at once, {name}: {says}", 0.75)
    return Finding("inconsistent", says, 0.5)


def _why(pairs: Pairs, own: str, factor: Scaled) -> str:
    """Say in the sizes of the arrays where a factor comes from."""
    powers, name = factor.powers, pairs.view.name
    if powers is None:
        return ""
    number, outputs, examples = powers
    over = {
        f"the {factor.shapes[0][-1]} outputs": outputs,
        "the examples": examples,
    }
    said = []
    for first, second, sign in ((own, name, 1), (name, own, -1)):
        averaged = [what for what, power in over.items() if power == sign]
        if averaged:
            said.append(f"{first} averages over {' and '.join(averaged)}, {second} does not")
    if number != 1:
        first, second = (name, own) if number > 1 else (own, name)
        said.append(f"the derivative of {first} has a factor 2 that {second} has not")
        said[-1] = f"{name} lacks a factor 2" if number < 1 else f"{name} has a factor 2 too many"
    return f"{'; '.join(said)}: " if said else ""


def _pair(view: View, case: CaseView) -> Pair | None:
    array, number = case.array, case.number
    first, last = next(iter(case.arguments.values())), _last(case)
    own = _differences(view, f"around{number}", last)
    if array is None or own is None or array.size != last.size:
        return None
    given = array.astype(float).reshape(last.shape)
    across = _differences(view, f"across{number}", first)
    return Pair(case, given, own[0], own[1], None if across is None else across[0])


def _differences(view: View, name: str, at: np.ndarray) -> tuple[np.ndarray, float] | None:
    """Return the gradient by central differences of fourth order, and its rounding."""
    array = view.result.array(name)
    if array is None or array.size != at.size * len(PLACES) or not np.isfinite(array).all():
        return None
    values = array.astype(float).reshape(-1, len(PLACES))
    sizes = step_size(at).reshape(-1)
    single = bool((values == values.astype(np.float32)).all())
    noise = rounding(float(np.abs(values).max()), float(sizes.min()), single=single)
    found = slope(dict(zip(PLACES, values.T, strict=True)), sizes)
    return found.reshape(at.shape), float(noise)


def _last(case: CaseView) -> np.ndarray:
    return list(case.arguments.values())[-1]


def _largest(pair: Pair) -> float:
    return float(np.abs(pair.own).max())


def _labels(pairs: Pairs) -> str:
    return f"`{next(iter(pairs.view.cases[0].arguments))}`"


def _with(judged: Judged, *findings: Finding) -> Judged:
    """Put findings that say more where a gradient is only known not to be the reference's."""
    kept = tuple(one for one in judged.findings if one.id not in _OTHER)
    return replace(judged, findings=(*findings, *kept))


def _without(judged: Judged, hypothesis: Hypothesis) -> Judged:
    """Leave out mistakes that explain some of the cases only."""
    named = {mistake.id for mistake in hypothesis.mistakes}
    return replace(judged, findings=tuple(f for f in judged.findings if f.id not in named))


def _said(judged: Judged, sentence: str) -> Judged:
    return replace(judged, says=f"{judged.says} {sentence}")
