"""The check of a question whose answer is a value."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from grader.reporting.text import one_line
from grader.results.differences import difference_of, places_told
from grader.results.model import Check
from grader.results.words import (
    LEFT_OUT,
    NOT_PRODUCED,
    PERSON,
    RUN_AGAIN,
    TOO_COARSE,
    UNSAID,
    UNSETTLED_DRAWS,
    ended,
    in_words,
    named,
)
from grader.rubric.model import Mistake, Question, Tolerance
from grader.scoring.outcomes import Outcome
from grader.scoring.verdict import Evidence, Verdict
from grader.scoring.wording import TYPED_IN, listed

_CELL = re.compile(r"\bcell (\d+)\b")
_TYPED_IN = "typed-in"
_OWN_RESULT = "Your result of "  # begins the remark on an answer right for such a result
_DOUBT = re.compile(r": ((?:agrees|is right)\b[^.:]*?, but [^.:]+)\. A person decides\.$")
_TOO_COARSE = re.compile(r": agrees as far as it is printed, but with too few digits\b")
_SEARCHED = re.compile(f"{_TOO_COARSE.pattern}|among so many printed values")
_HAPPENED = re.compile(r"; ((?:cell \d+|the notebook) .+)$", re.DOTALL)  # ends what is said then
_PRODUCED = "did not produce it"  # ends what is said of stored outputs, before what happened
_INCOMPLETE = "Not all values of "  # begins what is said where values were left out


def value_check(
    question: Question, verdict: Verdict, tolerance: Tolerance, *, hidden: bool
) -> Check:
    """Say what came of a question that asks for a value.

    Args:
        question: as the rubric asks it.
        verdict: on it.
        tolerance: of the question, or else of the rubric.
        hidden: tell of hidden mistakes, too.

    """
    made = made_mistakes(question, verdict)
    told = [one for one in made if hidden or not one.hidden]
    names = _names(verdict, made, told)
    outcome: Outcome = "ungraded" if verdict.waits else verdict.outcome
    story = _Story(told, names, silent=len(told) < len(made))
    silent = story.silent or bool(_SEARCHED.search(verdict.explanation))
    secret = not question.show_expected
    evidence = () if silent else places_told(verdict.evidence, secret=secret)
    return Check(
        question=question.id,
        title=question.title,
        outcome=outcome,
        points=verdict.points,
        max_points=question.points,
        sentence=_sentence(question, verdict, story),
        explained_by=tuple(in_words(name) for name in names),
        difference=difference_of(evidence, tolerance),
        place=_place(evidence),
        cell=evidence[0].cell if evidence else _cell(verdict),
    )


def made_mistakes(question: Question, verdict: Verdict) -> list[Mistake]:
    """Return the rubric's entries of the mistakes a verdict names.

    Several entries may have one id; the sentence among the remarks says which it was.
    """
    named_so = [one for one in question.mistake if one.id in verdict.mistakes]
    said = [one for one in named_so if one.says in verdict.remarks]
    surely = {one.id for one in said}
    return [one for one in named_so if one in said or one.id not in surely]


def _names(verdict: Verdict, made: Sequence[Mistake], told: Sequence[Mistake]) -> tuple[str, ...]:
    kept_back = {one.id for one in made} - {one.id for one in told}
    return tuple(name for name in verdict.mistakes if name not in kept_back)


@dataclass(frozen=True)
class _Story:
    """What may be told of how an answer came about.

    `told` are the rubric's entries of its mistakes, `names` the names of all of them, with
    those that only the grader knows; `silent` says that some are not told.
    """

    told: Sequence[Mistake]
    names: Sequence[str]
    silent: bool


def _sentence(question: Question, verdict: Verdict, story: _Story) -> str:
    if verdict.waits:
        return _waiting(question, verdict, story)
    if verdict.outcome == "correct":
        return _right(verdict, story)
    if story.names:
        return _explained(verdict, story)
    if verdict.outcome == "missing":
        return ended(verdict.explanation)
    found = [one.part for one in verdict.evidence if one.fits and one.part]
    if found and not story.silent:
        return f"Found for {listed(found)} only."
    return _unexplained(question, verdict)


def _unexplained(question: Question, verdict: Verdict) -> str:
    """Give the hint, and what happened to cells that did not finish."""
    happened = _HAPPENED.search(verdict.explanation)
    hint = ended(question.hint or UNSAID)
    return f"{hint} Note: {ended(happened[1])}" if happened else hint


def _right(verdict: Verdict, story: _Story) -> str:
    read = ", ".join(f"{in_words(n)}: {in_words(v)}" for n, v in verdict.conventions.items())
    how = f" ({read})" if read else ""
    if any(remark.startswith(_OWN_RESULT) for remark in verdict.remarks):
        return f"Right for your own result of an earlier question{how}."
    carried = [name for name in story.names if name in verdict.carried]
    if carried:
        return f"Right{how}; {named(carried)} cost points in an earlier question, and none here."
    noted = f"; noted: {ended(story.told[0].says)}" if story.told else "."
    return f"Right{how}{noted}"


def _explained(verdict: Verdict, story: _Story) -> str:
    """Tell the mistake that costs most, in the rubric's words."""
    charged = [one for one in story.told if one.id not in verdict.carried]
    if not charged:
        return f"Explained by {named(story.names)}."
    return ended(min(charged, key=lambda one: one.worth).says)


def _waiting(question: Question, verdict: Verdict, story: _Story) -> str:
    if _TYPED_IN in story.names:
        typed = [one.says for one in story.told if one.id == _TYPED_IN]
        return ended(next(iter(typed), TYPED_IN))
    if verdict.explanation.startswith(_INCOMPLETE):
        return LEFT_OUT
    if verdict.cause:
        return _not_produced(verdict)
    if story.names:
        return f"Explained by {named(story.names)}; a person decides what that is worth."
    return _doubted(question, verdict, story)


def _doubted(question: Question, verdict: Verdict, story: _Story) -> str:
    """Tell why something speaks for an answer and does not settle it."""
    if _TOO_COARSE.search(verdict.explanation):
        return TOO_COARSE
    doubt = None if story.silent else _DOUBT.search(verdict.explanation)
    if doubt:
        return f"This {doubt[1]}; a person decides."
    return UNSETTLED_DRAWS if question.draws else PERSON


def _not_produced(verdict: Verdict) -> str:
    """Tell of values that only the file's own outputs show, and what kept the run from them."""
    happened = verdict.explanation.partition(_PRODUCED)[2].split(". ")[0]
    return ended(NOT_PRODUCED + (happened.rstrip(".") or RUN_AGAIN))


def _place(evidence: Sequence[Evidence]) -> str:
    return listed(_placed(one) for one in evidence)


def _placed(one: Evidence) -> str:
    path = one_line(one.path, 80)
    named_so = f"`{path}`" if one.origin in ("variable", "attribute") else path
    part = f" for {one.part}" if one.part and one.fits else ""
    return f"{named_so} (cell {one.cell}){part}"


def _cell(verdict: Verdict) -> int | None:
    """Return the cell that kept an answer from being found."""
    found = _CELL.search(verdict.explanation) if verdict.cause else None
    return int(found[1]) if found else None
