"""One part of a student's code judged without the reference: what fails it, what holds of it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from grader.rubric.kinds import CLASSES, DIRECT
from grader.scoring.failures import after_failures
from grader.scoring.probed.derivative import Own
from grader.scoring.probed.function import group_of
from grader.scoring.probed.gradient import Pairs
from grader.scoring.probed.libraries import other_library
from grader.scoring.probed.loss import kind_of
from grader.scoring.probed.view import CaseView, View
from grader.sealing.beside import is_off
from grader.sealing.certain import COSTLY
from grader.sealing.coded import Coded, Shape

_NOT_YET = "{name} is not yet what was asked for."


@dataclass(frozen=True)
class Found:
    """What is known of one part by one probe.

    `fails` says why it does not earn all its points, and is empty where that is not certain.
    `fits` names the student's own function that it goes with, by differences.
    """

    fails: str = ""
    missing: bool = False
    open: str = ""  # what does not look right, but may be
    fits: str = ""
    works: bool = False  # numbers of the right shape came back


def found_in(view: View, coded: Coded, *, alone: bool) -> Found:
    """Judge one part by one probe.

    Args:
        view: of the part.
        coded: what the edition knows of it.
        alone: whether the part and the function it belongs to are defined once each.

    """
    if view.result.fault:
        return Found(open=f"{view.name} was called, but {view.result.fault}.")
    absent = _absent(view)
    if absent or view.part.probe not in DIRECT:
        return Found(absent, missing=bool(absent))
    fails = next(_failures(view, coded, alone=alone), "")
    if fails:
        return Found(_NOT_YET.format(name=view.name) if coded.quiet else fails)
    return _holding(view, coded)


def _absent(view: View) -> str:
    """Say that nothing is there to be judged, or only what the assignment hands out."""
    lost = f"NameError: name '{view.result.found}' is not defined"
    taken = [step for step in view.result.steps if step.name]
    if taken and taken[0].error == lost:
        kind = "class" if view.part.probe in CLASSES else "function"
        return f"No {kind} {view.name} was found{after_failures(view.recording)}."
    calls = [case.step for case in view.cases if case.step is not None]
    if calls and all(one.type == "NoneType" and not one.error for one in calls):
        return f"{view.name} returns nothing: what it is to do is still to be written."
    return ""


def _failures(view: View, coded: Coded, *, alone: bool) -> Iterator[str]:
    """Say what costs points for certain."""
    if "library" in coded.fails:
        yield from (one.says for one in other_library(view))
    changed = [case.label for case in view.cases if case.step is not None and case.step.changed]
    if "argument" in coded.fails and changed:
        yield f"{view.name} changes its argument in place: whoever calls it loses the input."
    if "values" in coded.fails:
        yield from _misfits(view, coded)
    if "gradient" in coded.fails:
        yield from _other_gradient(view)
    if "together" in coded.fails and alone and is_off(view):
        yield _other_derivative(view)


def _misfits(view: View, coded: Coded) -> Iterator[str]:
    """Say of cases that no right value came back, where that cannot be right elsewhere."""
    shapes = coded.shapes or [None] * len(view.cases)
    told = [(case, _misfit(view, case, one)) for case, one in zip(view.cases, shapes, strict=True)]
    if view.part.probe == "loss" and view.part.of is not None:
        if all(says for _, says in told):  # else it may be right for the student's own loss
            yield told[0][1]
        return
    own = Own(view) if view.part.probe == "derivative" else None
    for case, says in told:
        group = kind_of(case) if view.part.probe == "loss" else group_of(case)
        if says and group in (*COSTLY, "overflow") and not _is_excused(own, case, group):
            yield says


def _is_excused(own: Own | None, case: CaseView, group: str) -> bool:
    """Say whether a derivative may be right for the student's own function all the same."""
    if own is None:
        return False
    return own.kinked(case) or (group != "overflow" and case.number in own.fitted())


def _misfit(view: View, case: CaseView, shape: Shape | None) -> str:
    """Say what is no right value whatever the function is; "" for a name that is not there."""
    step = case.step
    if step is None or step.error.startswith("NameError"):
        return ""
    if step.error:
        return f"For {case.label}, {view.name} raises {step.error.rstrip('.')}."
    array = step.array
    if array is None:
        return f"For {case.label}, {view.name} gives no number ({step.type})."
    if shape is not None and array.shape != tuple(shape):
        return f"{view.name} returns the shape {array.shape} for {case.label}."
    if not np.isfinite(array).all():
        what = "nan" if np.isnan(array).any() else "inf"
        return f"For {case.label}, {view.name} gives {what}."
    return ""


def _other_gradient(view: View) -> Iterator[str]:
    """Say how a gradient differs from that of the student's own loss."""
    pairs, own = Pairs(view), f"`{view.part.of}`"
    if not pairs.all or pairs.fit(pairs.rows):
        return
    factor, labels = pairs.scaled, next(iter(view.cases[0].arguments))
    if factor is not None and factor.is_plain and not factor.is_one:
        signed = all(one < 0 for one in factor.factors)
        sign = " with the sign reversed" if signed else ""
        times = "" if factor.is_reversed else f"{factor.words} "
        yield f"{view.name} is {times}the gradient of your own {own}{sign}, by differences."
    elif (factor is None or not factor.is_plain) and pairs.across():
        yield f"{view.name} is the gradient of your own {own} with respect to `{labels}`."


def _other_derivative(view: View) -> str:
    own = Own(view)
    says = f"{view.name} is not the derivative of your own {own.name}, by differences"
    if own.all_fit("through"):
        return f"{says}; called with the output of {own.name}, it is."
    if own.all_fit(factor=-1.0):
        return f"{says}; with the sign reversed, it is."
    return f"{says}: one of the two is not as it should be."


def _holding(view: View, coded: Coded) -> Found:
    """Say how a part goes with the student's own function; what is right is not known."""
    told = [_misfit(view, case, None) for case in view.cases]
    works = bool(told) and not any(told)
    doubtful = next(filter(None, told), "") if not coded.quiet else ""
    if view.part.of is None:
        return Found(open=doubtful, works=works)
    fits = _fits_loss(view) if view.part.probe == "loss" else _fits_function(view)
    kind = "gradient" if view.part.probe == "loss" else "derivative"
    own = f"the {kind} of your own `{view.part.of}`, by differences"
    if fits is None or (coded.quiet and not fits):
        return Found(open=doubtful, works=works)
    if not fits:
        return Found(open=f"{view.name} is not {own}.", works=works)
    return Found(open=doubtful, fits=f"`{view.part.of}`", works=works)


def _fits_loss(view: View) -> bool | None:
    """Say whether a gradient is that of the own loss; None where that cannot be told."""
    pairs = Pairs(view)
    if not pairs.all or pairs.trivial or pairs.lacking:
        return None
    return pairs.fit(pairs.rows)


def _fits_function(view: View) -> bool | None:
    """Say whether a derivative is that of the own function; None where that cannot be told."""
    own = Own(view)
    fitted, smooth = own.fitted(), [n for n, around in own.cases.items() if around.smooth.any()]
    if own.straight or len(fitted) < len(smooth):
        return None
    return all(fitted.values()) and own.between()
