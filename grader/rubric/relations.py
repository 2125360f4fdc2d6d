"""Finds contradictions between keys and tables that are fine each by itself."""

from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any

from grader.rubric.asking_relations import asking_problems
from grader.rubric.model import Limits
from grader.rubric.problem import Location, Problem
from grader.rubric.sketch import (
    MistakeSketch,
    QuestionSketch,
    number_of,
    sketch_questions,
    table_of,
)
from grader.rubric.surrounding_relations import surrounding_problems
from grader.rubric.table import DETECTED
from grader.rubric.wording import join, quote, suggestion, toml

LARGEST = (("cell_seconds", "notebook_seconds", 1), ("value_kib", "recording_mib", 1024))
"""A limit, the limit it may not exceed, and how many units of the first make one of the second."""


def relation_problems(data: Mapping[str, Any]) -> list[Problem]:
    """Look at everything two or more keys have to agree on."""
    questions = sketch_questions(data)
    return [
        *_limits(data),
        *surrounding_problems(data),
        *_repeated_ids(questions),
        *_unknown_needs(questions),
        *_unknown_follows(questions),
        *_circular_needs(questions),
        *(problem for question in questions for problem in _random_training(question)),
        *(problem for question in questions for problem in _mistakes(question)),
        *asking_problems(questions),
    ]


def _limits(data: Mapping[str, Any]) -> Iterator[Problem]:
    written = table_of(data, "limits")
    for part, whole, units in LARGEST:
        small, large = (_number(written, key) for key in (part, whole))
        if part not in written and whole not in written:
            continue
        if small is not None and large is not None and small > large * units:
            values = f"{quote(part)} is {toml(small)}, {quote(whole)} only {toml(large)}"
            yield Problem(("limits",), f"{values}: a part cannot take more than the whole")


def _number(written: Mapping[str, Any], key: str) -> float | None:
    return number_of({key: Limits.model_fields[key].default, **written}, key)


def _repeated_ids(questions: list[QuestionSketch]) -> Iterator[Problem]:
    seen: dict[str, Location] = {}
    for question in questions:
        if question.id is None:
            continue
        if question.id in seen:
            first = int(seen[question.id][1]) + 1
            sentence = f"question {first} has the id {quote(question.id)} already"
            yield Problem(question.table, sentence)
        seen.setdefault(question.id, question.table)


def _unknown_needs(questions: list[QuestionSketch]) -> Iterator[Problem]:
    known = [question.id for question in questions if question.id is not None]
    for question in questions:
        for need in question.needs:
            if need not in known:
                end = suggestion(need, known, "questions")
                yield Problem(question.table, f'"needs" names no question: {quote(need)}{end}')


def _unknown_follows(questions: list[QuestionSketch]) -> Iterator[Problem]:
    """Look for results that are followed before they are judged: questions go in order."""
    known = [question.id for question in questions if question.id is not None]
    for number, question in enumerate(questions):
        before = {earlier.id for earlier in questions[:number]}
        for followed in question.follows:
            if followed not in known:
                end = suggestion(followed, known, "questions")
                says = f'"follows" names no question: {quote(followed)}{end}'
                yield Problem(question.table, says)
            elif followed not in before:
                says = f'"follows" names {quote(followed)}, which must stand above this question'
                yield Problem(question.table, says)


def _circular_needs(questions: list[QuestionSketch]) -> Iterator[Problem]:
    needs = {question.id: question.needs for question in questions if question.id is not None}
    told: set[str] = set()
    for question in questions:
        circle = _circle(question.id, needs) if question.id is not None else []
        if not told.isdisjoint(circle):
            continue
        told.update(circle)
        if len(circle) == 1:
            yield Problem(question.table, '"needs" names the question itself')
        elif circle:
            steps = zip(circle, [*circle[1:], circle[0]], strict=True)
            links = join((f"{quote(one)} needs {quote(other)}" for one, other in steps), "and")
            yield Problem(question.table, f'"needs" goes in a circle: {links}')


def _circle(start: str, needs: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Find the shortest chain of needs from a question back to itself."""
    chains, seen = deque([[start]]), {start}
    while chains:
        chain = chains.popleft()
        for need in needs.get(chain[-1], ()):
            if need == start:
                return chain
            if need not in seen:
                seen.add(need)
                chains.append([*chain, need])
    return []


def _random_training(question: QuestionSketch) -> Iterator[Problem]:
    for key, other in (("draws", "rate"), ("rate", "draws")):
        if key in question.keys and other not in question.keys:
            sentence = f"{quote(key)} is of no use without {quote(other)}"
            yield Problem(question.table, f"{sentence}: recorded draws are replayed with both")


def _mistakes(question: QuestionSketch) -> Iterator[Problem]:
    for index, mistake in enumerate(question.mistakes):
        if not mistake.says_what and mistake.id not in DETECTED and not question.parts:
            yield Problem(
                mistake.table,
                'one of "when", "given", "expect" and "transform" is needed: '
                "what sets the mistake apart",
            )
        if mistake.transform and (mistake.when or mistake.given or mistake.expect):
            sentence = '"transform" stands by itself, without "when", "given" and "expect"'
            yield Problem(mistake.table, f"{sentence}: it is looked for on all of these")
        for other in question.mistakes[:index]:
            if _overlap(mistake, other):
                name = quote(other.id) if other.id else f"number {int(other.table[-1]) + 1}"
                yield Problem(mistake.table, f"cannot be told from mistake {name}: same settings")
                break


def _overlap(one: MistakeSketch, other: MistakeSketch) -> bool:
    if one.transform or other.transform:
        return not set(one.transform).isdisjoint(other.transform)
    return one.says_what and _meaning(one) == _meaning(other)


def _meaning(mistake: MistakeSketch) -> tuple[object, ...]:
    return (mistake.when, mistake.given, mistake.expect)
