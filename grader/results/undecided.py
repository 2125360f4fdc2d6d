"""Checks of questions that are not decided here."""

from grader.results.model import Check, Scope
from grader.rubric.model import Question


def undecided(question: Question, sentence: str, scope: Scope) -> Check:
    """Return the check of a question of which nothing is said but a sentence."""
    return Check(
        question=question.id,
        title=question.title,
        outcome="ungraded",
        points=0.0,
        max_points=question.points,
        sentence=sentence,
        scope=scope,
    )
