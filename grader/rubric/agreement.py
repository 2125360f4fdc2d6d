"""Finds where a rubric asks for what its reference does not have."""

import inspect
from collections.abc import Iterator, Mapping
from typing import Any

from grader.rubric.families import Family, Reference
from grader.rubric.part_agreement import part_agreement
from grader.rubric.problem import Problem
from grader.rubric.settings import (
    RIGHT,
    describes_right,
    read_family,
    setting_problems,
    unknown_function,
)
from grader.rubric.sketch import MistakeSketch, QuestionSketch, sketch_questions
from grader.rubric.wording import quote, suggestion

PERTURBED = "the dict PERTURBED of other values for constants of GIVEN"


def agreement_problems(data: Mapping[str, Any], reference: Reference) -> list[Problem]:
    """Hold every name and value of a rubric's questions against its reference."""
    questions = sketch_questions(data)
    found = [problem for question in questions for problem in _question(question, reference)]
    return [*_perturb(data, reference), *found, *part_agreement(questions, reference)]


def _perturb(data: Mapping[str, Any], reference: Reference) -> Iterator[Problem]:
    if data.get("perturb") is True and not reference.perturbed:
        yield Problem((), f'"perturb" needs {PERTURBED}, in {reference.name}')


def _question(question: QuestionSketch, reference: Reference) -> Iterator[Problem]:
    table = question.table
    known, structure = reference.functions, question.structure
    yield from unknown_function(table, "expect", question.expect, reference.families, reference)
    yield from unknown_function(table, "draws", question.draws, known, reference)
    yield from unknown_function(table, "structure", structure, known, reference)
    yield from _rate(question, reference)
    yield from _with_respect_to(question, reference)
    family, problems = read_family(question.expect, reference)
    yield from problems
    if family is not None:
        yield from setting_problems((*table, "accept"), question.accept, family)
        yield from _signatures(question, family, reference)
    for mistake in question.mistakes:
        yield from _mistake(mistake, question, family, reference)


def _mistake(
    mistake: MistakeSketch, question: QuestionSketch, family: Family | None, reference: Reference
) -> Iterator[Problem]:
    table = mistake.table
    yield from unknown_function(table, "expect", mistake.expect, reference.families, reference)
    for name in mistake.given:
        if name not in reference.given:
            end = suggestion(name, reference.given, "given constants")
            yield Problem((*table, "given"), f"unknown constant {quote(name)}{end}")
    if mistake.expect is not None:
        family, problems = read_family(mistake.expect, reference)
        yield from problems
    if family is None:
        return
    problems = list(setting_problems((*table, "when"), mistake.when, family))
    yield from problems
    plain = mistake.when and not mistake.given and mistake.expect is None
    if not problems and plain and describes_right(mistake, question.accept, family):
        yield Problem(table, RIGHT)


def _with_respect_to(question: QuestionSketch, reference: Reference) -> Iterator[Problem]:
    name = question.with_respect_to
    if name is not None and name not in reference.given:
        end = suggestion(name, reference.given, "given constants")
        says = f'"with_respect_to" names an unknown constant: {quote(name)}{end}'
        yield Problem(question.table, says)


def _rate(question: QuestionSketch, reference: Reference) -> Iterator[Problem]:
    name = question.rate
    if name is None:
        return
    if name not in reference.given:
        end = suggestion(name, reference.given, "given constants")
        yield Problem(question.table, f'"rate" names an unknown constant: {quote(name)}{end}')
        return
    value = reference.given[name]
    if not isinstance(value, int | float) or not 0 < value < 1:
        says = f'"rate" must name a probability above 0 and below 1; {quote(name)} is none'
        yield Problem(question.table, says)


def _signatures(
    question: QuestionSketch, family: Family, reference: Reference
) -> Iterator[Problem]:
    draws, structure = question.draws, question.structure
    if draws in reference.functions and not family.takes_masks:
        says = f'"draws" is of no use: {quote(family.name)} takes no masks'
        yield Problem(question.table, says)
    elif draws is not None and not _accepts(draws, reference, 1, family.defaults):
        says = f"{quote(draws)} must take given and the settings of {quote(family.name)}"
        yield Problem(question.table, f'"draws": {says}')
    if structure is not None and not _accepts(structure, reference, 2, {}):
        says = f"{quote(structure)} must take given and the parts of an answer"
        yield Problem(question.table, f'"structure": {says}')


def _accepts(
    name: str, reference: Reference, arguments: int, keywords: Mapping[str, object]
) -> bool:
    """Try a call without making it; an unknown function is another problem."""
    try:
        function = reference.functions.get(name)
        if function is not None:
            inspect.signature(function).bind(*range(arguments), **keywords)
    except TypeError:
        return False
    return True
