"""The verdicts that only a person can settle: something speaks for the student, not enough."""

from collections.abc import Callable, Mapping
from itertools import islice, product

import numpy as np

from grader.scoring.case import Case
from grader.scoring.comparison import max_abs_error
from grader.scoring.constants import is_constant
from grader.scoring.explained import evidence
from grader.scoring.failures import after_failures, cause_of
from grader.scoring.pool import Candidate, Pool
from grader.scoring.verdict import Verdict
from grader.scoring.wording import bound, listed, place, places

_MOST_CHOICES = 64
_COARSEST_SEEN = 0.05  # one decimal: enough to suspect agreement, never to state it


def stored_only(case: Case) -> Verdict | None:
    """Tell of a right value that stands only in the outputs stored in the file."""
    stored = case.pool_of([case.observations.stored])
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
    shapes = case.part_shapes.values()
    return all(any(not is_constant(c.values, given) for c in pool.candidates(s)) for s in shapes)


def _latest_answer(
    case: Case, passed_over: Callable[[Candidate], bool]
) -> Mapping[str, Candidate] | None:
    """Return values of all parts' shapes held at once in the latest cell, the likeliest ones."""
    shapes = case.part_shapes
    by_cell: dict[int, dict[str, list[Candidate]]] = {}
    for part, shape in shapes.items():
        for candidate in case.pool.candidates(shape):
            seen = candidate.observation
            # The gradient of a weight has its shape, and is none.
            if (
                not passed_over(candidate)
                and not seen.path.endswith("grad")
                and seen.origin != "text"
            ):
                by_cell.setdefault(seen.cell, {}).setdefault(part, []).append(candidate)
    complete = [cell for cell, found in by_cell.items() if len(found) == len(shapes)]
    if not complete:
        return None
    held = by_cell[max(complete)]
    choices = islice(product(*(held[part] for part in shapes)), _MOST_CHOICES)
    together = (dict(zip(shapes, chosen, strict=True)) for chosen in choices)
    return min(together, key=lambda found: _strangeness(case, found))


def _strangeness(case: Case, found: Mapping[str, Candidate]) -> tuple[float, float]:
    """Order values by how far they break what must hold, then by how far they have moved.

    A part that carries a constant's name is what became of that constant.
    """
    given = case.predictions.given
    moved = (max_abs_error(c.values, given[part]) for part, c in found.items() if part in given)
    return round(sum(size for _, size in _facts(case, found)), 6), sum(moved)


def _facts(case: Case, found: Mapping[str, Candidate]) -> list[tuple[str, float]]:
    """Return what holds whatever was drawn, each with how far these values break it."""
    if case.question.structure is None:
        return []
    statements = case.predictions.reference.function(case.question.structure)
    values = {part: candidate.values for part, candidate in found.items()}
    return [(str(fact), float(size)) for fact, size in statements(case.predictions.given, values)]


def _structure(case: Case, found: Mapping[str, Candidate]) -> tuple[str, ...]:
    rounding = max(float(np.max(c.resolution, initial=0.0)) for c in found.values())
    allowed = max(case.tolerance.atol, 1e-5) + 8 * rounding
    return tuple(
        f"What any such training leaves as it is holds here: {fact.rstrip('.')}."
        if size <= allowed
        else f"No such training can break this: {fact.rstrip('.')}; it is off by {bound(size)}."
        for fact, size in _facts(case, found)
    )
