"""The trial of a rubric: everything that is asked of it, done by workers and put together."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from grader.batch.progress import Progress, silent
from grader.batch.workers import Lost, in_parallel
from grader.rubric.model import Rubric
from grader.rubric.reference import open_rubric
from grader.trial.claims import claims_of, failing, never_predicted, untried_mistakes
from grader.trial.desk import Measure, Result, Task, TrialDesk, Written
from grader.trial.fates import KILLED, Fate, fate_of
from grader.trial.model import Attempt, Calibration, Claim, Judged
from grader.trial.mutation import Mutant, mutants_of
from grader.trial.solution import find_solution

_BLANK = Written(("",))
_DIED = "the process died that worked on it"


@dataclass(frozen=True)
class Trial:
    """What a trial came to; `solution` is None where the rubric names none."""

    rubric: Rubric
    solution: Attempt | None
    blank: Attempt
    judged: tuple[Judged, ...]
    untried: tuple[str, ...]  # "line: typed-in", mistakes nothing was made up for
    fates: tuple[Fate, ...]
    calibrations: tuple[Calibration, ...]

    @property
    def failed(self) -> list[str]:
        """What must hold and does not, a sentence each."""
        found = []
        if self.solution is not None and not self.solution.full:
            found.append("the solution does not get full marks")
        if self.blank.points > 0:
            found.append(f"a blank notebook gets {self.blank.points:g} points")
        if self.blank.fault or any(answer.fault for answer in self.blank.answers):
            found.append("a blank notebook cannot be graded")
        broken = failing(self.judged)
        conventions = sum(not judged.mistake for judged in broken)
        if conventions:
            found.append(f"{conventions} accepted settings do not get full marks")
        if len(broken) > conventions:
            found.append(f"{len(broken) - conventions} mistakes are not named and priced as said")
        nowhere = never_predicted(self.judged)
        if nowhere:
            found.append(f"{len(nowhere)} of conventions and mistakes are predicted by nothing")
        if any(fate.kind == "fault" for fate in self.fates):
            found.append("the grader failed on a mutant")
        found += [f"{c.question} could not be calibrated" for c in self.calibrations if c.fault]
        return found

    def of_kind(self, *kinds: str) -> list[Fate]:
        """Return the mutants that met one of these fates."""
        return [fate for fate in self.fates if fate.kind in kinds]

    @property
    def score(self) -> float | None:
        """The share of the mutants with another result that are killed; None for none."""
        killed, survived = len(self.of_kind(*KILLED)), len(self.of_kind("survivor"))
        return killed / (killed + survived) if killed + survived else None


def try_rubric(path: Path, *, jobs: int = 1, progress: Progress = silent) -> Trial:
    """Put the rubric at `path` on trial.

    Raises:
        RubricFault: it cannot be used, or its solution cannot be read.
    """
    rubric, _ = open_rubric(path)
    solution = find_solution(rubric, path)
    mutants = mutants_of(solution) if solution else []
    written = Written(solution.sources) if solution else None
    tasks: list[Task] = [_BLANK, *([written] if written else [])]
    tasks += [Measure(number) for number in reversed(range(len(rubric.question)))]
    tasks += [Written(mutant.sources) for mutant in mutants]
    tasks += claims_of(rubric)
    results = _worked(path, tasks, jobs, progress)
    original = _attempt(results, written) if written else None
    return Trial(
        rubric=rubric,
        solution=original,
        blank=_attempt(results, _BLANK),
        judged=tuple(_judged(results, task) for task in tasks if isinstance(task, Claim)),
        untried=tuple(f"{q.id}: {name}" for q in rubric.question for name in untried_mistakes(q)),
        fates=tuple(_fates(rubric, mutants, original, results)),
        calibrations=tuple(_calibration(results, n, q.id) for n, q in enumerate(rubric.question)),
    )


def _worked(path: Path, tasks: Sequence[Task], jobs: int, progress: Progress) -> dict[Task, Result]:
    found: dict[Task, Result] = {}
    opening = partial(TrialDesk, path)
    with closing(in_parallel(opening, tasks, jobs=jobs, named=_name)) as results:
        for done, (task, result) in enumerate(results, start=1):
            if not isinstance(result, Lost):
                found[task] = result
            progress(done, len(tasks), _name(task))
    return found


def _attempt(results: dict[Task, Result], task: Written) -> Attempt:
    found = results.get(task)
    return found if isinstance(found, Attempt) else Attempt((), "", (), _DIED)


def _judged(results: dict[Task, Result], claim: Claim) -> Judged:
    found = results.get(claim)
    return found if isinstance(found, Judged) else Judged(claim, "", "", "", 0.0, fault=_DIED)


def _calibration(results: dict[Task, Result], number: int, question: str) -> Calibration:
    found = results.get(Measure(number))
    if isinstance(found, Calibration):
        return found
    return Calibration(question, None, None, fault=_DIED)


def _fates(
    rubric: Rubric,
    mutants: Sequence[Mutant],
    original: Attempt | None,
    results: dict[Task, Result],
) -> list[Fate]:
    if original is None or not original.full:
        return []  # what falls short already cannot lose anything
    random = {question.id for question in rubric.question if question.draws}
    found = ((mutant, _attempt(results, Written(mutant.sources))) for mutant in mutants)
    return [fate_of(mutant, attempt, original, random) for mutant, attempt in found]


def _name(task: Task) -> str:
    if isinstance(task, Claim):
        return "conventions and mistakes"
    return "tolerances" if isinstance(task, Measure) else "notebooks"
