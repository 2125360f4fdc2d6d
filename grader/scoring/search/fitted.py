"""Slips with a number of the student's own in them: a constant added, digits lost on the way."""

from collections.abc import Iterator, Sequence

import numpy as np

from grader.rubric.model import Tolerance
from grader.scoring.comparison import allowance, max_abs_error
from grader.scoring.pool import Candidate, Match
from grader.scoring.search.meetings import Meeting, Odds, Values
from grader.scoring.search.possibilities import Possibilities, Possibility

_AXES: tuple[tuple[tuple[int, ...] | None, str], ...] = (
    (None, "the same number added to every entry"),
    ((0,), "the same row added to every row"),
    ((1,), "the same column added to every column"),
)
_FORMATS = ((11, "half precision (float16)"), (8, "bfloat16"), (24, "single precision (float32)"))
_STEPS = 64  # roundings of a computation, in units of its epsilon


def fitted_meetings(
    possibilities: Possibilities, values: Values, tolerance: Tolerance
) -> Iterator[Meeting]:
    """Yield right values and known mistakes that are met after a shift, or in low precision."""
    sources = possibilities.sources
    odds = Odds(possibilities, values, more=len(sources) * (len(_AXES) + len(_FORMATS)))
    for source in sources:
        yield from _shifted(odds, values, source, tolerance)
        yield from _imprecise(odds, values, source)


def _shifted(
    odds: Odds, values: Values, source: Possibility, tolerance: Tolerance
) -> Iterator[Meeting]:
    for axes, says in _AXES:
        found = {name: _shifts(values, p, axes, tolerance) for name, p in source.parts.items()}
        if not all(found.values()):
            continue
        matches = {name: min(some, key=lambda match: match.error) for name, some in found.items()}
        parts = {name: match.expected for name, match in matches.items()}
        words = f"{source.says} with {_amount(parts, source, axes) or says}"
        one = Possibility(source.hypothesis, parts, words, "shifted", source.parts)
        free = max(1 if axes is None else p.size // p.shape[axes[0]] for p in parts.values())
        yield odds.meeting(one, matches, free)


def _amount(parts: dict[str, np.ndarray], source: Possibility, axes: object) -> str:
    """Say how much was added, where it is one number."""
    added = {float(f"{(p - source.parts[name]).flat[0]:.6g}") for name, p in parts.items()}
    return f"{added.pop():.6g} added to every entry" if axes is None and len(added) == 1 else ""


def _shifts(
    values: Values, part: np.ndarray, axes: tuple[int, ...] | None, tolerance: Tolerance
) -> list[Match]:
    """Return the values that are off by the same everywhere (along some axes)."""
    if axes is not None and (part.ndim != 2 or part.shape[axes[0]] < 2):
        return []
    candidates, rows, slack = values.of(part.shape)
    if not candidates:
        return []
    off = rows.reshape(-1, *part.shape) - part
    over = None if axes is None else tuple(axis + 1 for axis in axes)
    mean = off.mean(axis=over or tuple(range(1, off.ndim)), keepdims=True)
    allowed = slack.reshape(off.shape) + allowance(part, tolerance)
    alike = (np.abs(off - mean) <= allowed).reshape(len(rows), -1).all(axis=1)
    moved = (np.abs(mean) > 2 * allowed).reshape(len(rows), -1).any(axis=1)
    found = []
    for n in np.flatnonzero(alike & moved):
        shifted = part + mean[n]
        found.append(Match(candidates[n], shifted, max_abs_error(candidates[n].values, shifted), 0))
    return found


def _imprecise(odds: Odds, values: Values, source: Possibility) -> Iterator[Meeting]:
    for bits, says in _FORMATS:
        found = {name: _of_few_bits(values, p, bits) for name, p in source.parts.items()}
        if all(found.values()):
            matches = {name: some[0] for name, some in found.items()}
            words = f"{source.says} in {says}"
            one = Possibility(
                source.hypothesis, source.parts, words, "single_precision", source.parts
            )
            yield odds.meeting(one, matches)


def _of_few_bits(values: Values, part: np.ndarray, bits: int) -> Sequence[Match]:
    """Return the values that have no more bits than a format and agree as far, nearest first."""
    candidates, rows, _ = values.of(part.shape)
    allowed = _STEPS * 2.0 ** (1 - bits) * float(np.abs(part).max())
    near = (np.abs(rows - part.ravel()) <= allowed).all(axis=1)
    found = [candidates[n] for n in np.flatnonzero(near) if _has_bits(rows[n], bits)]
    matches = [Match(c, part, max(_off(c, part), 0.0), 0) for c in found]
    return sorted(matches, key=lambda match: match.error)


def _has_bits(numbers: np.ndarray, bits: int) -> bool:
    """Say whether numbers fit a format, and not all of them a much shorter one."""
    mantissa = np.frexp(numbers)[0] * 2.0**bits
    return bool((mantissa == np.round(mantissa)).all() and (numbers != np.round(numbers)).any())


def _off(candidate: Candidate, part: np.ndarray) -> float:
    return max_abs_error(candidate.values, part)
