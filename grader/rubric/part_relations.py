"""Finds contradictions between the keys of a part, and between parts."""

import ast
from collections.abc import Iterator, Sequence
from typing import get_args

from grader.rubric.kinds import FINDINGS, NEEDED, OF_USE
from grader.rubric.parts import Kind
from grader.rubric.problem import Problem
from grader.rubric.sketch import PartSketch, QuestionSketch
from grader.rubric.wording import join, quote, suggestion

_KINDS: tuple[Kind, ...] = get_args(Kind)


def part_problems(part: PartSketch, question: QuestionSketch) -> Iterator[Problem]:
    """Look at everything the keys of a part have to agree on."""
    for kind in _KINDS:
        if part.probe == kind:
            yield from _needed(part, kind)
            yield from _expected(part, kind, question)
            yield from _of_no_use(part, kind)
            yield from _worth(part, kind, question)
    yield from _accept(part)
    yield from _build(part)


def repeated_parts(questions: Sequence[QuestionSketch]) -> Iterator[Problem]:
    """Look for code that would be judged twice."""
    seen: dict[tuple[str, str], PartSketch] = {}
    for question in questions:
        for part in question.parts:
            if part.name is None or part.probe is None:
                continue
            first = seen.setdefault((part.name, part.probe), part)
            if first is not part:
                where = f"question {int(first.table[1]) + 1}"
                says = f"asks for the {part.probe} {quote(part.name)} already"
                yield Problem(part.table, f"{where} {says}: it would be judged twice")


def _needed(part: PartSketch, kind: Kind) -> Iterator[Problem]:
    for key, why in NEEDED.get(kind, {}).items():
        if not part.has(key):
            yield Problem(part.table, f"{quote(key)} is needed for a {kind}: {why}")


def _expected(part: PartSketch, kind: Kind, question: QuestionSketch) -> Iterator[Problem]:
    """Look for a derivative that the reference can give neither itself nor by differences."""
    if kind != "derivative" or part.has("expect") or not part.has("of"):
        return
    if not any(other.name == part.of and other.has("expect") for other in question.parts):
        says = '"expect" is needed for a derivative whose function is no part of this question'
        yield Problem(part.table, says)


def _of_no_use(part: PartSketch, kind: Kind) -> Iterator[Problem]:
    for key, kinds in OF_USE.items():
        if key in part.keys and kind not in kinds:
            whose = join((quote(one) for one in _KINDS if one in kinds), "and")
            yield Problem(part.table, f"{quote(key)} is of no use for a {kind}; it is for {whose}")


def _worth(part: PartSketch, kind: Kind, question: QuestionSketch) -> Iterator[Problem]:
    """Look for prices of what is never found."""
    named = [one.id for one in question.mistakes if one.id is not None]
    known = [*FINDINGS.get(kind, ()), *named]
    for name in part.worth if kind in FINDINGS else ():
        if name not in known:
            end = suggestion(name, known, f"findings for a {kind}")
            yield Problem((*part.table, "worth"), f"unknown finding {quote(name)}{end}")


def _accept(part: PartSketch) -> Iterator[Problem]:
    if part.accept and not part.has("expect"):
        says = '"accept" is of no use without "expect"'
        yield Problem(part.table, f"{says}: conventions are settings of a reference function")


def _build(part: PartSketch) -> Iterator[Problem]:
    if part.build is None:
        return
    try:
        ast.parse(part.build)
    except (SyntaxError, ValueError) as error:
        reason = error.msg if isinstance(error, SyntaxError) else str(error)
        yield Problem(part.table, f'"build" is not valid Python: {reason}')
