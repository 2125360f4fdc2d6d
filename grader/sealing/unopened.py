"""What can be said of a question none of whose answers opened: shapes, sums, the own loss."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from grader.results.model import Check
from grader.results.undecided import undecided
from grader.results.words import AFTER, NOT_PRODUCED, RUN_AGAIN
from grader.scoring.case import Case
from grader.scoring.constants import is_constant
from grader.scoring.failures import failures
from grader.scoring.own.losses import agree
from grader.scoring.pool import Candidate, Pool
from grader.scoring.wording import listed, place
from grader.sealing.edition import Edition, Lock, Plausible
from grader.sealing.opening import Opened

_LIBRARIES = {"numpy": "NumPy", "torch": "PyTorch"}
_SUM = 1e-2  # how far from 1 the sum of probabilities may be, for coarse digits


def unopened_check(case: Case, edition: Edition, opened: Opened) -> Check:
    """Return the check of a question whose answer was not recognised.

    It fails only where no value could be the answer, or where every value that could be is
    known not to be it.
    """
    question = case.question
    plausible = edition.plausible[question.id]
    if not any(_plausible_values(case, plausible, case.pool)):
        return _nothing_plausible(case, plausible)
    own = _own_loss(case, plausible)
    if own:
        return _check(case, own)
    locks = [lock for lock in edition.locks if lock.expect == question.expect]
    if not locks:
        found = f"There is a value of the shape that is asked for{_sums(plausible)}"
        return _check(case, f"{found}; its numbers are {AFTER}.")
    if _is_complete(case, edition, opened, locks):
        return _check(case, "Not found: no value is the expected one.", fails=True)
    return _check(case, f"No value was recognised as the expected one; it is {AFTER}.")


def _nothing_plausible(case: Case, plausible: Plausible) -> Check:
    """Return the check where no value can be the answer, unless it is only not to be seen."""
    stored = case.pool_of([case.observations.stored])
    if any(_plausible_values(case, plausible, stored)):
        return _check(case, f"{NOT_PRODUCED}{RUN_AGAIN}.")
    if case.recording.incomplete or _may_be_text(case, plausible):
        return _check(case, f"Not all values could be told apart; it is {AFTER}.")
    return _check(case, _nothing(case, plausible), fails=True)


def _may_be_text(case: Case, plausible: Plausible) -> bool:
    """Say whether printed numbers may be the answer, which do not tell their library."""
    seen = [case.observations.recorded, case.observations.printed]
    other = case.pool_of(seen, other_library=True)
    found = _plausible_values(case, plausible, other)
    return bool(case.recording.torch_cells) and any(
        one.observation.origin == "text" for one in found
    )


def _check(case: Case, sentence: str, *, fails: bool = False) -> Check:
    if not fails:
        return undecided(case.question, sentence, "later")
    hint = f" {case.question.hint}" if case.question.hint else ""
    return replace(undecided(case.question, sentence + hint, "public"), outcome="missing")


def _plausible_values(case: Case, plausible: Plausible, pool: Pool) -> Iterator[Candidate]:
    """Yield the values that may be an answer, the latest first; constants are none."""
    given = case.predictions.given
    found = [c for shape in plausible.shapes for c in pool.candidates(tuple(shape))]
    found.sort(key=lambda c: (c.observation.origin != "variable", -c.observation.cell))
    for candidate in found:
        known = is_constant(candidate.values, given)
        fitting = not plausible.probabilities or _are_probabilities(candidate)
        if fitting and not known and np.isfinite(candidate.values).all():
            yield candidate


def _are_probabilities(candidate: Candidate) -> bool:
    values = np.real(candidate.values)
    room = _SUM + float(np.max(candidate.resolution, initial=0.0)) * values.size
    sums = values.sum(axis=-1)
    return bool((np.abs(sums - 1) <= room).all() and (values >= -room).all())


def _nothing(case: Case, plausible: Plausible) -> str:
    """Say what was looked for in vain."""
    happened = failures(case.recording)
    if happened:
        return f"Not found; {listed(happened)}."
    shapes = listed(str(tuple(shape)) for shape in plausible.shapes)
    by = (
        f" computed by {_LIBRARIES[case.question.library]}"
        if case.question.library in (_LIBRARIES)
        else ""
    )
    return f"Not found: there is no value of shape {shapes}{_sums(plausible)}{by}."


def _sums(plausible: Plausible) -> str:
    """Say what else than its shape an answer has; "" where nothing."""
    if not plausible.probabilities:
        return ""
    in_rows = any(len(shape) > 1 for shape in plausible.shapes)
    return " whose rows sum to 1" if in_rows else " that sums to 1"


def _own_loss(case: Case, plausible: Plausible) -> str:
    """Say of a gradient that it is that of the student's own loss; "" where nothing says so."""
    constant = case.question.with_respect_to
    slopes = [slope for slope in case.recording.own_slopes if slope.constant == constant]
    for candidate in _plausible_values(case, plausible, case.pool) if slopes else ():
        for slope in slopes:
            if agree(np.real(candidate.values), slope.array, case.tolerance):
                return (
                    f"{place(candidate)} is the gradient of your own loss `{slope.function}`, by "
                    f"central differences; whether the loss is the right one is {AFTER}."
                )
    return ""


def _is_complete(case: Case, edition: Edition, opened: Opened, locks: list[Lock]) -> bool:
    """Say whether a right answer would have opened a lock for sure."""
    name = case.question.id
    if name in edition.incomplete or name in edition.starting_over or case.recording.incomplete:
        return False
    if opened.capped or not all(lock.whole for lock in locks):
        return False
    shapes = edition.plausible[name].shapes
    candidates = (c for shape in shapes for c in case.pool.candidates(tuple(shape)))
    return not any(np.any(np.asarray(one.resolution) > 0) for one in candidates)
