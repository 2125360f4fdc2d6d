"""The desk at which a worker runs notebooks and judges claims, for one rubric."""

import hashlib
import threading
from dataclasses import dataclass
from pathlib import Path

from grader.execution.run import Runner
from grader.recording.assemble import assemble
from grader.recording.model import Recording
from grader.rubric.model import Limits, Rubric
from grader.rubric.reference import open_rubric
from grader.scoring.grade import Scorer
from grader.trial.calibration import calibrate
from grader.trial.claims import Bench
from grader.trial.model import Attempt, Calibration, Claim, Judged, answers_of
from grader.trial.solution import notebook_of

_SEED = 1  # of every run: mutants draw what the solution draws
_CELL_SECONDS = 10.0
_NOTEBOOK_SECONDS = 60.0


@dataclass(frozen=True)
class Written:
    """A notebook to be run: the sources of its code cells."""

    sources: tuple[str, ...]


@dataclass(frozen=True)
class Measure:
    """A question, by its number, whose tolerance is to be calibrated."""

    question: int


Task = Written | Claim | Measure
Result = Attempt | Judged | Calibration


class TrialDesk:
    """Runs a notebook, judges a claim or calibrates a question, one after the other."""

    def __init__(self, rubric_path: Path) -> None:
        rubric, reference = open_rubric(rubric_path)
        self._path, self._rubric, self._reference = rubric_path, rubric, reference
        self._limits = _limits(rubric)
        self._scorer = Scorer(rubric, reference)
        self._bench = Bench(rubric, reference)
        self._stop = threading.Event()
        self._runner: Runner | None = None

    def work(self, task: Task) -> Result:
        """Do what is asked."""
        if isinstance(task, Claim):
            return self._bench.judge(task)
        if isinstance(task, Measure):
            return calibrate(self._rubric, self._reference, self._path, task.question)
        recording = self._run(task)
        grade = self._scorer.grade(recording)
        errors = tuple(
            f"cell {cell.number}: {cell.error or cell.status}"
            for cell in recording.cells
            if cell.status != "ok"
        )
        return Attempt(answers_of(grade), _drawn(recording), errors, recording.fault)

    def stop(self) -> None:
        """Break off the run at hand."""
        self._stop.set()

    def close(self) -> None:
        """End the runner."""
        if self._runner is not None:
            self._runner.close()

    def _run(self, task: Written) -> Recording:
        self._runner = self._runner or Runner()
        notebook = notebook_of(task.sources)
        execution = self._runner.execute(notebook, limits=self._limits, seed=_SEED, stop=self._stop)
        return assemble("trial", "trial.ipynb", "trial", notebook, execution)


def _limits(rubric: Rubric) -> Limits:
    """Return the rubric's limits, with less time: a mutant may run for ever."""
    limits = rubric.limits
    return limits.model_copy(
        update={
            "cell_seconds": min(limits.cell_seconds, _CELL_SECONDS),
            "notebook_seconds": min(limits.notebook_seconds, _NOTEBOOK_SECONDS),
        }
    )


def _drawn(recording: Recording) -> str:
    """Digest the random draws of a run."""
    digest = hashlib.sha256()
    for draws in recording.draws:
        digest.update(f"{draws.call} {draws.array.shape} {draws.parameters} ".encode())
        digest.update(draws.array.tobytes())
    return digest.hexdigest()
