"""How the code that a question asks for is checked by an edition, told to the teacher."""

from collections.abc import Iterable, Sequence

from grader.rubric.kinds import DIRECT
from grader.rubric.model import Question
from grader.scoring.wording import listed
from grader.sealing.coded import Coded

_FORM = "that it is written"
_CALLS = "that it gives numbers when called"
_OWN = "that it goes with the student's own function"


def called(question: Question, code: Sequence[Coded]) -> str:
    """Say what is checked of each part, and that the rest waits."""
    groups: dict[str, list[str]] = {}
    kinds = {part.name: part for part in question.parts}
    for one in code:
        part = kinds[one.part]
        direct = part.probe in DIRECT and bool(one.fails)
        checked = [_FORM, *([_CALLS] if direct else []), *([_OWN] if direct and part.of else [])]
        if not one.asked:
            checked = []
        groups.setdefault(_joined(checked), []).append(one.part)
    told = [f"of {listed(names)} {how}" for how, names in groups.items() if how]
    rest = [name for how, names in groups.items() if not how for name in names]
    left = f"; nothing of {listed(rest)}" if rest else ""
    return (
        f'Question "{question.id}" is not sealed: who knows a function knows what it gives for '
        f"inputs that are handed out. Checked instead: {'; '.join(told)}{left}. It fails where "
        "that cannot earn all points, and does not pass; the rest is graded after submission."
    )


def _joined(checked: Iterable[str]) -> str:
    return ", ".join(checked)
