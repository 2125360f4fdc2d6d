"""A verdict's evidence as a page shows it, with nothing in it that the rubric hides."""

import math
from dataclasses import dataclass

from grader.reporting.comparison import Grid, difference_grid, value_grid, worst_place
from grader.reporting.numbers import error_text
from grader.reporting.text import one_line
from grader.reporting.words import KINDS, QUALIFIERS
from grader.scoring.verdict import Evidence, Verdict

MOST = 6  # pieces of evidence shown for one question


@dataclass(frozen=True)
class EvidenceView:
    """One piece of evidence: where it was seen, and its tables."""

    cell: int
    part: str
    kind: str  # of a value with a name in the code; empty where `path` is a place in the output
    path: str
    stored: bool  # seen only in the outputs of the file as handed in
    fits: bool
    facts: tuple[str, ...]
    own: Grid
    others: tuple[Grid, ...]  # the expected value and the difference; empty where hidden


def show_evidence(verdict: Verdict) -> list[EvidenceView]:
    """Show the evidence of a verdict."""
    return [_show(piece, verdict) for piece in verdict.evidence[:MOST]]


def _show(piece: Evidence, verdict: Verdict) -> EvidenceView:
    return EvidenceView(
        cell=piece.cell,
        part=one_line(piece.part),
        kind=KINDS.get(piece.origin, ""),
        path=one_line(piece.path),
        stored=piece.origin == "stored_output",
        fits=piece.fits,
        facts=tuple(_facts(piece, verdict)),
        own=value_grid(piece.actual, "Found in the notebook"),
        others=_others(piece, verdict) if verdict.show_expected else (),
    )


def _facts(piece: Evidence, verdict: Verdict) -> list[str]:
    facts = [QUALIFIERS[piece.origin]] if piece.origin in QUALIFIERS else []
    if verdict.show_expected:
        facts.append(_distance(piece))
    return facts


def _distance(piece: Evidence) -> str:
    if piece.max_abs_error == 0:
        return "no difference"
    if not math.isfinite(piece.max_abs_error):
        return "the difference is not a finite number"
    place = "" if piece.fits else worst_place(piece.actual, piece.expected)
    return f"largest difference {error_text(piece.max_abs_error)}{f' at {place}' if place else ''}"


def _others(piece: Evidence, verdict: Verdict) -> tuple[Grid, ...]:
    explained = piece.fits and verdict.mistakes
    expected = value_grid(
        piece.expected, "The value that explains it" if explained else "Expected value"
    )
    difference = difference_grid(piece.actual, piece.expected, "Difference (found − expected)")
    return (expected, difference) if difference else (expected,)
