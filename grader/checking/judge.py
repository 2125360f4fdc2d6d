"""Judges recordings for whoever wrote the notebook, with a rubric or a student's edition of one."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from grader.execution.asking.plan import Asking
from grader.faults import UsageFault
from grader.recording.model import Recording
from grader.results.from_grade import result_of
from grader.results.model import CheckResult, Fault
from grader.rubric.families import Reference
from grader.rubric.model import Rubric
from grader.rubric.reference import open_rubric
from grader.rubric.shipped import find_rubric
from grader.rubric.wording import quote, suggestion
from grader.scoring.grade import Scorer
from grader.scoring.verdict import Grade
from grader.sealing.edition import EDITION, Edition, is_edition, read_edition
from grader.sealing.judging import judge_edition


class Judge:
    """A rubric opened once, ready to judge any number of recordings.

    Attributes:
        path: of the rubric, or of the student's edition of one.
        rubric: as it was read.
        reference: its reference; of an edition, the given constants alone.
        edition: None where it is a full rubric.
        asking: what is asked of the notebook's own code.

    """

    def __init__(self, rubric: str | Path) -> None:
        """Open a rubric by its path, or by the name of one that ships with the grader.

        Raises:
            UsageFault: there is none, or it cannot be used.
        """
        self.path = _file(str(rubric))
        self.edition: Edition | None = read_edition(self.path) if is_edition(self.path) else None
        self.rubric: Rubric
        self.reference: Reference
        self.asking: Asking
        self._scorer: Scorer | None = None
        if self.edition is not None:
            self.rubric, self.reference = self.edition.rubric, self.edition.reference
            self.asking = EditionAsking(self.rubric, self.path, constants=self.reference)
        else:
            self.rubric, self.reference = open_rubric(self.path)
            self.asking = Asking(self.rubric, self.path)
            self._scorer = Scorer(self.rubric, self.reference)

    @property
    def questions(self) -> tuple[str, ...]:
        """The ids of all questions, those that are only named among them."""
        hidden = self.edition.hidden if self.edition is not None else ()
        return (*(one.id for one in self.rubric.question), *(one.id for one in hidden))

    def require(self, questions: Iterable[str]) -> None:
        """Find a misspelt question.

        Raises:
            UsageFault: there is no such question; with the one that may be meant.
        """
        for name in questions:
            if name not in self.questions:
                end = suggestion(name, self.questions, "questions")
                raise UsageFault(f"there is no question {quote(name)}{end}")

    def result(
        self,
        recording: Recording,
        notebook: str,
        *,
        hidden: bool = False,
        grade: Grade | None = None,
    ) -> CheckResult:
        """Judge a recording, and say what may be told of it before the grade.

        Args:
            recording: of the notebook, or of a live session.
            notebook: the name of the file; "" for a session.
            hidden: keep what is known of questions that the rubric hides.
            grade: what the recording was judged to be, where that is known already.

        """
        if self.edition is not None:
            return _by_edition(recording, self.edition, notebook)
        grade = grade or self.grade(recording)
        if grade is None:
            raise TypeError("a full rubric gives a grade")
        result = result_of(grade, self.rubric, notebook, hidden=hidden)
        return replace(result, notes=recording.notes)

    def grade(self, recording: Recording, perturbed: Recording | None = None) -> Grade | None:
        """Judge a recording as for the grade; None where a student's edition cannot tell one.

        Args:
            recording: of the notebook.
            perturbed: of the same notebook with other constants, if there is one.

        """
        return None if self._scorer is None else self._scorer.grade(recording, perturbed)


@dataclass(frozen=True)
class EditionAsking(Asking):
    """What an edition asks of notebooks: their own losses, at the given constants."""

    constants: Reference | None = None

    @property
    def _reference(self) -> Reference:
        return self.constants or super()._reference


def _file(name: str) -> Path:
    """Find the file of a rubric, or of an edition by its folder."""
    path = find_rubric(name)
    return path / EDITION if is_edition(path / EDITION) else path


def _by_edition(recording: Recording, edition: Edition, notebook: str) -> CheckResult:
    return CheckResult(
        assignment=edition.assignment,
        title=edition.title,
        notebook=notebook,
        checks=judge_edition(recording, edition),
        fault=recording.fault,
        fault_of=fault_of(recording),
        notes=recording.notes,
        seconds=recording.seconds,
    )


def fault_of(recording: Recording) -> Fault:
    """Say whose doing it is that a notebook could not be judged."""
    if not recording.fault:
        return ""
    return "submission" if recording.key else "grader"
