"""What scripts name on the command line: a question or a criterion, points, a decision."""

from collections.abc import Iterable

from grader.faults import UsageFault
from grader.review.decisions import Decisions, Key
from grader.rubric.wording import suggestion
from grader.scoring.verdict import Grade
from grader.walkthrough.command import Unclear, points_of
from grader.walkthrough.queue import Step


def require(name: str, known: Iterable[str], thing: str) -> None:
    """Refuse a name that is none of those known.

    Raises:
        UsageFault: with the name that was probably meant.

    """
    if name not in known:
        raise UsageFault(f'there is no {thing} "{name}"{suggestion(name, [*known], f"{thing}s")}')


def step_named(grade: Grade, asked: str) -> Step:
    """Find what "question" or "question.criterion" stands for.

    Raises:
        UsageFault: there is none of that name.

    """
    question, _, criterion = asked.partition(".")
    verdicts = {verdict.question: verdict for verdict in grade.verdicts}
    require(question, verdicts, "question")
    verdict = verdicts[question]
    if not criterion:
        return Step(grade, verdict)
    criteria = {one.id: one for one in verdict.criteria}
    if not criteria:
        raise UsageFault(f'"{question}" has no criteria; its points are set as a whole')
    require(criterion, criteria, "criterion")
    return Step(grade, verdict, criteria[criterion])


def keys_named(decisions: Decisions, submission: str, asked: str) -> list[Key]:
    """Find the decisions about "question" or "question.criterion".

    Raises:
        UsageFault: there are none.

    """
    question, _, criterion = asked.partition(".")
    made = decisions.of(submission, question)
    keys = [one.key for one in made if not criterion or one.criterion == criterion]
    if not keys:
        raise UsageFault(f'nothing is decided about "{asked}" of "{submission}"')
    return keys


def points_given(number: str, step: Step) -> float:
    """Read points.

    Raises:
        UsageFault: they are no number from 0 to the most there are.

    """
    try:
        return points_of(number, step.max_points)
    except Unclear as problem:
        raise UsageFault(str(problem)) from None
