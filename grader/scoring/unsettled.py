"""The verdicts that only a person can settle: something speaks for the student, not enough."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from grader.scoring.case import Case
from grader.scoring.constants import is_constant
from grader.scoring.explained import evidence
from grader.scoring.failures import after_failures, cause_of
from grader.scoring.held import Answer, holds_answer, latest_answer, structure
from grader.scoring.pool import Candidate
from grader.scoring.random.distributed import attribute, by_distribution
from grader.scoring.verdict import Verdict
from grader.scoring.wording import TYPED_IN, listed, place, places

_COARSEST_SEEN = 0.05  # one decimal: enough to suspect agreement, never to state it


def stored_only(case: Case) -> Verdict | None:
    """Tell of a right value that stands only in the outputs stored in the file."""
    stored = case.pool_of([case.observations.stored])
    fit = case.explain(stored)
    answer = None
    if fit is not None and fit.full and fit.credit > 0:
        found = f"The output stored in the file would be right ({places(fit)}), but running "
    elif case.question.draws and not holds_answer(case, case.pool) and holds_answer(case, stored):
        found = "The file was handed in with values of this kind in its outputs, but running "
        answer = latest_answer(case, lambda one: _is_no_result(case, one), stored, of_text=True)
    else:
        return None
    return case.verdict(
        "ungraded",
        f"{found}the code did not produce it{after_failures(case.recording)}."
        + (f" {_stored_told(case, answer)}" if answer else ""),
        cause=cause_of(case.recording),
        remarks=(
            "Restart the kernel and run all cells: what is handed in has to run.",
            *(structure(case, answer) if answer else ()),
        ),
        needs_review=True,
    )


def too_coarse(case: Case) -> Verdict | None:
    """Tell of a value that agrees as far as its few digits go."""
    tolerance = case.tolerance.model_copy(update={"coarsest": _COARSEST_SEEN})
    fit = case.explain(case.pool_of([case.observations.printed], tolerance))
    if fit is None or not fit.full:
        return None
    return case.verdict(
        "ungraded",
        f"{places(fit)}: agrees as far as it is printed, but with too few digits "
        "to tell it from other values. A person decides.",
        remarks=("Print at least four decimals.",),
        evidence=evidence(fit.matches.items(), len(fit.parts)),
        needs_review=True,
    )


def not_replayed(case: Case, passed_over: Callable[[Candidate], bool]) -> Verdict | None:
    """Judge random results that no draws on record reproduce by what such training gives.

    Where that says too little, they go to a person, with what is known. Only the latest
    answer is looked at: among many values one would fit by chance.
    """
    if not case.question.draws:
        return None
    answer = latest_answer(case, passed_over)
    verdict = (by_distribution(case, answer) or _like_nothing(case, answer)) if answer else None
    if answer is None:  # of text only what fits: any numbers may stand in it
        answer = latest_answer(case, passed_over, of_text=True)
        verdict = by_distribution(case, answer) if answer else None
    if answer is None or verdict is None:
        return None
    if not verdict.needs_review:
        return verdict
    return replace(verdict, remarks=(*verdict.remarks, *structure(case, answer)))


def _like_nothing(case: Case, answer: Answer) -> Verdict:
    where = listed(place(candidate) for candidate in answer.values())
    return case.verdict(
        "ungraded",
        f"{where}: the random draws of this run do not reproduce these values under any known "
        "way of training, nor are they what any of these gives with other draws. A person "
        "decides.",
        needs_review=True,
    )


def literals_only(case: Case, taken: frozenset[int]) -> Verdict | None:
    """Tell of random results that stand in the code as literals, and are what training gives."""
    if not case.question.draws:
        return None

    def passed_over(candidate: Candidate) -> bool:
        seen = candidate.observation
        return id(seen) in taken or not seen.typed_in or _is_no_result(case, candidate)

    answer = latest_answer(case, passed_over)
    found = attribute(case, answer) if answer else None
    if found is None or not found.survivors:
        return None
    declared = next((m for m in case.question.mistake if m.id == "typed-in"), None)
    return case.verdict(
        "ungraded",
        f"{found.where}: these values stand in the code as they are, and nothing in this run "
        f"computes them. They fit {found.told}. A person decides.",
        mistakes=("typed-in",),
        remarks=(declared.says if declared else TYPED_IN, *structure(case, found.answer)),
        needs_review=True,
    )


def _stored_told(case: Case, answer: Answer) -> str:
    """Say which way of training stored numbers fit."""
    told = attribute(case, answer).told
    if not told:
        return "The stored numbers fit no known way of training. A person decides."
    return f"The stored numbers fit {told}. A person decides."


def _is_no_result(case: Case, candidate: Candidate) -> bool:
    """Say whether a value is a constant of the assignment, or no number."""
    finite = np.isfinite(candidate.values).all()
    return not finite or is_constant(candidate.values, case.predictions.given)
