"""The answers a grade gives: one for each value and each part; what a person judges is none."""

from collections.abc import Iterator

import numpy as np

from grader.execution.asking.about import about
from grader.recording.model import Recording
from grader.rubric.kinds import TRAINED
from grader.rubric.model import Question, Rubric
from grader.rubric.parts import Part
from grader.scoring.verdict import Grade, PartVerdict, Verdict
from grader.trial.model import Answer, part_key


def answers_of(grade: Grade, rubric: Rubric, recording: Recording) -> tuple[Answer, ...]:
    """Return what a grade says of everything a machine judges."""
    questions = {question.id: question for question in rubric.question}
    return tuple(
        answer
        for verdict in grade.verdicts
        for answer in _answers(verdict, questions[verdict.question], recording)
    )


def _answers(verdict: Verdict, question: Question, recording: Recording) -> Iterator[Answer]:
    if question.expect:
        yield _of_value(verdict)
    for number in range(len(question.parts)):
        if verdict.parts:
            yield _of_part(verdict.parts[number], question, number, recording)
        else:
            yield _unjudged(verdict, question, number)


def _of_value(verdict: Verdict) -> Answer:
    return Answer(
        question=verdict.question,
        points=verdict.points,
        max_points=verdict.max_points,
        outcome=verdict.outcome,
        mistakes=verdict.mistakes,
        conventions=dict(verdict.conventions),
        needs_review=verdict.needs_review,
        explanation=verdict.explanation,
        values=tuple(np.asarray(seen.actual) for seen in verdict.evidence),
        fault=verdict.cause == "grader_fault",
    )


def _of_part(part: PartVerdict, question: Question, number: int, recording: Recording) -> Answer:
    key = part_key(question.id, number)
    return Answer(
        question=question.id,
        points=part.points,
        max_points=part.max_points,
        outcome=part.outcome,
        mistakes=part.mistakes,
        conventions=dict(part.conventions),
        needs_review=part.needs_review,
        explanation=part.explanation,
        values=tuple(_values(question.parts[number], recording)),
        fault=part.cause == "grader_fault",
        key=key,
        part=part.label,
        remarks=part.remarks,
        trained=question.parts[number].probe in TRAINED,
    )


def _unjudged(verdict: Verdict, question: Question, number: int) -> Answer:
    """Put down a part of a question on which the grader failed as a whole."""
    part = question.parts[number]
    return Answer(
        question=question.id,
        points=0.0,
        max_points=part.points,
        outcome=verdict.outcome,
        mistakes=(),
        conventions={},
        needs_review=verdict.needs_review,
        explanation=verdict.explanation,
        values=(),
        fault=verdict.cause == "grader_fault",
        key=part_key(question.id, number),
        part=part.label,
    )


def _values(part: Part, recording: Recording) -> Iterator[np.ndarray]:
    """Yield all numbers that asking about a part gave, in the order of steps and of names.

    In which order an object got its attributes is no difference between two answers.
    """
    for probe in recording.probes:
        if probe.about == about(part):
            for step in probe.steps:
                yield from (step.values[name].array for name in sorted(step.values))
