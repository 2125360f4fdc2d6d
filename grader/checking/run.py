"""One notebook run in the sandbox, as a batch runs it, and judged."""

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from grader.batch.perturbing import changes_asked
from grader.batch.recorder import Manner, Order, RecordingDesk
from grader.batch.rooms import temporary_room
from grader.batch.scorer import load_recording
from grader.batch.supplied import supplied
from grader.checking.judge import Judge
from grader.checking.surroundings import bring_beside
from grader.faults import UsageFault
from grader.intake import Submission, find_submissions
from grader.recording.model import Recording
from grader.recording.store import load
from grader.recording.workspace import perturbed_path
from grader.results.model import CheckResult
from grader.rubric.model import Rubric
from grader.scoring.verdict import Grade

Progress = Callable[[str], None]
"""Told what is being done now: "running lines.ipynb"."""

TOO_MUCH = "The files in the notebook's folder are too many; the notebook was run without them."
_KEY = "check"  # of recordings that nobody looks for again


@dataclass(frozen=True)
class Checked:
    """A notebook checked: the result, and what it was made of.

    `grade` and `rubric` are None where a student's edition was checked with.
    """

    result: CheckResult
    grade: Grade | None
    recording: Recording
    rubric: Rubric | None


def silent(doing: str) -> None:
    """Tell nothing."""


def check_notebook(
    path: Path,
    rubric: str | Path | Judge,
    *,
    hidden: bool = False,
    supply: Mapping[str, Path] | None = None,
    progress: Progress = silent,
) -> Checked:
    """Run a notebook and say what may be told of it before the grade.

    Args:
        path: of the notebook; the files in its folder are brought beside it.
        rubric: a path or a shipped name, of a student's edition too; or a judge that has it open.
        hidden: keep what is known of questions that the rubric hides.
        supply: files by the names the rubric has for its data.
        progress: told what is being done.

    Raises:
        UsageFault: there is no such notebook or rubric, or data are missing.

    """
    if not path.is_file():
        raise UsageFault(f"there is no notebook {path}")
    judge = rubric if isinstance(rubric, Judge) else Judge(rubric)
    progress(f"running {path.name}")
    recording, perturbed = _recorded(path, judge, supply or {})
    progress("looking at its answers")
    grade = judge.grade(recording, perturbed)
    result = judge.result(recording, path.name, hidden=hidden, grade=grade)
    return Checked(result, grade, recording, judge.rubric)


def _recorded(
    path: Path, judge: Judge, supply: Mapping[str, Path]
) -> tuple[Recording, Recording | None]:
    """Run a notebook, with other constants once more where its rubric says so."""
    rubric = judge.rubric
    with temporary_room() as room, supplied(rubric, supply) as supplies:
        (room / "beside").mkdir()
        whole = None if judge.edition is not None else rubric  # an edition tells no answers
        beside = bring_beside(path, room / "beside", whole, judge.path)
        manner = Manner(
            rubric.limits,
            room,
            changes=changes_asked(rubric, judge.reference, asked=False),
            asking=judge.asking,
            supplies=supplies,
            budget=rubric.execution.budget,
        )
        submission = replace(_submission(path), files=beside)
        with closing(RecordingDesk(manner)) as desk:
            desk.work(Order(submission, _KEY))
        recording = load_recording(room, submission.id)
        again = perturbed_path(room, submission.id)
        perturbed = load(again) if again.exists() else None
    notes = recording.notes if beside else (*recording.notes, TOO_MUCH)
    return replace(recording, notes=notes), perturbed


def _submission(path: Path) -> Submission:
    """Take a notebook for a class of one."""
    [one] = find_submissions(path)
    return one
