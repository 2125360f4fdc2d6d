"""A class recorded: each submission run once, its recording kept and used again while it fits."""

import logging
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from grader.batch.progress import Progress, silent
from grader.execution.environment import describe_environment
from grader.execution.kernel import RunStopped
from grader.execution.run import execute
from grader.faults import IntakeFault, RecordingFault, UsageFault
from grader.intake import Submission, find_submissions, read_notebook
from grader.recording.assemble import assemble
from grader.recording.key import recording_key
from grader.recording.model import Recording
from grader.recording.store import read_key, save
from grader.recording.workspace import ClassList, load_class, recording_path, save_class
from grader.rubric.model import Limits, Rubric

log = logging.getLogger("grader")


@dataclass(frozen=True)
class Recorded:
    """What recording a class came to: ids of submissions run, reused, and failed by our fault."""

    run: tuple[str, ...]
    reused: tuple[str, ...]
    faults: tuple[str, ...]


def record_class(
    rubric: Rubric,
    folder: Path,
    workspace: Path,
    *,
    jobs: int = 1,
    only: Sequence[str] = (),
    rerun: bool = False,
    progress: Progress = silent,
) -> Recorded:
    """Run the notebooks of a class and keep their recordings.

    Each recording is written as soon as it is there: a batch that is stopped goes on, when
    started again, with what is missing. Other recordings of the workspace stay.

    Raises:
        UsageFault: there is no class in the folder, or nobody of a name in `only`.

    """
    require_assignment(workspace, rubric.assignment)
    submissions = find_submissions(folder)
    chosen = _choose(submissions, only)
    listed = [submission.id for submission in submissions]
    save_class(ClassList(rubric.assignment, _order(listed, chosen, workspace)), workspace)
    keys = {one.id: _key(one, rubric.limits) for one in chosen}
    reused = [] if rerun else [s for s in chosen if _is_kept(s.id, keys[s.id], workspace)]
    for done, submission in enumerate(reused, start=1):
        progress(done, len(chosen), submission.id)
    waiting = [submission for submission in chosen if submission not in reused]
    faults: list[str] = []
    stop = Event()
    with ThreadPoolExecutor(max_workers=jobs) as workers:
        running = {
            workers.submit(_record, one, keys[one.id], rubric.limits, workspace, stop): one.id
            for one in waiting
        }
        try:
            for done, future in enumerate(as_completed(running), start=len(reused) + 1):
                if not future.result():
                    faults.append(running[future])
                progress(done, len(chosen), running[future])
        except BaseException:
            stop.set()
            workers.shutdown(wait=False, cancel_futures=True)
            raise
    return Recorded(
        run=tuple(submission.id for submission in waiting),
        reused=tuple(submission.id for submission in reused),
        faults=tuple(faults),
    )


def require_assignment(workspace: Path, assignment: str) -> None:
    """Refuse a workspace that holds recordings of another assignment.

    Raises:
        UsageFault: it does.
    """
    try:
        recorded = load_class(workspace).assignment
    except (UsageFault, RecordingFault):
        return
    if recorded != assignment:
        raise UsageFault(
            f'{workspace} holds recordings of "{recorded}"; the rubric is for "{assignment}"'
        )


def _choose(submissions: Sequence[Submission], only: Sequence[str]) -> list[Submission]:
    known = {submission.id: submission for submission in submissions}
    known |= {submission.file: submission for submission in submissions if submission.file}
    unknown = [name for name in only if name not in known]
    if unknown:
        raise UsageFault(
            f"no submission {unknown[0]!r} in this class of {len(submissions)}; "
            f"the first is {submissions[0].id!r}"
        )
    wanted = {known[name].id for name in only}
    return [one for one in submissions if not only or one.id in wanted]


def _order(listed: Iterable[str], chosen: Iterable[Submission], workspace: Path) -> tuple[str, ...]:
    """Return who is of the class: those chosen now, and those recorded before that still are."""
    now = {submission.id for submission in chosen}
    try:
        before = set(load_class(workspace).submissions)
    except (UsageFault, RecordingFault):
        before = set()
    return tuple(name for name in listed if name in now or name in before)


def _key(submission: Submission, limits: Limits) -> str:
    content = f"{submission.id}\0{submission.file}\0{submission.digest}\0{submission.fault}"
    return recording_key(
        content.encode("utf-8", "surrogatepass"),
        limits,
        environment=describe_environment(),
        seed=_seed(submission),
    )


def _seed(submission: Submission) -> int:
    """Give every submission random numbers of its own, and the same ones at every run."""
    return int(submission.digest[:8], 16) if submission.digest else 0


def _is_kept(name: str, key: str, workspace: Path) -> bool:
    return read_key(recording_path(workspace, name)) == key


def _record(submission: Submission, key: str, limits: Limits, workspace: Path, stop: Event) -> bool:
    """Run one submission and keep its recording; False where the grader itself failed."""
    path = recording_path(workspace, submission.id)
    failed = False
    try:
        recording = _run(submission, key, limits, stop)
    except RunStopped:
        raise
    except Exception as fault:
        failed = True
        log.exception("%s could not be run: %s", submission.id, fault)
        # Without a key it is not taken for a finished one: the next run tries again.
        said = f"The grader failed to run this notebook: {fault}"
        recording = _faulty(submission, "", said)
    try:
        save(recording, path)
    except OSError as error:
        raise UsageFault(f"{path} cannot be written: {error.strerror}") from error
    return not failed


def _run(submission: Submission, key: str, limits: Limits, stop: Event) -> Recording:
    if submission.fault:
        return _faulty(submission, key, submission.fault)
    try:
        notebook = read_notebook(submission.path)
    except IntakeFault as fault:
        return _faulty(submission, key, str(fault))
    execution = execute(
        notebook, limits=limits, seed=_seed(submission), files=submission.files, stop=stop
    )
    return assemble(submission.id, submission.file, key, notebook, execution)


def _faulty(submission: Submission, key: str, fault: str) -> Recording:
    return Recording(submission=submission.id, file=submission.file, key=key, fault=fault)
