"""The verdict where no hypothesis explains what the run produced."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import numpy as np

from grader.observation.model import Observation
from grader.scoring.case import Case, is_constant
from grader.scoring.explained import evidence
from grader.scoring.pool import Candidate, Match, Pool
from grader.scoring.verdict import Cause, Verdict
from grader.scoring.wording import bound, failures, listed, place, places

_LIBRARIES = {"numpy": "NumPy", "torch": "PyTorch"}
_COARSEST_SEEN = 0.05  # one decimal: enough to suspect agreement, never to state it


def explain_nothing(case: Case, taken: frozenset[int]) -> Verdict:
    """Return the verdict for a question that nothing explains.

    Args:
        case: the submission and the question.
        taken: ids of the observations that answer other questions.

    """
    spare = _spare(case, taken)
    attempts: tuple[Callable[[], Verdict | None], ...] = (
        lambda: _stored_only(case),
        lambda: _too_coarse(case),
        lambda: _not_replayed(case, spare),
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
        return is_constant(candidate.values, case.predictions.given)

    return passed_over


def _stored_only(case: Case) -> Verdict | None:
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
        f"{found}the code did not produce it{_after_failures(case)}.",
        cause=_cause(case),
        remarks=("Restart the kernel and run all cells: what is handed in has to run.",),
        needs_review=True,
    )


def _holds_answer(case: Case, pool: Pool) -> bool:
    """Say whether a pool has values, not handed out, of the shapes of all parts."""
    given = case.predictions.given
    shapes = _shapes(case).values()
    return all(any(not is_constant(c.values, given) for c in pool.candidates(s)) for s in shapes)


def _too_coarse(case: Case) -> Verdict | None:
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


def _not_replayed(case: Case, passed_over: Callable[[Candidate], bool]) -> Verdict | None:
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


def _other_library(case: Case) -> Verdict | None:
    if case.question.library == "any":
        return None
    wanted = case.question.library
    seen = (*case.observations.recorded, *case.observations.printed)
    others: list[Observation] = [o for o in seen if wanted not in o.libraries]
    fit = case.explain(Pool(others, case.tolerance))
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
        explanation=f"Not found in {_LIBRARIES[wanted]}{_after_failures(case)}. The values stand "
        f"in {places(fit)}, computed by {_LIBRARIES[other]}"
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
        f"{_distance(case, best.values())}{_after_failures(case)}.",
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
        cause=_cause(case),
        remarks=(case.question.hint,) if case.question.hint else (),
    )


def _wanted(case: Case) -> str:
    """Say what was looked for."""
    library = _LIBRARIES.get(case.question.library)
    by = f" {library}" if library else " the run"
    shapes = listed(str(shape) for shape in sorted(case.shapes))
    return f"{by.strip()} computed no value that could be it (of shape {shapes})"


def _cause(case: Case) -> Cause | None:
    causes: dict[str, Cause] = {
        "raised": "raised",
        "died": "raised",
        "timed_out": "timed_out",
        "out_of_memory": "out_of_memory",
    }
    return next((causes[c.status] for c in case.recording.cells if c.status in causes), None)


def _after_failures(case: Case) -> str:
    happened = failures(case.recording)
    return f"; {listed(happened)}" if happened else ""
