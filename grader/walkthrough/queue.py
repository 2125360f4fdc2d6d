"""The queue: what of a class a person is asked about, in the order it is asked."""

from collections.abc import Iterator
from dataclasses import dataclass

from grader.review.decisions import Decision, Decisions
from grader.review.merging import holding, substance, undecided, with_decisions
from grader.scoring.verdict import ClassGrades, CriterionVerdict, Grade, Verdict


@dataclass(frozen=True)
class Choice:
    """Which part of a class is gone through, and how."""

    only: frozenset[str] = frozenset()  # submissions; all, where there is none
    questions: frozenset[str] = frozenset()  # the same of questions
    by_student: bool = False
    everything: bool = False  # what needs nobody, too

    def has(self, submission: str, question: str) -> bool:
        """Say whether a question of a submission is to be gone through."""
        wanted = not self.only or submission in self.only
        return wanted and (not self.questions or question in self.questions)


@dataclass(frozen=True)
class Step:
    """One thing a person is asked: a criterion, or a question as a whole.

    `verdict` is as it was before a person said anything.
    """

    grade: Grade
    verdict: Verdict
    criterion: CriterionVerdict | None = None

    @property
    def item(self) -> tuple[str, str]:
        """The submission and the question."""
        return self.grade.submission, self.verdict.question

    @property
    def max_points(self) -> float:
        """The most that can be given."""
        return self.criterion.max_points if self.criterion else self.verdict.max_points

    @property
    def judged(self) -> str:
        """Digest of what is decided about."""
        return self.criterion.judged if self.criterion else substance(self.verdict)


def steps_of(grades: ClassGrades, decisions: Decisions, choice: Choice) -> list[Step]:
    """List what a person is asked, question by question or student by student."""
    merged = [with_decisions(grade, decisions) for grade in grades.grades]
    places = [
        (grade, verdict)
        for grade in merged
        for verdict in grade.verdicts
        if choice.has(grade.submission, verdict.question)
    ]
    if not choice.by_student:
        order = list(dict.fromkeys(verdict.question for _, verdict in places))
        places.sort(key=lambda place: order.index(place[1].question))
    return [step for place in places for step in _steps(*place, everything=choice.everything)]


def outdated(step: Step, decisions: Decisions) -> list[Decision]:
    """List decisions about something that has changed since."""
    made = decisions.of(*step.item)
    hold = {one.key for one in holding(step.verdict, made)}
    wanted = step.criterion.id if step.criterion else ""
    return [one for one in made if one.key not in hold and one.criterion == wanted]


def made_now(step: Step, decisions: Decisions) -> Decision | None:
    """Return the decision about what is asked, where there is one that holds."""
    kind = "criterion" if step.criterion else "points"
    wanted = step.criterion.id if step.criterion else ""
    holds = holding(step.verdict, decisions.of(*step.item))
    return next((one for one in holds if (one.kind, one.criterion) == (kind, wanted)), None)


def _steps(grade: Grade, verdict: Verdict, *, everything: bool) -> Iterator[Step]:
    machine = undecided(verdict)
    if not verdict.waits and not everything:
        return
    criteria = zip(machine.criteria, verdict.criteria, strict=True)
    open_ = [before for before, now in criteria if everything or now.points is None]
    for criterion in open_:
        yield Step(grade, machine, criterion)
    if everything or machine.rest_waits or not machine.criteria:
        yield Step(grade, machine)
