"""Functions that are right within limits: for some shapes only, nearly, or without fractions."""

from collections.abc import Sequence

import numpy as np

from grader.scoring.probed.findings import Finding
from grader.scoring.probed.holding import CUT, OTHER_VALUES, Held

LIMITS = ("no-rows", "no-arrays", "inexact", "whole-numbers")
"""The ids of what is found here."""

_CLOSE = 5e-4  # of the largest entry, or of 1: what digits that were cut, or an epsilon, make


def limit_of(name: str, held: Sequence[Held]) -> Finding | None:
    """Name the limits within which a function is right; None where there are no such."""
    wrong = [one for one in held if not one.fits]
    if not wrong:
        return None
    return _shapes(name, held, wrong) or _inexact(name, wrong) or cut(name, held)


def _shapes(name: str, held: Sequence[Held], wrong: Sequence[Held]) -> Finding | None:
    """Name a function that fails for all arrays, or for all but plain vectors.

    It raises an error then; what gives something else is wrong, however few axes it likes.
    """
    if not all(one.case.step is not None and one.case.step.error for one in wrong):
        return None
    right = {_axes(one) for one in held if one.fits}
    if 1 in right and right <= {0, 1} and not any(_axes(one) == 1 for one in wrong):
        says = f"{name} works on plain vectors, but not on rows of examples."
        return Finding("no-rows", says, 0.5)
    if right == {0}:
        return Finding("no-arrays", f"{name} works on single numbers, but not on arrays.", 0.25)
    return None


def _inexact(name: str, wrong: Sequence[Held]) -> Finding | None:
    """Name a function that is close to right for every case."""
    if not all(one.off <= _CLOSE * max(1.0, _size(one)) for one in wrong):
        return None
    most = max(wrong, key=lambda one: one.off)
    says = f"{name} is close, but not exact: it is off by {most.off:.1g} for {most.case.label}."
    return Finding("inexact", says, 0.75)


def cut(name: str, held: Sequence[Held]) -> Finding | None:
    """Name a function that loses the fractions of some arrays, as np.vectorize does."""
    wrong = [one for one in held if not one.fits]
    lost = bool(wrong) and all(one.wrong == CUT for one in wrong)
    if not lost or not any(_has_fractions(one) for one in held):
        return None
    says = f"{name} gives {CUT} for {wrong[0].case.label}, depending on its first entry."
    return Finding("whole-numbers", says, 0.5)


def _has_fractions(one: Held) -> bool:
    """Say whether an array came back right, fractions and all."""
    array = None if one.case.step is None else one.case.step.array
    return one.fits and array is not None and array.ndim > 0 and bool(np.any(array % 1))


def _axes(one: Held) -> int:
    return next(iter(one.case.arguments.values())).ndim


def _size(one: Held) -> float:
    step = one.case.step
    array = None if step is None or one.wrong != OTHER_VALUES else step.array
    return 0.0 if array is None else float(np.abs(array.astype(float)).max(initial=0.0))
