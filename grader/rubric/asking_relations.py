"""Finds contradictions in what a question asks for: a value, code, or prose."""

from collections.abc import Iterator, Sequence

from grader.rubric.part_relations import part_problems, repeated_parts
from grader.rubric.problem import Problem
from grader.rubric.sketch import QuestionSketch
from grader.rubric.wording import join, quote

_ASKS = ("expect", "parts", "criteria")
_OF_VALUES = ("accept", "draws", "rate", "structure", "shown", "with_respect_to", "own_results")
_OF_PROSE = ("heading", "prompt")
_OF_VALUED_MISTAKES = ("given", "expect", "transform")


def asking_problems(questions: Sequence[QuestionSketch]) -> list[Problem]:
    """Look at everything that keys about what is asked have to agree on."""
    own = (problem for question in questions for problem in _question(question))
    return [*own, *repeated_parts(questions)]


def _question(question: QuestionSketch) -> Iterator[Problem]:
    yield from _asked(question)
    yield from _of_no_use(question)
    yield from _sums(question)
    yield from _prose(question)
    yield from _mistakes(question)
    for part in question.parts:
        yield from part_problems(part, question)


def _asked(question: QuestionSketch) -> Iterator[Problem]:
    asks = [key for key in _ASKS if question.has(key)]
    table = question.table
    if not asks and not question.has("grade"):
        says = 'one of "expect", [[question.parts]] and [[question.criteria]] is needed'
        yield Problem(table, f"{says}: what is asked for")
    elif "expect" in asks and (len(asks) > 1 or question.has("grade")):
        other = quote(asks[1] if len(asks) > 1 else "grade")
        says = f'"expect" and {other} do not go together'
        yield Problem(table, f"{says}: a value is looked for, or what was written is judged")
    elif "criteria" not in asks and question.has("grade"):
        says = '"grade" is of no use without [[question.criteria]]'
        yield Problem(table, f"{says}: what a person decides, and for how many points")
    elif asks == ["criteria"] and not question.has("grade"):
        yield Problem(table, 'grade = "person" is needed: nobody else can judge "criteria"')


def _of_no_use(question: QuestionSketch) -> Iterator[Problem]:
    if question.has("expect") or not any(question.has(key) for key in _ASKS):
        return
    for key in _OF_VALUES:
        if key in question.keys:
            move = "; write it in each part" if key == "accept" and question.parts else ""
            yield Problem(question.table, f'{quote(key)} is of no use without "expect"{move}')


def _sums(question: QuestionSketch) -> Iterator[Problem]:
    """Hold a question's points against those of its parts and criteria."""
    sums = {
        key: [one.points for one in some]
        for key, some in (("parts", question.parts), ("criteria", question.criteria))
        if some
    }
    known = [points for some in sums.values() for points in some if points is not None]
    if question.points is None or not sums or len(known) != sum(map(len, sums.values())):
        return
    if abs(sum(known) - question.points) > 1e-9:
        each = [f"{sum(filter(None, some)):g} of its {key}" for key, some in sums.items()]
        come = join(each, "and") + (f", {sum(known):g} in all" if len(each) > 1 else "")
        says = f'"points" is {question.points:g}, but does not match the {come}'
        yield Problem(question.table, says)


def _prose(question: QuestionSketch) -> Iterator[Problem]:
    if question.criteria and not question.has("heading"):
        says = '"heading" is needed: the heading below which the answer stands'
        yield Problem(question.table, says)
    for key in _OF_PROSE:
        if key in question.keys and not question.has("criteria"):
            says = f"{quote(key)} is of no use without [[question.criteria]]"
            yield Problem(question.table, says)
    seen: list[str | None] = []
    for one in question.criteria:
        if one.id is not None and one.id in seen:
            says = f"criterion {seen.index(one.id) + 1} has the id {quote(one.id)} already"
            yield Problem(one.table, says)
        seen.append(one.id)


def _mistakes(question: QuestionSketch) -> Iterator[Problem]:
    """Look for mistakes that only a value can have."""
    if question.has("expect"):
        return
    for one in question.mistakes:
        if question.criteria and not question.parts:
            yield Problem(one.table, "nothing is predicted for a written answer: a person judges")
        elif question.parts and not one.when:
            found = next((key for key in _OF_VALUED_MISTAKES if getattr(one, key)), None)
            what = f"{quote(found)} is of no use for parts" if found else '"when" is needed'
            yield Problem(one.table, f"{what}: a mistake in code is a setting of the reference")
