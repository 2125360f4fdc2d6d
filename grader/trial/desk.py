"""The desk at which a worker runs notebooks and judges claims, for one rubric."""

import hashlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from grader.batch.budgeting import run_within
from grader.data.arrays import arrays_of
from grader.execution.asking.plan import Asking
from grader.execution.run import Runner
from grader.execution.supplies import Supply
from grader.recording.assemble import assemble
from grader.recording.model import Recording
from grader.rubric.model import Limits, Rubric
from grader.rubric.reference import open_rubric
from grader.scoring.grade import Scorer
from grader.trial.answers import answers_of
from grader.trial.calibration import calibrate
from grader.trial.claims import Bench
from grader.trial.model import Attempt, Calibration, Claim, Judged
from grader.trial.part_claims import PartBench
from grader.trial.solution import notebook_of

_SEED = 1  # of every run: mutants draw what the solution draws
_INPUTS = 1  # the seed of what its functions are called with
CELL_SECONDS = 10.0
_NOTEBOOK_SECONDS = 60.0


@dataclass(frozen=True)
class Written:
    """A notebook to be run: the sources of its code cells.

    Attributes:
        sources: of its code cells.
        asked: the questions whose parts are asked; None for all.
        seconds: wall time a cell may take; None for what the rubric allows.

    """

    sources: tuple[str, ...]
    asked: frozenset[str] | None = None
    seconds: float | None = CELL_SECONDS


@dataclass(frozen=True)
class Measure:
    """A question, by its number, whose tolerance is to be calibrated."""

    question: int


@dataclass(frozen=True)
class PartClaim:
    """A claim about a part, put to the test in place of what the solution's own code gave."""

    claim: Claim
    solution: Written


Task = Written | Claim | PartClaim | Measure
Result = Attempt | Judged | Calibration


class TrialDesk:
    """Runs a notebook, judges a claim or calibrates a question, one after the other."""

    def __init__(self, rubric_path: Path, supplies: Sequence[Supply] = ()) -> None:
        rubric, reference = open_rubric(rubric_path)
        self._path, self._rubric, self._reference = rubric_path, rubric, reference
        self._supplies = tuple(supplies)
        self._solved: dict[Written, Recording] = {}
        self._scorer = Scorer(rubric, reference)
        self._bench = Bench(rubric, reference)
        self._part_bench = PartBench(rubric, reference)
        self._askings: dict[frozenset[str] | None, Asking] = {}
        self._stop = threading.Event()
        self._runner: Runner | None = None

    def work(self, task: Task) -> Result:
        """Do what is asked."""
        if isinstance(task, Claim):
            return self._bench.judge(task)
        if isinstance(task, Measure):
            return calibrate(self._rubric, self._reference, self._path, task.question)
        if isinstance(task, PartClaim):
            return self._part_bench.judge(task.claim, self._solution(task.solution))
        recording = self._run(task)
        grade = self._scorer.grade(recording)
        errors = tuple(
            f"cell {cell.number}: {cell.error or cell.status}"
            for cell in recording.cells
            if cell.status != "ok"
        )
        answers = answers_of(grade, self._rubric, recording)
        seconds = tuple(cell.seconds for cell in recording.cells)
        return Attempt(answers, _drawn(recording), errors, recording.fault, seconds)

    def stop(self) -> None:
        """Break off the run at hand."""
        self._stop.set()

    def close(self) -> None:
        """End the runner."""
        if self._runner is not None:
            self._runner.close()

    def _solution(self, task: Written) -> Recording:
        """Run the solution once, however many claims are held against it."""
        if task not in self._solved:
            self._solved[task] = self._run(task)
        return self._solved[task]

    def _run(self, task: Written) -> Recording:
        self._runner = self._runner or Runner(supplies=self._supplies)
        notebook = notebook_of(task.sources)
        probes = self._asking(task.asked).probes(notebook, _INPUTS)
        execute = partial(
            self._runner.execute,
            limits=_limits(self._rubric, task.seconds),
            seed=_SEED,
            stop=self._stop,
            probes=probes,
        )
        execution = run_within(self._rubric.execution.budget, notebook, execute)
        return assemble("trial", "trial.ipynb", "trial", notebook, execution)

    def _asking(self, asked: frozenset[str] | None) -> Asking:
        """Return what is asked, of some questions or of all."""
        if asked not in self._askings:
            questions = [
                question
                for question in self._rubric.question
                if question.parts and (asked is None or question.id in asked)
            ]
            part = self._rubric.model_copy(update={"question": questions})
            self._askings[asked] = Asking(part, self._path, arrays_of(self._supplies))
        return self._askings[asked]


def _limits(rubric: Rubric, seconds: float | None) -> Limits:
    """Return the rubric's limits, with less time: a mutant may run for ever."""
    limits = rubric.limits
    if seconds is None:
        return limits
    return limits.model_copy(
        update={
            "cell_seconds": min(limits.cell_seconds, seconds),
            "notebook_seconds": min(limits.notebook_seconds, max(_NOTEBOOK_SECONDS, 2 * seconds)),
        }
    )


def _drawn(recording: Recording) -> str:
    """Digest the random draws of a run."""
    digest = hashlib.sha256()
    for draws in recording.draws:
        digest.update(f"{draws.call} {draws.array.shape} {draws.parameters} ".encode())
        digest.update(draws.array.tobytes())
    return digest.hexdigest()
