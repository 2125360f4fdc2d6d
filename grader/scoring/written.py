"""Written answers: found and handed to a person, criterion by criterion."""

import hashlib
from dataclasses import replace

from grader.observation.written import Written, find_written
from grader.recording.model import Recording
from grader.rubric.model import Question
from grader.rubric.parts import Criterion
from grader.scoring.verdict import CriterionVerdict, Verdict, outcome_of


def judge_written(question: Question, recording: Recording) -> Verdict:
    """Find the answer to a question that only a person can judge.

    Where nothing was written there is nothing to read, and so no points; otherwise the
    question waits for decisions.
    """
    nothing = Verdict(
        question=question.id,
        title=question.title,
        points=0.0,
        max_points=question.points,
        outcome="missing",
        explanation="",
        show_expected=question.show_expected,
    )
    return with_criteria(nothing, question, recording)


def with_criteria(machine: Verdict, question: Question, recording: Recording) -> Verdict:
    """Add what a person decides to the verdict on the parts of a question that a machine judges.

    Args:
        machine: the verdict on the other parts, whose points stay; its `max_points` are those
            of the whole question.
        question: with criteria.
        recording: whose notebook holds the answer.

    """
    written = find_written(recording.handed_in, question.heading or "", question.prompt or "")
    if written.text or not written.heading_found:
        return _waiting(machine, question, written)
    sentence = (
        f'Below the heading "{question.heading}" nothing is written yet, '
        "so there was nothing to give points for."
    )
    criteria = tuple(_criterion(one, written, points=0.0) for one in question.criteria)
    left = machine.waits or machine.outcome == "missing"
    return replace(
        machine,
        outcome=machine.outcome if left else outcome_of(machine.points, machine.max_points),
        explanation=_joined(machine.explanation, sentence),
        criteria=criteria,
        rest_waits=machine.waits,
    )


def _waiting(machine: Verdict, question: Question, written: Written) -> Verdict:
    return replace(
        machine,
        outcome="ungraded",
        explanation=_joined(machine.explanation, _waits_for(question, written)),
        needs_review=True,
        answer=written.text,
        criteria=tuple(_criterion(one, written) for one in question.criteria),
        rest_waits=machine.waits,
    )


def _waits_for(question: Question, written: Written) -> str:
    if written.text:
        return "What you wrote is read by a person."
    if question.heading is None:
        return "This is looked at by a person."
    return (
        f'No heading "{question.heading}" was found in the notebook, so a person looks for '
        "what you wrote."
    )


def _criterion(
    criterion: Criterion, written: Written, points: float | None = None
) -> CriterionVerdict:
    """Bind a criterion to the answer: another answer, or another wording, is asked about anew."""
    judged = "\0".join([criterion.id, criterion.says, repr(criterion.points), written.digest])
    return CriterionVerdict(
        id=criterion.id,
        says=criterion.says,
        max_points=criterion.points,
        points=points,
        judged=hashlib.sha256(judged.encode()).hexdigest(),
    )


def _joined(*sentences: str) -> str:
    return " ".join(filter(None, sentences))
