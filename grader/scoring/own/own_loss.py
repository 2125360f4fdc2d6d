"""What a student's own loss, differentiated numerically, says about their gradient.

It never changes points: it tells a mistake in the loss from one in the gradient.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from grader.execution.inside.named_constants import NamedConstants
from grader.scoring.case import Case
from grader.scoring.comparison import max_abs_error
from grader.scoring.own.losses import Loss, fits, losses_of, simple_ratio
from grader.scoring.verdict import Evidence, Verdict
from grader.scoring.wording import bound, mistakes_named, place

_REDUCTIONS = {"sum": "sums", "mean": "averages"}


@dataclass(frozen=True)
class _Answer:
    """A value that is, or may be, the student's gradient."""

    values: np.ndarray
    named: str


def with_own_loss(case: Case, verdict: Verdict) -> Verdict:
    """Add to a verdict what the student's own loss says about it."""
    remark = own_loss_remark(case, verdict)
    return replace(verdict, remarks=(*verdict.remarks, remark)) if remark else verdict


def own_loss_remark(case: Case, verdict: Verdict) -> str | None:
    """Return a sentence about gradient and loss; None where the loss says nothing new."""
    if verdict.outcome == "missing" or verdict.cause or "typed-in" in verdict.mistakes:
        return None
    losses = losses_of(case)
    if not losses or not verdict.evidence:
        return None
    if verdict.points >= verdict.max_points:
        return _beside_right_answer(case, verdict, losses)
    if not _is_about_numbers_alone(case, verdict):
        return None
    answers = [_Answer(one.actual, _place(one)) for one in verdict.evidence]
    right = [loss for loss in losses if loss.right]
    if any(fits(answer.values, loss, case.tolerance) for answer in answers for loss in right):
        return None  # what was found is as it should be; the rest of the answer is missing
    return (
        _fits_wrong_loss(case, verdict, answers, losses)
        or _multiple_of_loss(case, answers, losses)
        or _unlike_loss(case, losses)
    )


def _is_about_numbers_alone(case: Case, verdict: Verdict) -> bool:
    """Say whether no other constants than the assignment's are to blame, as the loss had these."""
    borrowing = {mistake.id for mistake in case.question.mistake if mistake.given}
    return not borrowing & set(verdict.mistakes)


def _beside_right_answer(case: Case, verdict: Verdict, losses: Sequence[Loss]) -> str | None:
    """Mention a loss whose gradient is another accepted one than the answer."""
    answers = [_Answer(one.actual, _place(one)) for one in verdict.evidence]
    pairs = [(answer, loss) for answer in answers for loss in losses]
    if any(fits(answer.values, loss, case.tolerance) for answer, loss in pairs):
        return None
    for answer, loss in pairs:
        if loss.hypothesis and loss.right and simple_ratio(answer.values, loss, case.tolerance):
            conventions = loss.hypothesis.conventions
            differing = _differing(loss.named, conventions, verdict.conventions)
            if differing:
                return f"{differing}. Either is accepted."
    return None


def _fits_wrong_loss(
    case: Case, verdict: Verdict, answers: Sequence[_Answer], losses: Sequence[Loss]
) -> str | None:
    """Say of a gradient that fits its own loss that the mistake is in the loss."""
    for loss in losses:
        if loss.right:
            continue
        for answer in (*answers, *_found_elsewhere(case, verdict, loss)):
            if fits(answer.values, loss, case.tolerance):
                error = max_abs_error(answer.values, loss.slope.array)
                close = f"agree within {bound(error)}" if error else "are equal"
                return (
                    f"Your gradient, {answer.named}, fits your own loss {loss.named} (its central "
                    f"differences {close}): {_mistake(case, loss)} is in the loss, not in the "
                    "gradient."
                )
    return None


def _multiple_of_loss(case: Case, answers: Sequence[_Answer], losses: Sequence[Loss]) -> str | None:
    """Say of a gradient that is a simple multiple of its own loss's which one it is."""
    for loss in losses:
        for answer in answers:
            ratio = simple_ratio(answer.values, loss, case.tolerance)
            if ratio is not None:
                return (
                    f"Your gradient, {answer.named}, is {_multiple(ratio)} that of your own loss "
                    f"{loss.named}, by central differences{_as_where(case, ratio)}."
                )
    return None


def _unlike_loss(case: Case, losses: Sequence[Loss]) -> str | None:
    """Say where the loss is right that the mistake is in the gradient."""
    if not case.question.show_expected:
        return None
    for loss in losses:
        if loss.right:
            return (
                f"Your own loss {loss.named} is right: at the assignment's numbers its central "
                "differences are the expected gradient. Your gradient does not fit it: the "
                "mistake is in how the gradient is computed."
            )
        if loss.hypothesis is not None:
            return (
                f"Your own loss {loss.named} has a mistake of its own: its central differences "
                f"are explained by {mistakes_named(loss.hypothesis)}."
            )
    return None


def _found_elsewhere(case: Case, verdict: Verdict, loss: Loss) -> Iterator[_Answer]:
    """Yield the value that fits a loss, where the evidence is only what comes nearest."""
    if any(one.fits for one in verdict.evidence):
        return
    match = case.pool.match(loss.slope.array)
    if match is not None and not match.candidate.observation.typed_in:
        yield _Answer(match.candidate.values, place(match.candidate))


def _mistake(case: Case, loss: Loss) -> str:
    if loss.hypothesis is None or not case.question.show_expected:
        return "the mistake"
    return mistakes_named(loss.hypothesis)


def _differing(loss: str, of_loss: Mapping[str, str], of_answer: Mapping[str, str]) -> str | None:
    """Word the first convention of which loss and gradient make different use."""
    for name, value in of_loss.items():
        other = of_answer.get(name, value)
        verbs = _REDUCTIONS.get(value), _REDUCTIONS.get(other)
        if other != value and all(verbs):
            return f"Your own loss {loss} {verbs[0]} where your gradient {verbs[1]}"
        if other != value:
            plain = name.replace("_", " ")
            return f"Your own loss {loss} has {plain} {value}, your gradient {other}"
    return None


def _multiple(ratio: float) -> str:
    if ratio == -1:
        return "of opposite sign to"
    size, sign = abs(ratio), "minus " if ratio < 0 else ""
    return f"{sign}{size:g} times" if size > 1 else f"{sign}1/{1 / size:g} of"


def _as_where(case: Case, ratio: float) -> str:
    """Say what makes such a multiple, mostly."""
    examples = NamedConstants(_numbers(case.predictions.given)).examples
    if ratio < 0:
        return ": one of the two has its sign turned round"
    if ratio == examples:
        return ": your loss averages where your gradient sums"
    if ratio * examples == 1:
        return ": your loss sums where your gradient averages"
    return ""


def _numbers(given: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Return the constants that are arrays of numbers."""
    arrays = {name: np.asarray(value) for name, value in given.items()}
    return {name: array for name, array in arrays.items() if array.dtype.kind in "biuf"}


def _place(one: Evidence) -> str:
    path = f"`{one.path}`" if one.origin in ("variable", "attribute") else one.path
    return f"{path} (cell {one.cell})"
