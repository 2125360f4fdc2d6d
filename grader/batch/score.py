"""A class scored: every recording judged and reported, no notebook run."""

import logging
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from grader.batch.former import PAGES, remove_pages_of_former
from grader.batch.progress import Progress, silent
from grader.batch.record import require_assignment
from grader.batch.scorer import ScoringDesk
from grader.batch.workers import Lost, in_parallel
from grader.recording.files import sole_use
from grader.recording.workspace import load_class
from grader.reporting import write_class, write_grades_csv, write_grades_json
from grader.review.decisions import Decisions
from grader.review.file import NAME as DECISIONS
from grader.review.file import load_decisions
from grader.rubric.read import rubric_digest
from grader.rubric.reference import open_rubric
from grader.scoring.verdict import ClassGrades, Grade

log = logging.getLogger("grader")


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
    decisions: Path | None = None,
    progress: Progress = silent,
) -> Scored:
    """Judge the recordings of a workspace and write the reports.

    Args:
        rubric_path: of the rubric.
        workspace: with the recordings.
        out: where the reports go.
        jobs: worker processes.
        decisions: the file of what people decided; decisions.json among the reports, if None.
        progress: told of every submission that is done.

    Raises:
        UsageFault: the rubric is wrong, or there are no recordings, or no place for reports,
            or the decisions cannot be read.

    """
    rubric, _ = open_rubric(rubric_path)
    require_assignment(workspace, rubric.assignment)
    decided = load_decisions(decisions or out / DECISIONS, rubric.assignment)
    names = load_class(workspace).submissions
    found: dict[str, Grade] = {}
    with sole_use(out, PAGES):
        with closing(_scored(rubric_path, names, workspace, out, jobs, decided)) as results:
            for done, (name, grade) in enumerate(results, start=1):
                found[name] = grade
                progress(done, len(names), name)
        grades = ClassGrades(
            assignment=rubric.assignment,
            title=rubric.title,
            rubric_digest=rubric_digest(rubric_path),
            grades=tuple(found[name] for name in names),
        )
        remove_pages_of_former(names, out)
        index = write_all(grades, out)
    return Scored(grades, index)


def write_all(grades: ClassGrades, out: Path) -> Path:
    """Write what tells of the whole class, and say where its page is."""
    index = write_class(grades, out)
    write_grades_csv(grades, out / "grades.csv")
    write_grades_json(grades, out / "grades.json")
    return index


def _scored(
    rubric_path: Path,
    names: Sequence[str],
    workspace: Path,
    out: Path,
    jobs: int,
    decisions: Decisions,
) -> Generator[tuple[str, Grade], None, None]:
    """Have recordings judged, and give each grade as it is there."""
    opening = partial(ScoringDesk, rubric_path, workspace, out, decisions)
    with closing(in_parallel(opening, names, jobs=jobs, named=str)) as results:
        for name, grade in results:
            if isinstance(grade, Lost):
                log.error("%s: its worker process died twice", name)
                yield name, opening().give_up(name)
            else:
                yield name, grade
