"""Finds where the parts of questions ask for what a reference does not have."""

from collections.abc import Iterator, Sequence

from grader.rubric.families import Family, Reference
from grader.rubric.kinds import DIRECT
from grader.rubric.problem import Problem
from grader.rubric.settings import (
    RIGHT,
    describes_right,
    read_family,
    setting_problems,
    unknown_function,
)
from grader.rubric.sketch import MistakeSketch, PartSketch, QuestionSketch
from grader.rubric.wording import join, quote, suggestion

Predicted = list[tuple[PartSketch, Family]]


def part_agreement(questions: Sequence[QuestionSketch], reference: Reference) -> Iterator[Problem]:
    """Hold every name and setting of parts against a reference."""
    written = [
        name
        for question in questions
        for part in question.parts
        for name in (part.name, *part.aliases)
        if name is not None
    ]
    for question in questions:
        for part in question.parts:
            yield from _names(part, written, reference)
        yield from _settings(question, reference)


def _names(part: PartSketch, written: Sequence[str], reference: Reference) -> Iterator[Problem]:
    yield from unknown_function(part.table, "expect", part.expect, reference.families, reference)
    if part.inputs is not None and part.inputs not in reference.makers:
        yield Problem(part.table, _unknown_maker(part.inputs, reference))
    known = reference.functions
    yield from unknown_function(part.table, "threshold", part.threshold, known, reference)
    # What a network belongs to may be a variable, which no rubric names.
    if part.probe in DIRECT and part.of is not None and part.of not in (*written, *known):
        end = suggestion(part.of, [name for name in written if name != part.name], "parts")
        yield Problem(part.table, f'"of" names no part: {quote(part.of)}{end}')


def _unknown_maker(name: str, reference: Reference) -> str:
    if name in reference.functions:
        says = "inputs are made from a seed, and it takes given"
        return f'"inputs" names the function {quote(name)}: {says}'
    kind = f"functions of {reference.name} that take a seed"
    end = suggestion(name, reference.makers, kind)
    return f'"inputs" names an unknown function: {quote(name)}{end}'


def _settings(question: QuestionSketch, reference: Reference) -> Iterator[Problem]:
    """Hold the settings of parts, and of the mistakes of their question, against families."""
    predicted: Predicted = []
    for part in question.parts:
        family, problems = read_family(part.expect, reference)
        yield from problems
        if family is not None:
            predicted.append((part, family))
            yield from setting_problems((*part.table, "accept"), part.accept, family)
    if not predicted or len(predicted) < sum(part.expect is not None for part in question.parts):
        return  # what is unknown of one part cannot be held against a mistake
    for mistake in question.mistakes:
        if mistake.when:
            yield from _mistake(mistake, predicted)


def _mistake(mistake: MistakeSketch, predicted: Predicted) -> Iterator[Problem]:
    """Look for mistakes that fit no part, or that are right answers for all they fit."""
    table = (*mistake.table, "when")
    fitting = [
        (one, family) for one, family in predicted if set(mistake.when) <= set(family.settings)
    ]
    if not fitting and len(predicted) == 1:
        yield from setting_problems(table, mistake.when, predicted[0][1])
    elif not fitting:
        yield Problem(table, _fits_nothing(mistake, [family for _, family in predicted]))
        return
    problems = [list(setting_problems(table, mistake.when, family)) for _, family in fitting]
    if fitting and all(problems):
        yield from problems[0]
    elif fitting and all(describes_right(mistake, one.accept, family) for one, family in fitting):
        yield Problem(mistake.table, RIGHT)


def _fits_nothing(mistake: MistakeSketch, families: Sequence[Family]) -> str:
    known = list(dict.fromkeys(name for family in families for name in family.settings))
    for name in mistake.when:
        if name not in known:
            return (
                f"unknown setting {quote(name)}{suggestion(name, known, 'settings of the parts')}"
            )
    names = join(map(quote, mistake.when), "and")
    return f"no part has all of the settings {names}: a mistake is made in one of them"
