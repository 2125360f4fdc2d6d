"""The check of a question whose answer is code: its first part that does not pass is told."""

import re
from collections.abc import Sequence

from grader.reporting.text import one_line
from grader.results.model import Check
from grader.results.words import FAULTY, PERSON, ended, in_words
from grader.rubric.model import Question
from grader.scoring.outcomes import Outcome
from grader.scoring.verdict import PartVerdict, Verdict

_CELL = re.compile(r"\bcell (\d+)\b")
_AND_PROSE = "what is written here is read by a person after submission"


def parts_check(question: Question, verdict: Verdict, *, hidden: bool) -> Check:
    """Say what came of a question's parts; what is written beside them waits."""
    kept_back = {one.id for one in question.mistake if one.hidden and not hidden}
    failing = [one for one in verdict.parts if _fails(one)]
    waiting = [one for one in verdict.parts if not _fails(one) and not _passes(one)]
    first = next(iter([*failing, *waiting]), None)
    names = tuple(name for name in (first.mistakes if first else ()) if name not in kept_back)
    return Check(
        question=question.id,
        title=question.title,
        outcome=_outcome(verdict.parts, failing, waiting),
        points=round(sum(one.points for one in verdict.parts), 6),
        max_points=sum(one.max_points for one in verdict.parts),
        sentence=_sentence(verdict, first, kept_back, more=len(failing) - 1),
        explained_by=tuple(in_words(name) for name in names),
        place=f"`{one_line(first.label, 80)}`" if first else "",
        cell=_cell(first),
    )


def _passes(part: PartVerdict) -> bool:
    return part.outcome == "correct" and not part.needs_review


def _fails(part: PartVerdict) -> bool:
    return part.outcome in ("partial", "wrong", "missing") and not part.needs_review


def _outcome(
    parts: Sequence[PartVerdict], failing: Sequence[PartVerdict], waiting: Sequence[PartVerdict]
) -> Outcome:
    if not failing:
        return "ungraded" if waiting else "correct"
    if all(one.outcome == "missing" for one in parts):
        return "missing"
    return "partial" if any(one.points > 0 for one in parts) else "wrong"


def _sentence(
    verdict: Verdict, first: PartVerdict | None, kept_back: set[str], *, more: int
) -> str:
    if first is None:
        return f"Right; {_AND_PROSE}." if verdict.criteria else "Right."
    if first.cause == "grader_fault":
        return FAULTY
    if kept_back & set(first.mistakes):
        return f"`{first.label}` is not yet what was asked for."
    if first.needs_review or first.outcome == "ungraded":
        return ended(first.explanation or PERSON)
    others = f" (and {more} more of this question)" if more > 0 else ""
    return ended(first.explanation.rstrip(". ") + others)


def _cell(part: PartVerdict | None) -> int | None:
    """Return the cell that kept a part from being judged."""
    found = _CELL.search(part.explanation) if part and part.cause else None
    return int(found[1]) if found else None
