"""What a question's answer may be beside its hypotheses, worked out once for a whole class."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice, product

import numpy as np

from grader.rubric.families import Family
from grader.rubric.model import Question, Tolerance
from grader.rubric.table import Setting, Transform
from grader.scoring.comparison import allowance
from grader.scoring.hypothesis import Hypothesis, hypotheses
from grader.scoring.predictions import Parts, Predictions
from grader.scoring.search.coincidence import Structure
from grader.scoring.search.recomputed import slips
from grader.scoring.search.transforms import ALL, IT, LIKELY, Changes, Constants
from grader.scoring.wording import mistakes_named, reading

MOST_COMBINED = 3
_MOST_PREDICTED = 4000
_MOST_RECOMPUTED = 400
_ALIKE = 9  # significant digits by which values are one and the same


@dataclass(frozen=True)
class Possibility:
    """A value an answer may have, and how it comes about.

    `source` is the value that was changed, `setting` one that the rubric does not speak of.
    """

    hypothesis: Hypothesis
    parts: Parts
    says: str
    transform: Transform | None = None
    source: Parts | None = None
    setting: str = ""


@dataclass(frozen=True)
class Group:
    """Possibilities of the same parts, and these parts stacked along axis 0."""

    members: Sequence[Possibility]
    parts: Parts


class Possibilities:
    """What is tried on an answer that no hypothesis explains."""

    def __init__(self, question: Question, tolerance: Tolerance, predictions: Predictions) -> None:
        self.question = question
        self.structure = Structure(predictions.given)
        self._tolerance = tolerance
        self._predictions = predictions
        self._constants = Constants(predictions.given)
        self._declared = hypotheses(question)

    @cached_property
    def sources(self) -> list[Possibility]:
        """The values that may have been changed: right ones first, then known mistakes."""
        plain = [h for h in self._declared if len(h.costly) < 2 and not h.borrowed]
        found = self._predicted(sorted(plain, key=lambda h: len(h.mistakes)))
        return list(_unlike(found, []))

    @cached_property
    def right(self) -> list[Possibility]:
        """The right values."""
        return [source for source in self.sources if not source.hypothesis.mistakes]

    @cached_property
    def combined(self) -> list[Hypothesis]:
        """The hypotheses of one mistake more than the rubric combines.

        Of random training, those of two or as many as it combines: these are not all tried.
        """
        if self.question.draws:
            most, least = max(self.question.combine, 2), 2
        else:
            most, least = min(self.question.combine + 1, MOST_COMBINED), self.question.combine + 1
        found = hypotheses(self.question.model_copy(update={"combine": most}))
        return [h for h in found if len(h.costly) >= least and not h.borrowed]

    @cached_property
    def undeclared(self) -> list[tuple[Hypothesis, str]]:
        """The hypotheses of one setting that the rubric does not speak of, and its name."""
        return undeclared(self.question, self._declared, self._predictions)

    @cached_property
    def groups(self) -> list[Group]:
        """All possibilities, by the names and shapes of their parts."""
        by_shape: dict[tuple[object, ...], list[Possibility]] = {}
        for one in self._all():
            shape = tuple((name, part.shape) for name, part in one.parts.items())
            by_shape.setdefault(shape, []).append(one)
        return [Group(found, _stacked(found)) for found in by_shape.values()]

    @cached_property
    def tried(self) -> int:
        """How many values are tried."""
        return sum(len(group.members) for group in self.groups)

    def bases(self, part: str, shape: tuple[int, ...]) -> list[np.ndarray]:
        """Return what a part that went wrong may still be near: right values, and its start."""
        given = self._predictions.given
        right = [source.parts[part] for source in self.right if part in source.parts]
        start = [np.asarray(given[part], dtype=float)] if part in given else []
        return [value for value in (*right, *start) if value.shape == shape]

    def _all(self) -> Iterator[Possibility]:
        plain = (s.hypothesis for s in self.sources) if self.question.draws else self._declared
        known = [parts for h in plain if (parts := self._parts(h)) is not None]
        changed = chain(
            self._changed(LIKELY, self.right),
            self._recomputed(),
            islice(self._combined(), _MOST_PREDICTED),
            islice(self._undeclared(), _MOST_PREDICTED),
            self._changed(ALL[len(LIKELY) :], self.right),
            self._changed(LIKELY, [s for s in self.sources if s.hypothesis.mistakes]),
        )
        for one in _unlike(changed, known):
            if not any(self._is_near(one.parts, right.parts) for right in self.right):
                yield one

    def _changed(
        self, kinds: Sequence[Changes], sources: Sequence[Possibility]
    ) -> Iterator[Possibility]:
        for kind in kinds:
            for source in sources:
                for change in kind(source.parts, self._constants):
                    says = change.says.replace(IT, source.says)
                    yield Possibility(
                        source.hypothesis, change.parts, says, change.transform, source.parts
                    )

    def _recomputed(self) -> Iterator[Possibility]:
        tried = product(slips(self._predictions.given), self.right)
        for slip, source in islice(tried, _MOST_RECOMPUTED):
            try:
                parts = self._predictions.ask(source.hypothesis, slip.given)
            except Exception:  # noqa: S112 - a reference need not cope with changed constants
                continue
            if parts is not None:
                says = slip.says.replace(IT, source.says)
                changed = self._single(parts)
                yield Possibility(source.hypothesis, changed, says, slip.transform, source.parts)

    def _combined(self) -> Iterator[Possibility]:
        """Yield what more mistakes than the rubric combines come to."""
        if not self.question.draws:
            yield from self._predicted(self.combined)

    def _undeclared(self) -> Iterator[Possibility]:
        """Yield what settings come to that the rubric does not speak of."""
        if not self.question.draws:
            for hypothesis, setting in self.undeclared:
                for one in self._predicted([hypothesis]):
                    yield Possibility(hypothesis, one.parts, gives(setting), setting=setting)

    def _predicted(self, asked: Iterable[Hypothesis]) -> Iterator[Possibility]:
        for hypothesis in asked:
            parts = self._parts(hypothesis)
            if parts is not None:
                yield Possibility(hypothesis, parts, named(hypothesis))

    def _parts(self, hypothesis: Hypothesis) -> Parts | None:
        parts = None if hypothesis.borrowed else self._predictions.of(hypothesis)
        return None if parts is None else self._single(parts)

    def _single(self, parts: Parts) -> Parts:
        """Leave out the axis of the streams, where no draws are needed."""
        return {name: p[0] for name, p in parts.items()} if self.question.draws else parts

    def _is_near(self, one: Parts, other: Parts) -> bool:
        if {n: p.shape for n, p in one.items()} != {n: p.shape for n, p in other.items()}:
            return False
        allowed = {name: 2 * allowance(part, self._tolerance) for name, part in other.items()}
        return all((np.abs(one[n] - other[n]) <= allowed[n]).all() for n in one)


def undeclared(
    question: Question, declared: Sequence[Hypothesis], predictions: Predictions
) -> list[tuple[Hypothesis, str]]:
    """List hypotheses of one setting that is neither accepted nor a mistake, and its name."""
    family = predictions.reference.family(question.predicted_by)
    known = {_spelt_out(h.settings, family) for h in declared if h.expect == question.predicted_by}
    right = [h for h in declared if not h.mistakes]
    found: list[tuple[Hypothesis, str]] = []
    for name, values in family.settings.items():
        for value, start in product(values, right):
            settings: dict[str, Setting] = {**start.settings, name: value}
            if _spelt_out(settings, family) not in known:
                known.add(_spelt_out(settings, family))
                hypothesis = Hypothesis(question.predicted_by, settings, start.conventions)
                found.append((hypothesis, f"{name} {value}"))
    return found


def _spelt_out(settings: Mapping[str, Setting], family: Family) -> frozenset[tuple[str, object]]:
    """Return settings with the defaults of those that are not mentioned."""
    return frozenset({**family.defaults, **settings}.items())


def gives(setting: str) -> str:
    """Name what a setting comes to that the rubric does not speak of."""
    return f'what "{setting.replace("_", " ")}" gives'


def named(hypothesis: Hypothesis) -> str:
    """Name what a hypothesis predicts."""
    words = reading(hypothesis)
    what = "the expected value"
    if hypothesis.mistakes:
        what = f"the value for {mistakes_named(hypothesis)}"
    return what + (f" ({words})" if words else "")


def _unlike(found: Iterable[Possibility], known: Iterable[Parts]) -> Iterator[Possibility]:
    """Yield finite values that differ from those known and from each other."""
    seen = {_digest(parts) for parts in known}
    for one in found:
        if not all(np.isfinite(part).all() for part in one.parts.values()):
            continue
        digest = _digest(one.parts)
        if digest not in seen:
            seen.add(digest)
            yield one


def _digest(parts: Parts) -> tuple[object, ...]:
    digests = []
    for name, part in parts.items():
        scale = float(np.abs(part).max(initial=0.0)) or 1.0
        digits = _ALIKE - int(np.ceil(np.log10(scale)))
        rounded = np.round(np.asarray(part, dtype=float), min(max(digits, 0), 300)) + 0.0
        digests.append((name, part.shape, rounded.tobytes()))
    return tuple(digests)


def _stacked(found: Sequence[Possibility]) -> Parts:
    return {name: np.stack([one.parts[name] for one in found]) for name in found[0].parts}
