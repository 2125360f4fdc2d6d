"""The desk at which a worker records: a notebook is read, run, and its recording kept."""

import errno
import logging
import threading
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from grader.batch.beside import files_beside
from grader.batch.budgeting import run_within
from grader.batch.perturbing import perturbed_key, record_perturbed
from grader.batch.reordering import back_in_place, in_order
from grader.batch.supplied import with_data
from grader.execution.asking.plan import Asking
from grader.execution.kernel import RunStopped
from grader.execution.outcome import Execution, Probe
from grader.execution.run import Runner
from grader.execution.supplies import Supply
from grader.faults import IntakeFault, UsageFault
from grader.intake import Submission, read_notebook
from grader.intake.perturbation import Changes
from grader.recording.assemble import assemble
from grader.recording.model import Recording
from grader.recording.store import save
from grader.recording.workspace import perturbed_path, recording_path
from grader.rubric.model import Limits
from grader.rubric.surroundings import Budget
from grader.scoring.reproduction import other_order

log = logging.getLogger("grader")
FAILED_AGAIN = "The grader failed to run the notebook with other constants."
_FULL = {errno.ENOSPC, errno.EDQUOT}


@dataclass(frozen=True)
class Order:
    """A submission to be run, and the key its recording gets.

    `again_only` says that this recording is there, and only the run with other constants is not.
    """

    submission: Submission
    key: str
    again_only: bool = False


@dataclass(frozen=True)
class Manner:
    """How the notebooks of a class are run, and where their recordings are kept.

    Where there are `changes`, each is run a second time with these constants changed.
    """

    limits: Limits
    workspace: Path
    data: Path | None = None
    cold: bool = False
    require_isolation: bool = False
    changes: Changes = field(default_factory=dict)
    asking: Asking | None = None  # of the notebook as it is
    supplies: tuple[Supply, ...] = ()
    budget: Budget = field(default_factory=Budget)


class RecordingDesk:
    """Records one submission after the other, all with one runner."""

    def __init__(self, manner: Manner) -> None:
        self._manner = manner
        self._stop = threading.Event()
        self._runner = self._open_runner()

    def work(self, order: Order) -> bool:
        """Record one submission; False where the grader itself failed."""
        workspace = self._manner.workspace
        if self._manner.require_isolation and self._runner.isolation != "full":
            raise UsageFault(
                f"a worker found less isolation than is required: {self._runner.isolation}"
            )
        try:
            if not order.again_only:
                keep(self._record(order), workspace)
        except (RunStopped, UsageFault):
            raise
        except Exception as fault:
            if isinstance(fault, OSError) and fault.errno in _FULL:
                raise UsageFault(f"notebooks cannot be run: {fault}") from fault
            log.exception("%s could not be run: %s", order.submission.id, fault)
            said = f"The grader failed to run this notebook: {fault}"
            keep(faulty(order.submission, "", said), workspace)
            self._renew_runner()
            return False
        if self._manner.changes:
            self._run_again(order)
        return True

    def stop(self) -> None:
        """Break off the run at hand."""
        self._stop.set()

    def close(self) -> None:
        """End the runner."""
        self._runner.close()

    def _record(self, order: Order) -> Recording:
        submission = order.submission
        if submission.fault:
            return faulty(submission, order.key, submission.fault)
        try:
            notebook = read_notebook(submission.path)
        except IntakeFault as fault:
            return faulty(submission, order.key, str(fault))
        execution = self._run(notebook, submission, self._probes(notebook, submission))
        recording = assemble(submission.id, submission.file, order.key, notebook, execution)
        return self._with_other_order(recording, submission)

    def _probes(self, notebook: Any, submission: Submission) -> tuple[Probe, ...]:
        """Make what is asked of a notebook's own code."""
        asking = self._asking
        return () if asking is None else asking.probes(notebook, input_seed_of(submission))

    @cached_property
    def _asking(self) -> Asking | None:
        """What is asked of notebooks, with the arrays of the data it is made of."""
        return with_data(self._manner.asking, self._manner.supplies)

    def _with_other_order(self, recording: Recording, submission: Submission) -> Recording:
        """Run a notebook again as its execution counts say, where its outputs call for that."""
        try:
            cells = other_order(recording)
            if not cells:
                return recording
            execution = self._run(in_order(recording.handed_in, cells), submission)
            executed = back_in_place(execution.notebook, recording.handed_in, cells)
            return replace(recording, reordered=executed)
        except (RunStopped, UsageFault):
            raise
        except Exception as fault:  # what the first run gave is there all the same
            log.exception("%s not run in another order: %s", submission.id, fault)
            self._renew_runner()
            return recording

    def _run_again(self, order: Order) -> None:
        """Run a notebook with other constants; what comes of it, the first recording stays."""
        submission, changes = order.submission, self._manner.changes
        try:
            key = perturbed_key(order.key, changes)
            recording = record_perturbed(submission, key, changes, self._run)
        except (RunStopped, UsageFault):
            raise
        except Exception as fault:
            log.exception("%s not run with other constants: %s", submission.id, fault)
            recording = faulty(submission, "", FAILED_AGAIN)
            self._renew_runner()
        keep(recording, self._manner.workspace, perturbed=True)

    def _run(
        self, notebook: object, submission: Submission, probes: tuple[Probe, ...] = ()
    ) -> Execution:
        budget = self._manner.budget
        execute = partial(self._execute, submission=submission, probes=probes)
        execution = run_within(budget, notebook, execute)
        if _was_killed(execution):
            # By the system, short of memory, or a person: seldom the notebook's own doing.
            execution = run_within(budget, notebook, execute)
        return execution

    def _execute(
        self, notebook: object, submission: Submission, probes: tuple[Probe, ...] = ()
    ) -> Execution:
        with files_beside(self._manner.data, submission.files) as (files, notes):
            execution = self._runner.execute(
                notebook,
                limits=self._manner.limits,
                seed=seed_of(submission),
                files=files,
                stop=self._stop,
                probes=probes,
            )
        return replace(execution, notes=(*notes, *execution.notes))

    def _open_runner(self) -> Runner:
        return Runner(cold=self._manner.cold, supplies=self._manner.supplies)

    def _renew_runner(self) -> None:
        """Trust no runner that has failed."""
        try:
            self._runner.close()
        except Exception as fault:
            log.exception("a runner could not be closed: %s", fault)
        self._runner = self._open_runner()


def keep(recording: Recording, workspace: Path, *, perturbed: bool = False) -> None:
    """Save a recording, of the run with other constants or of the notebook as it is.

    Raises:
        UsageFault: it cannot be written.
    """
    place = perturbed_path if perturbed else recording_path
    path = place(workspace, recording.submission)
    try:
        save(recording, path)
    except OSError as error:
        raise UsageFault(f"{path} cannot be written: {error.strerror or error}") from error


def faulty(submission: Submission, key: str, fault: str) -> Recording:
    """Give the recording of a submission that was not run.

    Without a key it is not taken for a finished one: the next time it is tried again.
    """
    return Recording(submission=submission.id, file=submission.file, key=key, fault=fault)


def seed_of(submission: Submission) -> int:
    """Give every submission random numbers of its own, and the same ones at every run."""
    return int(submission.digest[:8], 16) if submission.digest else 0


def input_seed_of(submission: Submission) -> int:
    """Give the seed of the inputs its functions are called with; no notebook is told of it."""
    return int(submission.digest[8:16], 16) if submission.digest else 0


def _was_killed(execution: Execution) -> bool:
    return any(cell.status == "died" and "SIGKILL" in cell.error for cell in execution.cells)
