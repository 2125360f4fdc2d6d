"""The trial of a rubric: everything that is asked of it, done by workers and put together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.batch.progress import Progress, silent
from grader.batch.supplied import supplied
from grader.rubric.model import Rubric
from grader.rubric.reference import Reference, open_rubric
from grader.trial.claims import claims_of, failing, never_predicted, untried_mistakes
from grader.trial.desk import Measure, PartClaim, Task, Written
from grader.trial.fates import KILLED, Fate, fate_of
from grader.trial.handed_out import HandedOut
from grader.trial.model import Attempt, Calibration, Claim, Judged
from grader.trial.mutation import Mutant, mutants_of
from grader.trial.part_claims import part_claims_of, untried_of_parts
from grader.trial.rounds import Original, Rounds, short_form
from grader.trial.solution import Solution, find_solution, find_template
from grader.trial.workshop import DIED, Results, Workshop, attempt_of

_BLANK = Written(("",))


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
    template: Attempt | None = None

    @property
    def failed(self) -> list[str]:
        """What must hold and does not, a sentence each."""
        found = []
        if self.solution is not None and not self.solution.full:
            found.append("the solution does not get full marks")
        if self.blank.points > 0:
            found.append(f"a blank notebook gets {self.blank.points:g} points")
        if self.template is not None and self.template.points > 0:
            found.append(f"the template gets {self.template.points:g} points as it is handed out")
        if self.template is not None and self.template.fault:
            found.append("the template cannot be graded")
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
        return score_of(self.fates)

    @property
    def parts(self) -> dict[str, list[Fate]]:
        """The mutants by the names of the parts they were held against."""
        found: dict[str, list[Fate]] = {}
        for fate in self.fates:
            for name in fate.parts:
                found.setdefault(name, []).append(fate)
        return found


def score_of(fates: Sequence[Fate]) -> float | None:
    """Return the share of mutants with another result that are killed; None for none."""
    killed = sum(fate.kind in KILLED for fate in fates)
    survived = sum(fate.kind == "survivor" for fate in fates)
    return killed / (killed + survived) if killed + survived else None


def try_rubric(
    path: Path,
    *,
    jobs: int = 1,
    quick: bool = False,
    supply: Mapping[str, Path] | None = None,
    progress: Progress = silent,
) -> Trial:
    """Put the rubric at `path` on trial.

    Args:
        path: of the rubric.
        jobs: worker processes.
        quick: leave out the mutants that take a training each.
        supply: files for this trial by the names the rubric has for its data.
        progress: told of everything that is done.

    Raises:
        RubricFault: it cannot be used, or its solution cannot be read.
        UsageFault: data it needs were not supplied.
    """
    rubric, reference = open_rubric(path)
    solution, template = find_solution(rubric, path), find_template(rubric, path)
    with supplied(rubric, supply or {}) as supplies:
        workshop = Workshop(path, supplies, jobs, progress)
        trying = _Trying(rubric, reference, solution, template, workshop, quick)
        return trying.with_parts() if trying.has_parts else trying.of_values()


@dataclass(frozen=True)
class _Trying:
    """A rubric, what lies beside it, and where the work is done."""

    rubric: Rubric
    reference: Reference
    solution: Solution | None
    template: Solution | None
    workshop: Workshop
    quick: bool

    @property
    def has_parts(self) -> bool:
        return any(question.parts for question in self.rubric.question)

    @property
    def mutants(self) -> list[Mutant]:
        handed_out = HandedOut(self.template.sources) if self.template else None
        return mutants_of(self.solution, handed_out) if self.solution else []

    def of_values(self) -> Trial:
        """Try everything at once: no notebook takes long, and none is asked in between."""
        mutants = self.mutants
        written = Written(self.solution.sources) if self.solution else None
        blank = [_BLANK, *self._template(), *([written] if written else [])]
        tasks = [*blank, *self._measures(), *(Written(m.sources) for m in mutants)]
        results = self.workshop.work([*tasks, *claims_of(self.rubric)])
        original = attempt_of(results, written) if written else None
        return self._trial(results, original, _fates(self.rubric, mutants, original, results))

    def with_parts(self) -> Trial:
        """Try the solution first: how long it takes says what mutants are run without."""
        written = Written(self.solution.sources, seconds=None) if self.solution else None
        results = self.workshop.work([_BLANK, *self._template(), *([written] if written else [])])
        original = self._original(results, written) if written else None
        tasks = [*self._measures(), *claims_of(self.rubric)]
        if original is None or not original.attempt.full:
            results |= self.workshop.work(tasks)
            return self._trial(results, original.attempt if original else None, [])
        held = short_form(original.written, original.attempt)
        claims = part_claims_of(self.rubric, self.reference)
        rounds = Rounds(self.rubric, original, self.mutants)
        tasks += [PartClaim(claim, held) for claim in claims]
        results |= self.workshop.work([*tasks, *rounds.first()])
        rounds.settle_first(results)
        rounds.settle_second({} if self.quick else self.workshop.work(rounds.second()))
        return self._trial(results, original.attempt, rounds.fates())

    def _original(self, results: Results, written: Written) -> Original:
        whole = attempt_of(results, written)
        short = short_form(written, whole)
        if short.sources == written.sources:
            return Original(written, whole, whole)
        return Original(written, whole, attempt_of(self.workshop.work([short]), short))

    def _template(self) -> list[Written]:
        return [Written(self.template.sources, seconds=None)] if self.template else []

    def _measures(self) -> list[Task]:
        questions = self.rubric.question
        return [Measure(n) for n in reversed(range(len(questions))) if questions[n].expect]

    def _trial(self, results: Results, original: Attempt | None, fates: Sequence[Fate]) -> Trial:
        valued = [(n, q) for n, q in enumerate(self.rubric.question) if q.expect]
        untried = [f"{q.id}: {name}" for _, q in valued for name in untried_mistakes(q)]
        tried = [task for task in results if isinstance(task, Claim | PartClaim)]
        claims = claims_of(self.rubric)
        lost = [claim for claim in claims if claim not in results]
        return Trial(
            rubric=self.rubric,
            solution=original,
            blank=attempt_of(results, _BLANK),
            judged=tuple(_judged(results, task) for task in [*_in_order(tried), *lost]),
            untried=(*untried, *untried_of_parts(self.rubric, self.reference)),
            fates=tuple(fates),
            calibrations=tuple(_calibration(results, n, q.id) for n, q in valued),
            template=next((attempt_of(results, one) for one in self._template()), None),
        )


def _in_order(tasks: Sequence[Claim | PartClaim]) -> list[Claim | PartClaim]:
    """Put claims in the order of the rubric, whichever was done first."""

    def place(task: Claim | PartClaim) -> tuple[object, ...]:
        claim = task.claim if isinstance(task, PartClaim) else task
        return claim.question, claim.part or 0, claim.hypothesis, claim.changed, claim.literal

    return sorted(tasks, key=place)


def _judged(results: Results, task: Claim | PartClaim) -> Judged:
    found = results.get(task)
    claim = task.claim if isinstance(task, PartClaim) else task
    return found if isinstance(found, Judged) else Judged(claim, "", "", "", 0.0, fault=DIED)


def _calibration(results: Results, number: int, question: str) -> Calibration:
    found = results.get(Measure(number))
    if isinstance(found, Calibration):
        return found
    return Calibration(question, None, None, fault=DIED)


def _fates(
    rubric: Rubric, mutants: Sequence[Mutant], original: Attempt | None, results: Results
) -> list[Fate]:
    if original is None or not original.full:
        return []  # what falls short already cannot lose anything
    random = {question.id for question in rubric.question if question.draws}
    found = ((mutant, attempt_of(results, Written(mutant.sources))) for mutant in mutants)
    return [fate_of(mutant, attempt, original, random) for mutant, attempt in found]
