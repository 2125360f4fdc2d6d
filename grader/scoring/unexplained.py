"""The verdict where no hypothesis explains what the run produced."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import numpy as np

from grader.scoring.case import Case
from grader.scoring.constants import is_constant
from grader.scoring.explained import evidence
from grader.scoring.failures import after_failures, cause_of, failures
from grader.scoring.pool import Candidate, Match
from grader.scoring.search.searched import searched
from grader.scoring.unsettled import literals_only, not_replayed, stored_only, too_coarse
from grader.scoring.verdict import Verdict
from grader.scoring.wording import listed, place, places

_LIBRARIES = {"numpy": "NumPy", "torch": "PyTorch"}


def explain_nothing(case: Case, taken: frozenset[int]) -> Verdict:
    """Return the verdict for a question that nothing explains.

    Args:
        case: the submission and the question.
        taken: ids of the observations that answer other questions.

    """
    spare = _spare(case, taken)
    attempts: tuple[Callable[[], Verdict | None], ...] = (
        lambda: stored_only(case),
        lambda: too_coarse(case),
        lambda: searched(case, spare, case.possibilities),
        lambda: not_replayed(case, spare),
        lambda: literals_only(case, taken),
        lambda: _other_library(case),
        lambda: _nearest(case, spare),
    )
    for attempt in attempts:
        verdict = attempt()
        if verdict is not None:
            return _unless_incomplete(case, verdict)
    return _unless_incomplete(case, _missing(case))


def _unless_incomplete(case: Case, verdict: Verdict) -> Verdict:
    """Leave to a person what may stand among the values that were not recorded."""
    cells = case.recording.incomplete
    if not cells or verdict.outcome == "ungraded":
        return verdict
    where = listed(f"cell {cell}" for cell in cells)
    return replace(
        verdict,
        outcome="ungraded",
        needs_review=True,
        explanation=f"Not all values of {where} were recorded, and the answer may be among "
        f"them. {verdict.explanation}",
    )


def _spare(case: Case, taken: frozenset[int]) -> Callable[[Candidate], bool]:
    """Return a test for candidates that answer nothing: constants, other answers, literals."""

    def passed_over(candidate: Candidate) -> bool:
        seen = candidate.observation
        if id(seen) in taken or seen.typed_in or not np.isfinite(candidate.values).all():
            return True
        given = case.predictions.given
        return is_constant(candidate.values, given) or is_constant(seen.values, given)

    return passed_over


def _other_library(case: Case) -> Verdict | None:
    if case.question.library == "any":
        return None
    wanted = case.question.library
    seen = [case.observations.recorded, case.observations.printed]
    fit = case.explain(case.pool_of(seen, other_library=True))
    if fit is None or not fit.full or fit.credit == 0:
        return None
    other = next(name for name in _LIBRARIES if name != wanted)
    text_only = all(m.candidate.observation.origin == "text" for m in fit.matches.values())
    text_only &= bool(case.recording.torch_cells)
    verdict = _missing(case)
    return replace(
        verdict,
        outcome="ungraded" if text_only else verdict.outcome,
        needs_review=text_only,
        explanation=f"Not found in {_LIBRARIES[wanted]}{after_failures(case.recording)}. "
        f"The values stand in {places(fit)}, computed by {_LIBRARIES[other]}"
        + (", as far as text can tell. A person decides." if text_only else "."),
    )


def _nearest(case: Case, passed_over: Callable[[Candidate], bool]) -> Verdict | None:
    tries = [
        matches
        for hypothesis in case.accepted
        if (parts := case.predictions.of(hypothesis))
        and not case.question.draws
        and (matches := _nearest_parts(case, parts, passed_over))
    ]
    if not tries:
        return None
    best = min(tries, key=lambda matches: max(match.error for match in matches.values()))
    where = listed(place(match.candidate) for match in best.values())
    return case.verdict(
        "wrong",
        f"Not explained by any known way to compute it. The nearest value is {where}"
        f"{_distance(case, best.values())}{after_failures(case.recording)}.",
        remarks=(case.question.hint,) if case.question.hint else (),
        evidence=evidence(best.items(), len(best), fits=False),
    )


def _nearest_parts(
    case: Case, parts: Mapping[str, np.ndarray], passed_over: Callable[[Candidate], bool]
) -> dict[str, Match]:
    found = {name: case.pool.nearest(part, passed_over) for name, part in parts.items()}
    return {name: match for name, match in found.items() if match is not None}


def _distance(case: Case, matches: Iterable[Match]) -> str:
    """Say how far off the nearest value is, unless that would give the expected one away."""
    if not case.question.show_expected:
        return ""
    worst = max(matches, key=lambda match: match.error)
    difference = np.abs(worst.candidate.values - worst.expected)
    index = [int(i) for i in np.unravel_index(np.argmax(difference), difference.shape)]
    return f", off by up to {worst.error:.2g}" + (f" at {index}" if index else "")


def _missing(case: Case) -> Verdict:
    happened = failures(case.recording)
    explanation = f"Not found; {listed(happened)}." if happened else f"Not found: {_wanted(case)}."
    return case.verdict(
        "missing",
        explanation,
        cause=cause_of(case.recording),
        remarks=(case.question.hint,) if case.question.hint else (),
    )


def _wanted(case: Case) -> str:
    """Say what was looked for."""
    computing = _LIBRARIES.get(case.question.library, "the run")
    predicted = (case.predictions.of(hypothesis) or {} for hypothesis in case.accepted)
    accepted = {part.shape for parts in predicted for part in parts.values()}
    shapes = listed(str(shape) for shape in sorted(accepted or case.shapes))
    return f"{computing} computed no value that could be it (of shape {shapes})"
