"""Values that may answer a random question, held at once, and what must be true of them."""

from collections.abc import Callable, Mapping
from itertools import islice, product

import numpy as np

from grader.scoring.case import Case
from grader.scoring.comparison import max_abs_error
from grader.scoring.constants import is_constant
from grader.scoring.pool import Candidate, Pool
from grader.scoring.wording import bound

_MOST_CHOICES = 64

Answer = Mapping[str, Candidate]


def holds_answer(case: Case, pool: Pool) -> bool:
    """Say whether a pool has values, not handed out, of the shapes of all parts."""
    given = case.predictions.given
    shapes = case.part_shapes.values()
    return all(any(not is_constant(c.values, given) for c in pool.candidates(s)) for s in shapes)


def latest_answer(
    case: Case,
    passed_over: Callable[[Candidate], bool],
    pool: Pool | None = None,
    *,
    of_text: bool = False,
) -> Answer | None:
    """Return values of all parts' shapes held at once in the latest cell, the likeliest ones.

    Args:
        case: the submission and the question.
        passed_over: says which values are no answer.
        pool: where to look, if not among all the run produced.
        of_text: look among numbers read off text, instead of objects.

    """
    shapes = case.part_shapes
    by_cell: dict[int, dict[str, list[Candidate]]] = {}
    for part, shape in shapes.items():
        for candidate in (pool or case.pool).candidates(shape):
            seen = candidate.observation
            wanted = (seen.dtype == "text") is of_text
            # The gradient of a weight has its shape, and is none.
            if wanted and not seen.path.endswith("grad") and not passed_over(candidate):
                by_cell.setdefault(seen.cell, {}).setdefault(part, []).append(candidate)
    complete = [cell for cell, found in by_cell.items() if len(found) == len(shapes)]
    if not complete:
        return None
    held = by_cell[max(complete)]
    choices = islice(product(*(held[part] for part in shapes)), _MOST_CHOICES)
    together = (dict(zip(shapes, chosen, strict=True)) for chosen in choices)
    return min(together, key=lambda found: _strangeness(case, found))


def structure(case: Case, found: Answer) -> tuple[str, ...]:
    """Say of what holds whatever was drawn whether it holds for an answer."""
    rounding = max(float(np.max(c.resolution, initial=0.0)) for c in found.values())
    allowed = max(case.tolerance.atol, 1e-5) + 8 * rounding
    return tuple(
        f"What any such training leaves as it is holds here: {fact.rstrip('.')}."
        if size <= allowed
        else f"No such training can break this: {fact.rstrip('.')}; it is off by {bound(size)}."
        for fact, size in _facts(case, found)
    )


def _strangeness(case: Case, found: Answer) -> tuple[float, float]:
    """Order values by how far they break what must hold, then by how far they have moved.

    A part that carries a constant's name is what became of that constant.
    """
    given = case.predictions.given
    moved = (max_abs_error(c.values, given[part]) for part, c in found.items() if part in given)
    return round(sum(size for _, size in _facts(case, found)), 6), sum(moved)


def _facts(case: Case, found: Answer) -> list[tuple[str, float]]:
    """Return what holds whatever was drawn, each with how far these values break it."""
    if case.question.structure is None:
        return []
    statements = case.predictions.reference.function(case.question.structure)
    values = {part: candidate.values for part, candidate in found.items()}
    return [(str(fact), float(size)) for fact, size in statements(case.predictions.given, values)]
