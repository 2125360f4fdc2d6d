"""What people decide upon, and reports written anew after they did."""

from collections.abc import Collection
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

from grader.batch.former import PAGES
from grader.batch.score import write_all
from grader.batch.scorer import JudgingDesk, load_recording
from grader.batch.workers import Lost, in_parallel
from grader.recording.files import sole_use
from grader.reporting import write_student
from grader.review.decisions import Decisions
from grader.review.merging import with_decisions
from grader.scoring.verdict import ClassGrades, Grade


def judge_one(rubric_path: Path, workspace: Path, out: Path, name: str) -> Grade:
    """Judge one submission as a class is judged; nothing is written.

    A process of its own computes to the same last digit as those that score a class.
    """
    opening = partial(JudgingDesk, rubric_path, workspace, out)
    with closing(in_parallel(opening, [name], jobs=1, named=str)) as results:
        grades = [opening().give_up(name) if isinstance(one, Lost) else one for _, one in results]
    return grades[0]


def redecided(grades: ClassGrades, decisions: Decisions) -> ClassGrades:
    """Merge other decisions into grades that have some already."""
    changed = tuple(with_decisions(grade, decisions) for grade in grades.grades)
    return replace(grades, grades=changed)


def write_decided(
    grades: ClassGrades, changed: Collection[str], workspace: Path, out: Path
) -> Path:
    """Write the pages of those about whom something was decided, and those of the class.

    Raises:
        UsageFault: they cannot be written, or another grader is writing them.

    """
    with sole_use(out, PAGES):
        for grade in grades.grades:
            if grade.submission in changed:
                recording = load_recording(workspace, grade.submission)
                write_student(grade, recording, grades.title, out)
        return write_all(grades, out)
