"""A class recorded: each submission run once, its recording kept and used again while it fits."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from grader.batch.beside import digest_data
from grader.batch.perturbing import perturbed_key
from grader.batch.progress import Progress, silent
from grader.batch.recorder import (
    FAILED_AGAIN,
    Manner,
    Order,
    RecordingDesk,
    faulty,
    input_seed_of,
    keep,
    seed_of,
)
from grader.batch.supplied import supplied, with_data
from grader.batch.workers import Lost, in_parallel
from grader.execution.asking.plan import Asking
from grader.execution.environment import describe_environment
from grader.execution.isolation import detect
from grader.execution.supplies import digest_supplies
from grader.faults import RecordingFault, UsageFault
from grader.intake import Submission, find_submissions
from grader.intake.perturbation import Changes
from grader.recording.files import sole_use
from grader.recording.key import recording_key
from grader.recording.store import read_key
from grader.recording.workspace import (
    PERTURBED,
    RECORDINGS,
    ClassList,
    load_class,
    perturbed_path,
    recording_path,
    save_class,
)
from grader.rubric.model import Rubric

log = logging.getLogger("grader")


@dataclass(frozen=True)
class Recorded:
    """What recording a class came to: ids of submissions run, reused, and failed by our fault."""

    run: tuple[str, ...]
    reused: tuple[str, ...]
    faults: tuple[str, ...]


def record_class(  # noqa: PLR0913  every option is its own
    rubric: Rubric,
    folder: Path,
    workspace: Path,
    *,
    jobs: int = 1,
    only: Sequence[str] = (),
    rerun: bool = False,
    data: Path | None = None,
    supply: Mapping[str, Path] | None = None,
    apart: Sequence[Path] = (),
    cold: bool = False,
    require_isolation: bool = False,
    changes: Changes | None = None,
    asking: Asking | None = None,
    progress: Progress = silent,
) -> Recorded:
    """Run the notebooks of a class and keep their recordings.

    Each recording is written as soon as it is there: a batch that is stopped goes on, when
    started again, with what is missing. Other recordings of the workspace stay.

    Args:
        rubric: whose limits hold.
        folder: of the class.
        workspace: where recordings are kept.
        jobs: worker processes.
        only: ids or files of the submissions to run; all, where there is none.
        rerun: run what did not change, too.
        data: a folder whose files every notebook finds beside it.
        supply: files for this run by the names the rubric has for its data; the others are those
            that were supplied for all runs.
        apart: folders that are no submissions wherever they lie, as reports are.
        cold: start every kernel anew.
        require_isolation: run nothing where notebooks cannot be shut in.
        changes: constants to be changed in a second run of each notebook.
        asking: what is asked of the students' own code once it has run.
        progress: told of every submission that is done.

    Raises:
        UsageFault: there is no class in the folder, or nobody of a name in `only`, or
            something is not there that is needed, or the workspace cannot be written.

    """
    require_assignment(workspace, rubric.assignment)
    if require_isolation:
        _require_isolation(cold)
    # A fresh kernel cannot be forked, so nothing is asked of it.
    asking = None if cold else asking
    manner = Manner(
        rubric.limits,
        workspace,
        data,
        cold,
        require_isolation,
        changes or {},
        asking,
        budget=rubric.execution.budget,
    )
    data_digest = digest_data(data)
    submissions = _find(folder, data, [workspace, *apart])
    chosen = _choose(submissions, only)
    with supplied(rubric, supply or {}) as supplies, sole_use(workspace, RECORDINGS, PERTURBED):
        manner = replace(manner, supplies=supplies)
        data_digest += digest_supplies(supplies)
        listed = _order((one.id for one in submissions), chosen, workspace)
        save_class(ClassList(rubric.assignment, listed), workspace)
        asked = with_data(asking, supplies)
        orders = [Order(one, _key(one, rubric, data_digest, asked)) for one in chosen]
        waiting = orders if rerun else [due for order in orders if (due := _due(order, manner))]
        unfinished = {order.submission.id for order in waiting}
        reused = tuple(one.id for one in chosen if one.id not in unfinished)
        faults = _run(waiting, reused, manner, jobs, progress)
    return Recorded(tuple(order.submission.id for order in waiting), reused, faults)


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


def _require_isolation(cold: bool) -> None:
    isolation = detect()
    if cold or not isolation.full:
        found = "a cold kernel has no sandbox" if cold else isolation.text
        raise UsageFault(f"notebooks cannot be fully isolated here, as is required ({found})")


def _find(folder: Path, data: Path | None, apart: Sequence[Path]) -> list[Submission]:
    """Find the submissions of a class; what else is known to lie in its folder is none."""
    home = folder.resolve()
    if data is not None and home.is_relative_to(data.resolve()):
        raise UsageFault(f"{data} holds the class itself; data for all need a folder of their own")
    if home in [place.resolve() for place in apart]:
        raise UsageFault(f"{folder} is the folder of the class; results need another one")
    places = [place.resolve() for place in (*apart, *([data] if data else []))]
    taken = {place.relative_to(home).parts[0] for place in places if place.is_relative_to(home)}
    found = [one for one in find_submissions(folder) if _entry(one, folder) not in taken]
    if not found:
        raise UsageFault(f"no submissions in {folder}: only what the grader put there")
    return found


def _entry(submission: Submission, folder: Path) -> str:
    """Name the entry of a class's folder that a submission is."""
    parts = submission.path.relative_to(folder).parts
    return parts[0] if parts else ""


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


