"""The desk at which a worker scores: a recording is judged, and its report written."""

import _thread
import logging
from pathlib import Path

from grader.faults import RecordingFault, UsageFault
from grader.recording.model import Recording
from grader.recording.store import load
from grader.recording.workspace import perturbed_path, recording_path
from grader.reporting import write_student
from grader.review.decisions import Decisions
from grader.review.merging import with_decisions
from grader.rubric.reference import open_rubric
from grader.scoring.grade import Scorer
from grader.scoring.verdict import Grade

log = logging.getLogger("grader")
DAMAGED = "Its recording is missing or damaged; run the submission again."
FAILED = "The grader failed on this submission; a person has to look at it."


class ScoringDesk:
    """Scores one submission after the other, with the rubric open."""

    def __init__(
        self, rubric_path: Path, workspace: Path, out: Path, decisions: Decisions | None = None
    ) -> None:
        rubric, reference = open_rubric(rubric_path)
        self._title = rubric.title
        self._scorer = Scorer(rubric, reference)
        self._workspace = workspace
        self._out = out
        self._decisions = decisions or Decisions(rubric.assignment)

    def work(self, name: str) -> Grade:
        """Judge one recording and write its report."""
        recording = load_recording(self._workspace, name)
        try:
            return self._report(recording)
        except UsageFault:
            raise
        except Exception as fault:
            log.exception("%s could not be graded: %s", name, fault)
            return self.give_up(name, recording.file)

    def give_up(self, name: str, file: str = "") -> Grade:
        """Report that the grader failed on a submission, without a look at its recording."""
        return self._report(_failed(name, file))

    def stop(self) -> None:
        """Break off what the main thread computes."""
        _thread.interrupt_main()

    def close(self) -> None:
        """Leave: there is nothing to put away."""

    def _report(self, recording: Recording) -> Grade:
        grade = with_decisions(self._judged(recording), self._decisions)
        write_student(grade, recording, self._title, self._out)
        return grade

    def _judged(self, recording: Recording) -> Grade:
        return self._scorer.grade(recording, self._load_perturbed(recording.submission))

    def _load_perturbed(self, name: str) -> Recording | None:
        """Load the recording of a run with other constants; None where there is none of use."""
        path = perturbed_path(self._workspace, name)
        try:
            return load(path) if path.exists() else None
        except RecordingFault as fault:
            log.error("%s", fault)
            return None


def load_recording(workspace: Path, name: str) -> Recording:
    """Load the recording of a submission, or one whose fault says that there is none of use."""
    try:
        return load(recording_path(workspace, name))
    except RecordingFault as fault:
        log.error("%s", fault)
        return Recording(submission=name, file="", key="", fault=DAMAGED)


def _failed(name: str, file: str) -> Recording:
    return Recording(submission=name, file=file, key="", fault=FAILED)


class JudgingDesk(ScoringDesk):
    """Judges submissions, writes nothing, and leaves out what people decided."""

    def _report(self, recording: Recording) -> Grade:
        return self._judged(recording)
