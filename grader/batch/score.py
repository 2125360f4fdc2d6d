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
    with sole_use(out, PAGES):
        with closing(_scored(rubric_path, names, workspace, out, jobs)) as results:
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
        index = write_class(grades, out)
        write_grades_csv(grades, out / "grades.csv")
        write_grades_json(grades, out / "grades.json")
    return Scored(grades, index)


def _scored(
    rubric_path: Path, names: Sequence[str], workspace: Path, out: Path, jobs: int
) -> Generator[tuple[str, Grade], None, None]:
    """Have recordings judged, and give each grade as it is there."""
    opening = partial(ScoringDesk, rubric_path, workspace, out)
    with closing(in_parallel(opening, names, jobs=jobs, named=str)) as results:
        for name, grade in results:
            if isinstance(grade, Lost):
                log.error("%s: its worker process died twice", name)
                yield name, opening().give_up(name)
            else:
                yield name, grade
