"""The verdicts that only a person can settle: something speaks for the student, not enough."""

from collections.abc import Callable, Mapping

import numpy as np

from grader.scoring.case import Case, is_constant
from grader.scoring.explained import evidence
from grader.scoring.failures import after_failures, cause_of
from grader.scoring.pool import Candidate, Pool
from grader.scoring.verdict import Verdict
from grader.scoring.wording import bound, listed, place, places

_COARSEST_SEEN = 0.05  # one decimal: enough to suspect agreement, never to state it


def stored_only(case: Case) -> Verdict | None:
    """Tell of a right value that stands only in the outputs stored in the file."""
    stored = case.pool_of(case.observations.stored)
    fit = case.explain(stored)
    if fit is not None and fit.full and fit.credit > 0:
        found = f"The output stored in the file would be right ({places(fit)}), but running "
    elif case.question.draws and not _holds_answer(case, case.pool) and _holds_answer(case, stored):
        found = "The file was handed in with values of this kind in its outputs, but running "
    else:
        return None
    return case.verdict(
        "ungraded",
        f"{found}the code did not produce it{after_failures(case.recording)}.",
        cause=cause_of(case.recording),
        remarks=("Restart the kernel and run all cells: what is handed in has to run.",),
        needs_review=True,
    )


def too_coarse(case: Case) -> Verdict | None:
    """Tell of a value that agrees as far as its few digits go."""
    tolerance = case.tolerance.model_copy(update={"coarsest": _COARSEST_SEEN})
    fit = case.explain(case.pool_of(case.observations.printed, tolerance))
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
    """Send random results that no draws on record reproduce to a person, with what is known."""
    if not case.question.draws:
        return None
    found = _latest_answer(case, passed_over)
    if found is None:
        return None
    where = listed(place(candidate) for candidate in found.values())
    return case.verdict(
        "ungraded",
        f"{where}: the random draws of this run do not reproduce these values under "
        "any known way of training. A person decides.",
        remarks=_structure(case, found),
        needs_review=True,
    )


def _holds_answer(case: Case, pool: Pool) -> bool:
    """Say whether a pool has values, not handed out, of the shapes of all parts."""
    given = case.predictions.given
    shapes = _shapes(case).values()
    return all(any(not is_constant(c.values, given) for c in pool.candidates(s)) for s in shapes)


def _latest_answer(
    case: Case, passed_over: Callable[[Candidate], bool]
) -> Mapping[str, Candidate] | None:
    """Return values of all parts' shapes that were held at once, of the latest cell."""
    shapes = _shapes(case)
    by_cell: dict[int, dict[str, Candidate]] = {}
    for part, shape in shapes.items():
        for candidate in case.pool.candidates(shape):
            seen = candidate.observation
            # The gradient of a weight has its shape, and is none.
            if (
                not passed_over(candidate)
                and not seen.path.endswith("grad")
                and seen.origin != "text"
            ):
                by_cell.setdefault(seen.cell, {})[part] = candidate
    complete = [cell for cell, found in by_cell.items() if len(found) == len(shapes)]
    return by_cell[max(complete)] if complete else None


def _shapes(case: Case) -> dict[str, tuple[int, ...]]:
    """Return the shapes of the parts, from any prediction that needs no draws."""
    for hypothesis in case.plain:
        parts = case.predictions.of(hypothesis)
        if parts:
            return {name: part.shape[1:] for name, part in parts.items()}
    return {}


def _structure(case: Case, found: Mapping[str, Candidate]) -> tuple[str, ...]:
    if case.question.structure is None:
        return ()
    statements = case.predictions.reference.function(case.question.structure)
    facts = statements(case.predictions.given, {part: c.values for part, c in found.items()})
    rounding = max(float(np.max(c.resolution, initial=0.0)) for c in found.values())
    allowed = max(case.tolerance.atol, 1e-5) + 8 * rounding
    return tuple(
        f"What any such training leaves as it is holds here: {fact.rstrip('.')}."
        if size <= allowed
        else f"No such training can break this: {fact.rstrip('.')}; it is off by {bound(size)}."
        for fact, size in facts
    )
