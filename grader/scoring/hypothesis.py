"""A hypothesis: one setting of conventions and mistakes, and what it is worth."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product
from math import prod

from grader.rubric.model import Mistake, Question
from grader.rubric.table import Setting, Settings


@dataclass(frozen=True)
class Hypothesis:
    """What a student may have done: the reference function to ask, and with which settings."""

    expect: str
    settings: Mapping[str, Setting]
    conventions: Mapping[str, str]
    mistakes: tuple[Mistake, ...] = ()

    @cached_property
    def key(self) -> tuple[object, ...]:
        """What it asks of the reference: equal for hypotheses that predict the same."""
        return (self.expect, *sorted(self.settings.items()))

    @cached_property
    def worth(self) -> float:
        """The share of the points it earns: mistakes multiply."""
        return prod(mistake.worth for mistake in self.mistakes)

    @cached_property
    def costly(self) -> tuple[Mistake, ...]:
        """The mistakes that cost points; the others are remarks."""
        return tuple(mistake for mistake in self.mistakes if mistake.worth < 1)

    @cached_property
    def borrowed(self) -> dict[str, str]:
        """The given constants to be taken from the student's values, with their patterns."""
        return {name: path for mistake in self.mistakes for name, path in mistake.given.items()}


def hypotheses(question: Question) -> list[Hypothesis]:
    """List the hypotheses of a question, the most probable of those worth most first."""
    found = [
        Hypothesis(
            expect=next((m.expect for m in mistakes if m.expect), question.predicted_by),
            settings={**convention, **errors},
            conventions={name: str(value) for name, value in convention.items()},
            mistakes=mistakes,
        )
        for mistakes, errors in _mistake_sets(question)
        for convention in _choices(question.accept)
    ]
    return sorted(found, key=lambda hypothesis: (-hypothesis.worth, len(hypothesis.mistakes)))


def narrowed(
    hypotheses: Iterable[Hypothesis], conventions: Mapping[str, str], settled: Collection[str]
) -> list[Hypothesis]:
    """List the hypotheses that go with what is known from earlier questions.

    Args:
        hypotheses: those there are.
        conventions: how earlier answers were read.
        settled: ids of mistakes that earlier answers were found to be without.

    """
    return [
        hypothesis
        for hypothesis in hypotheses
        if all(hypothesis.conventions.get(n, v) == v for n, v in conventions.items())
        and not any(mistake.id in settled for mistake in hypothesis.costly)
    ]


def _mistake_sets(question: Question) -> Iterator[tuple[tuple[Mistake, ...], dict[str, Setting]]]:
    declared = [m for m in question.mistake if m.when or m.given or m.expect]
    remarks = [m for m in declared if m.worth == 1]
    costly = [m for m in declared if m.worth < 1]
    for count in range(question.combine + 1):
        for mistakes in _with_remarks(combinations(costly, count), remarks):
            if _can_combine(mistakes):
                for settings in product(*(_choices(m.when) for m in mistakes)):
                    yield mistakes, {k: v for chosen in settings for k, v in chosen.items()}


def _with_remarks(
    combined: Iterable[tuple[Mistake, ...]], remarks: list[Mistake]
) -> Iterator[tuple[Mistake, ...]]:
    """Yield each combination without and with each remark; remarks do not count as combined."""
    for mistakes in combined:
        yield mistakes
        for remark in remarks:
            yield (remark, *mistakes)


def _can_combine(mistakes: tuple[Mistake, ...]) -> bool:
    if len(mistakes) < 2:
        return True
    names = [name for mistake in mistakes for name in mistake.when]
    return (
        len(names) == len(set(names))
        and len({mistake.id for mistake in mistakes}) == len(mistakes)
        and sum(1 for mistake in mistakes if mistake.given) <= 1
        and not any(mistake.expect for mistake in mistakes)
        and not any(mistake.worth == 0 for mistake in mistakes)
    )


def _choices(settings: Settings) -> Iterable[dict[str, Setting]]:
    options = [value if isinstance(value, list) else [value] for value in settings.values()]
    return [dict(zip(settings, chosen, strict=True)) for chosen in product(*options)]
