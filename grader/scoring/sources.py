"""The code that wrong values come from, for a class report that shows an example."""

from collections.abc import Iterable

from grader.recording.model import Recording
from grader.scoring.verdict import Verdict

_LONGEST = 600  # characters


def cited_sources(recording: Recording, verdicts: Iterable[Verdict]) -> dict[int, str]:
    """Give the source, cut, of every cell the evidence of an answer without full marks is from."""
    cited = {
        piece.cell
        for verdict in verdicts
        if verdict.outcome != "correct"
        for piece in verdict.evidence
    }
    return {cell.number: _cut(cell.source) for cell in recording.cells if cell.number in cited}


def _cut(source: str) -> str:
    source = source.strip("\n")
    return source if len(source) <= _LONGEST else f"{source[: _LONGEST - 1]}…"