def _key(submission: Submission, rubric: Rubric, data: str, asking: Asking | None) -> str:
    parts = [submission.id, submission.file, submission.digest, submission.fault]
    content = "\0".join([*parts, data] if data else parts)
    asked = asking.digest(input_seed_of(submission)) if asking is not None else ""
    return recording_key(
        content.encode("utf-8", "surrogatepass"),
        rubric.limits,
        environment=describe_environment(),
        probes=(asked,) if asked else (),
        seed=seed_of(submission),
        budget=rubric.execution.budget,
    )


def _due(order: Order, manner: Manner) -> Order | None:
    """Say what of an order is still to be done."""
    if not _is_kept(order, manner.workspace):
        return order
    if manner.changes and not _is_kept_perturbed(order, manner):
        return replace(order, again_only=True)
    return None


def _is_kept(order: Order, workspace: Path) -> bool:
    return read_key(recording_path(workspace, order.submission.id)) == order.key


def _is_kept_perturbed(order: Order, manner: Manner) -> bool:
    key = perturbed_key(order.key, manner.changes)
    return read_key(perturbed_path(manner.workspace, order.submission.id)) == key


def _run(
    waiting: Sequence[Order],
    reused: Sequence[str],
    manner: Manner,
    jobs: int,
    progress: Progress,
) -> tuple[str, ...]:
    """Have submissions recorded; give those the grader itself failed on."""
    total = len(reused) + len(waiting)
    for done, name in enumerate(reused, start=1):
        progress(done, total, name)
    faults = []
    opening = partial(RecordingDesk, manner)
    with closing(in_parallel(opening, waiting, jobs=jobs, named=_name)) as results:
        for done, (order, fine) in enumerate(results, start=len(reused) + 1):
            if isinstance(fine, Lost):
                log.error("%s: its worker process died twice", _name(order))
                _keep_lost(order, manner)
            if fine is not True:
                faults.append(_name(order))
            progress(done, total, _name(order))
    return tuple(faults)


def _keep_lost(order: Order, manner: Manner) -> None:
    """Note that a worker died; what it recorded of the notebook as it is stays."""
    if manner.changes and _is_kept(order, manner.workspace):
        keep(faulty(order.submission, "", FAILED_AGAIN), manner.workspace, perturbed=True)
        return
    said = "The grader's process died each time it ran this notebook."
    keep(faulty(order.submission, "", said), manner.workspace)


def _name(order: Order) -> str:
    return order.submission.id
