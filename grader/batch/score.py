"""A class scored: every recording judged and reported, no notebook run."""

import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from grader.batch.progress import Progress, silent
from grader.batch.record import require_assignment
from grader.faults import RecordingFault, UsageFault
from grader.log import log_to
from grader.recording.model import Recording
from grader.recording.store import load
from grader.recording.workspace import load_class, recording_path
from grader.reporting import write_class, write_grades_csv, write_grades_json, write_student
from grader.rubric.read import rubric_digest
from grader.rubric.reference import open_rubric
from grader.scoring.grade import Scorer
from grader.scoring.verdict import ClassGrades, Grade

log = logging.getLogger("grader")
_FEW = 8  # submissions that are scored sooner than workers for them are started


@dataclass(frozen=True)
class Scored:
    """What scoring a class came to: its grades, and where the report is."""

    grades: ClassGrades
    index: Path


def score_class(
    rubric_path: Path,
    workspace: Path,
    out: Path,
    *,
    jobs: int = 1,
    progress: Progress = silent,
) -> Scored:
    """Judge the recordings of a workspace and write the reports.

    Raises:
        UsageFault: the rubric is wrong, or there are no recordings, or no place for reports.

    """
    rubric, _ = open_rubric(rubric_path)
    require_assignment(workspace, rubric.assignment)
    names = load_class(workspace).submissions
    found: dict[str, Grade] = {}
    for done, (name, grade) in enumerate(
        _scored(rubric_path, names, workspace, out, jobs), start=1
    ):
        found[name] = grade
        progress(done, len(names), name)
    grades = ClassGrades(
        assignment=rubric.assignment,
        title=rubric.title,
        rubric_digest=rubric_digest(rubric_path),
        grades=tuple(found[name] for name in names),
    )
    index = write_class(grades, out)
    write_grades_json(grades, out / "grades.json")
    write_grades_csv(grades, out / "grades.csv")
    return Scored(grades, index)


def _scored(
    rubric_path: Path, names: Sequence[str], workspace: Path, out: Path, jobs: int
) -> Iterator[tuple[str, Grade]]:
    if jobs == 1 or len(names) <= _FEW:
        desk = Desk(rubric_path, workspace, out)
        yield from ((name, desk.score(name)) for name in names)
        return
    with ProcessPoolExecutor(
        jobs, initializer=_open_desk, initargs=(rubric_path, workspace, out)
    ) as pool:
        running = {pool.submit(_score_at_desk, name): name for name in names}
        try:
            for future in as_completed(running):
                yield running[future], future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


class Desk:
    """Where one worker scores: the rubric open, the recordings and the reports at hand."""

    def __init__(self, rubric_path: Path, workspace: Path, out: Path) -> None:
        rubric, reference = open_rubric(rubric_path)
        self._title = rubric.title
        self._scorer = Scorer(rubric, reference)
        self._workspace = workspace
        self._out = out

    def score(self, name: str) -> Grade:
        """Judge one recording and write its report."""
        recording = self._load(name)
        try:
            return self._report(recording)
        except UsageFault:
            raise
        except Exception as fault:
            log.exception("%s could not be graded: %s", name, fault)
            said = "The grader failed on this submission; a person has to look at it."
            return self._report(Recording(submission=name, file=recording.file, key="", fault=said))

    def _report(self, recording: Recording) -> Grade:
        grade = self._scorer.grade(recording)
        write_student(grade, recording, self._title, self._out)
        return grade

    def _load(self, name: str) -> Recording:
        try:
            return load(recording_path(self._workspace, name))
        except RecordingFault as fault:
            log.error("%s", fault)
            return Recording(
                submission=name,
                file="",
                key="",
                fault="Its recording is missing or damaged; run the submission again.",
            )


_desks: list[Desk] = []  # of a worker process: one, opened when the process starts


def _open_desk(rubric_path: Path, workspace: Path, out: Path) -> None:
    log_to(out)
    _desks.append(Desk(rubric_path, workspace, out))


def _score_at_desk(name: str) -> Grade:
    return _desks[0].score(name)
