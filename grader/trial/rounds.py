"""The rounds in which mutants are run: what takes no training first, the rest with its training.

A mutant is judged by the parts whose own code was changed, or, in code of no part, by those that
rest on it. Most of these ask functions and classes: then the notebook is run without the cells
that take long, as far as the solution's own parts are judged alike without them. Where nothing
changed in what they gave, what trains with that code is tried as well.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.rubric.kinds import CLASSES
from grader.rubric.model import Rubric
from grader.trial.desk import CELL_SECONDS, Written
from grader.trial.fates import Fate, fate_of
from grader.trial.model import Attempt, part_key
from grader.trial.mutation import Mutant
from grader.trial.reach import Reach, Touched
from grader.trial.short import shortened, slow_cells
from grader.trial.workshop import Results, attempt_of

_MOST_WHOLE = 60  # notebooks run with their training; the others are told to be untried
_PATIENCE = 3  # times what the solution's slowest cell took


@dataclass(frozen=True)
class Original:
    """The solution, run whole and in its short form."""

    written: Written
    attempt: Attempt
    short: Attempt

    @property
    def slow(self) -> frozenset[int]:
        """The cells that the short form leaves out."""
        return slow_cells(self.attempt.seconds)

    @property
    def quick(self) -> frozenset[str]:
        """The parts that are judged in the short form as they are in the whole."""
        short = {one.key: one for one in self.short.answers}
        return frozenset(
            one.key
            for one in self.attempt.answers
            if one.key in short and one.full == short[one.key].full
        )

    @property
    def patience(self) -> float:
        """Wall time that a cell of a mutant may take, in seconds."""
        return max(CELL_SECONDS, _PATIENCE * max(self.attempt.seconds, default=0.0))


def short_form(written: Written, attempt: Attempt) -> Written:
    """Return the short form of the solution; itself where nothing takes long."""
    return Written(shortened(written.sources, slow_cells(attempt.seconds)))


class Rounds:
    """The mutants of a solution, and what became of them so far."""

    def __init__(self, rubric: Rubric, original: Original, mutants: Sequence[Mutant]) -> None:
        self._rubric = rubric
        self._original = original
        self._values = bool(rubric.valued)
        self._random = {question.id for question in rubric.question if question.draws}
        self._drawing = {
            part_key(question.id, number)
            for question in rubric.question
            for number, part in enumerate(question.parts)
            if part.probe in CLASSES
        }
        self._names = {one.key: one.name for one in original.attempt.answers if one.key}
        reach = Reach(rubric, original.written.sources)
        self._touched = [(m, reach.touched(m.cell, m.line)) for m in mutants]
        self._fates: dict[int, Fate] = {}

    def first(self) -> list[Written]:
        """Return the notebooks of the first round."""
        return [task for _, task in self._short()]

    def settle_first(self, results: Results) -> None:
        """Take what came of the first round."""
        for number, task in self._short():
            mutant, touched = self._touched[number]
            found = attempt_of(results, task).of_parts(touched.first)
            original = self._original.short.of_parts(touched.first)
            fate = fate_of(mutant, found, original, self._random_beside(touched))
            if fate.kind != "unchanged" or not self._slow_parts(touched):
                self._fates[number] = self._named(fate, touched)
        for number, (mutant, touched) in enumerate(self._touched):
            if not touched.first and not self._values:
                self._fates[number] = Fate(mutant, "untouched", "")

    def second(self) -> list[Written]:
        """Return the notebooks of the second round, which are run whole: some, evenly spread."""
        tasks = [task for _, task in self._whole()]
        return tasks[:: -(-len(tasks) // _MOST_WHOLE)] if tasks and not self._values else tasks

    def settle_second(self, results: Results) -> None:
        """Take what came of the second round; what was not run is left untried."""
        for number, task in list(self._whole()):
            mutant, touched = self._touched[number]
            keys = touched.all
            if task not in results:
                self._fates[number] = self._named(Fate(mutant, "untried", ""), touched)
                continue
            found = attempt_of(results, task).of_parts(keys)
            original = self._original.attempt.of_parts(keys)
            fate = fate_of(mutant, found, original, self._random_beside(touched))
            self._fates[number] = self._named(fate, touched)

    def fates(self) -> list[Fate]:
        """Return what became of the mutants, in their order."""
        return [self._fates[number] for number in sorted(self._fates)]

    def _short(self) -> Iterator[tuple[int, Written]]:
        """Yield the mutants whose parts are judged in the short form, with their notebooks."""
        slow, written = self._original.slow, self._original.written
        original = shortened(written.sources, slow)
        for number, (mutant, touched) in enumerate(self._touched):
            if not touched.first or self._values or not touched.first <= self._original.quick:
                continue
            sources = shortened(mutant.sources, slow)
            if sources != original:
                yield number, Written(sources, _questions(touched.first))

    def _whole(self) -> Iterator[tuple[int, Written]]:
        """Yield the mutants that are not settled yet, with their notebooks."""
        for number, (mutant, touched) in enumerate(self._touched):
            if number not in self._fates:
                asked = _questions(touched.all)
                yield number, Written(mutant.sources, asked, self._original.patience)

    def _random_beside(self, touched: Touched) -> set[str]:
        """Name what starts from random numbers; not the code that the mutant itself changed."""
        return self._random | (self._drawing - touched.own)

    def _slow_parts(self, touched: Touched) -> frozenset[str]:
        return touched.all - self._original.quick

    def _named(self, fate: Fate, touched: Touched) -> Fate:
        names = tuple(name for key, name in self._names.items() if key in touched.first)
        return Fate(fate.mutant, fate.kind, fate.says, names)


def _questions(keys: frozenset[str]) -> frozenset[str]:
    """Return the questions that parts belong to."""
    return frozenset(key.rsplit(".", 1)[0] for key in keys)
