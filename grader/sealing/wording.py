"""How an edition is told: to the teacher, question by question, and to students."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.rubric.model import Question
from grader.sealing.answer import Answer
from grader.sealing.called_for import called
from grader.sealing.coded import Coded
from grader.sealing.cost import FEWEST_BITS, LEVEL
from grader.sealing.edition import Edition
from grader.sealing.locks import Sealed

_CALLED = "called; may fail, does not pass"


@dataclass(frozen=True)
class Told:
    """How one question is told in an edition."""

    question: str
    entries: int  # numbers of one answer; 0 where it is no value
    bits: float  # of the weakest sealed answer, or of the strongest there is
    sealed: int  # how many answers are
    answers: int
    success: float  # of a searcher with one core and a day
    how: str
    warning: str = ""


def told(
    question: Question,
    answers: Sequence[Answer],
    sealed: Mapping[str, Sequence[Sealed]],
    bits: Mapping[str, float],
    *,
    sums: bool = False,
    code: Sequence[Coded] = (),
) -> Told:
    """Say how a question is told, and where its answers are not sealed, why."""
    if any(one.asked for one in code):
        return Told(question.id, 0, 0.0, 0, 0, 0.0, _CALLED, called(question, code))
    if not question.expect or question.draws:
        how, why = _no_value(question)
        warning = f'Question "{question.id}" is not sealed: {why}. Students read: {how}.'
        return Told(question.id, 0, 0.0, 0, 0, 0.0, how, warning)
    locks = [one for one in sealed[question.expect] if any(a.accepted for a in one.answers)]
    entries = next((a.row.size for a in answers if a.accepted), 0)
    every = sum(len(one.answers) for one in sealed[question.expect])
    if not locks:
        most = bits[question.expect]
        return _unsealed(question, entries, most, len(answers), sums=sums)
    weakest = min(one.bits for one in sealed[question.expect])
    success = max(one.search.success(one.bits) for one in sealed[question.expect])
    accepted = sum(a.accepted for a in answers)
    right = sum(a.accepted for one in locks for a in one.answers)
    warning = ""
    if right < accepted:
        warning = (
            f'Question "{question.id}": {accepted - right} of {accepted} accepted answers are too '
            "easily guessed and not sealed; students with one of these are told that it is graded "
            "after submission."
        )
    how = "sealed" if all(one.whole for one in locks) else "sealed, for double precision"
    return Told(question.id, entries, weakest, every, len(answers), success, how, warning)


def _unsealed(question: Question, entries: int, bits: float, answers: int, *, sums: bool) -> Told:
    how = "its shape, and that it sums to 1" if sums else "its shape"
    if question.with_respect_to:
        how = f"{how}, and against the student's own loss"
    counted = "its number" if entries == 1 else f"its {entries} numbers"
    warning = (
        f'Question "{question.id}" is not sealed: {counted} could be found by trying (at most '
        f"{bits:.0f} bits, {FEWEST_BITS:.0f} are needed). Checked instead: {how}; the value is "
        "graded after submission."
    )
    return Told(question.id, entries, bits, 0, answers, 0.0, how, warning)


def _no_value(question: Question) -> tuple[str, str]:
    later = "graded after submission"
    if question.draws:
        return later, "its values depend on the random draws of each run"
    if question.parts:
        return later, "it asks for code that is called with data, or with too many numbers"
    return later, "a person reads it"


def summary(found: Sequence[Told]) -> list[str]:
    """Return a table of how the questions are told, a line each."""
    rows = [("question", "numbers", "bits", "answers sealed", "how it is checked")]
    for one in found:
        counted = f"{one.sealed} of {one.answers}" if one.answers else "-"
        bits = f"{one.bits:.0f}" if one.entries else "-"
        rows.append((one.question, str(one.entries or "-"), bits, counted, one.how))
    widths = [max(len(row[n]) for row in rows) for n in range(5)]
    return ["  ".join(c.ljust(w) for c, w in zip(r, widths, strict=True)).rstrip() for r in rows]


def level_told() -> str:
    """Say what the level is."""
    return (
        f"Level: somebody with the edition, and a day of one core, finds a sealed answer with a "
        f"probability of at most {LEVEL:.0%}."
    )


def readme(edition: Edition) -> str:
    """Return what students read first."""
    rubric = edition.rubric
    sealed = {lock.expect for lock in edition.locks}
    lines = [
        f"# {rubric.title}",
        "",
        "Check yourself in your notebook:",
        "",
        "```python",
        "import grader",
        "grader.check()",
        "```",
        "",
        "or in a terminal: `grader check YOUR-NOTEBOOK.ipynb`. Keep `edition.json` and "
        "`gradmark.toml` beside the notebook.",
        "",
        "| question | points | checked here |",
        "|---|---|---|",
    ]
    for question in rubric.question:
        how = "the value" if question.expect in sealed else "the form; the rest after submission"
        how = how if question.expect else "after submission"
        if question.parts:
            how = "that it can be called; the rest after submission"
        lines.append(f"| {_cell(question.title)} | {question.points:g} | {how} |")
    lines += [f"| {_cell(one.title)} | | after submission |" for one in edition.hidden]
    lines += [
        "",
        "No answer stands in these files: what is sealed opens with your own right value.",
    ]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
