"""Finds where a rubric asks for what its reference does not have."""

import inspect
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from grader.faults import ReferenceFault
from grader.rubric.families import Family, Reference, is_among
from grader.rubric.problem import Location, Problem
from grader.rubric.sketch import MistakeSketch, QuestionSketch, Settings, sketch_questions
from grader.rubric.wording import close_match, join, quote, suggestion, toml

PERTURBED = "the dict PERTURBED of other values for constants of GIVEN"


def agreement_problems(data: Mapping[str, Any], reference: Reference) -> list[Problem]:
    """Hold every name and value of a rubric's questions against its reference."""
    questions = sketch_questions(data)
    found = [problem for question in questions for problem in _question(question, reference)]
    return [*_perturb(data, reference), *found]


def _perturb(data: Mapping[str, Any], reference: Reference) -> Iterator[Problem]:
    if data.get("perturb") is True and not reference.perturbed:
        yield Problem((), f'"perturb" needs {PERTURBED}, in {reference.name}')


def _question(question: QuestionSketch, reference: Reference) -> Iterator[Problem]:
    table = question.table
    yield from _unknown(table, "expect", question.expect, reference.families, reference)
    yield from _unknown(table, "draws", question.draws, reference.functions, reference)
    yield from _unknown(table, "structure", question.structure, reference.functions, reference)
    yield from _rate(question, reference)
    yield from _with_respect_to(question, reference)
    family, problems = _family(question.expect, reference)
    yield from problems
    if family is not None:
        yield from _settings((*table, "accept"), question.accept, family)
        yield from _signatures(question, family, reference)
    for mistake in question.mistakes:
        yield from _mistake(mistake, question, family, reference)


def _mistake(
    mistake: MistakeSketch, question: QuestionSketch, family: Family | None, reference: Reference
) -> Iterator[Problem]:
    table = mistake.table
    yield from _unknown(table, "expect", mistake.expect, reference.families, reference)
    for name in mistake.given:
        if name not in reference.given:
            end = suggestion(name, reference.given, "given constants")
            yield Problem((*table, "given"), f"unknown constant {quote(name)}{end}")
    if mistake.expect is not None:
        family, problems = _family(mistake.expect, reference)
        yield from problems
    if family is None:
        return
    problems = list(_settings((*table, "when"), mistake.when, family))
    yield from problems
    if not problems and mistake.when and not mistake.given and mistake.expect is None:
        yield from _accepted_mistake(mistake, question.accept, family)


def _unknown(
    table: Location, key: str, name: str | None, known: Iterable[str], reference: Reference
) -> Iterator[Problem]:
    if name is not None and name not in reference.functions:
        end = suggestion(name, known, f"functions of {reference.name}")
        yield Problem(table, f"{quote(key)} names an unknown function: {quote(name)}{end}")


def _family(name: str | None, reference: Reference) -> tuple[Family | None, list[Problem]]:
    if name not in reference.functions:
        return None, []
    try:
        return reference.family(str(name)), []
    except ReferenceFault as fault:
        # The function is at fault wherever it is named: said once, without a place in the rubric.
        return None, [Problem((), f"reference {fault}")]


def _settings(table: Location, settings: Settings, family: Family) -> Iterator[Problem]:
    for name, value in settings.items():
        if name not in family.settings:
            end = suggestion(name, family.settings, f"settings of {quote(family.name)}")
            yield Problem(table, f"unknown setting {quote(name)}{end}")
            continue
        values = family.settings[name]
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, str | bool | int | float) and not is_among(item, values):
                yield Problem(table, _unknown_value(name, item, values))


def _unknown_value(name: str, item: object, values: Iterable[object]) -> str:
    texts = [value for value in values if isinstance(value, str)]
    match = close_match(item, texts) if isinstance(item, str) else None
    end = f"; did you mean {quote(match)}?" if match else ""
    return f"{quote(name)} must be {join(map(toml, values))}; found {toml(item)}{end}"


def _accepted_mistake(
    mistake: MistakeSketch, accept: Settings, family: Family
) -> Iterator[Problem]:
    right = {name: accept.get(name, family.defaults[name]) for name in mistake.when}
    if all(_overlap(value, right[name]) for name, value in mistake.when.items()):
        where = '"accept" and the defaults allow the same'
        yield Problem(mistake.table, f'"when" describes a right answer: {where}')


def _overlap(one: object, other: object) -> bool:
    values = other if isinstance(other, list) else [other]
    return any(is_among(value, values) for value in (one if isinstance(one, list) else [one]))


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
