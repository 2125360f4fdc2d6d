"""A rubric without what students are not to read: hidden questions and mistakes, the reference."""

from grader.rubric.model import Mistake, Question, Rubric
from grader.sealing.edition import REFERENCE, Hidden


def student_rubric(rubric: Rubric) -> Rubric:
    """Return the rubric as students may read it."""
    public = {question.id for question in rubric.public}
    asked = [_question(question, public) for question in rubric.public]
    return rubric.model_copy(
        update={"reference": REFERENCE, "solution": None, "template": None, "question": asked}
    )


def hidden_questions(rubric: Rubric) -> list[Hidden]:
    """List the questions that are only named, by how many public ones come before them."""
    places = {question.id: n for n, question in enumerate(rubric.question)}
    return [
        Hidden(
            id=question.id,
            title=question.title,
            before=sum(places[one.id] < places[question.id] for one in rubric.public),
        )
        for question in rubric.question
        if question.hidden
    ]


def withheld(question: Question) -> list[Mistake]:
    """List the mistakes that only the teacher's rubric can tell."""
    return [m for m in question.mistake if m.hidden or m.given or m.transform]


def _question(question: Question, public: set[str]) -> Question:
    gone = {id(mistake) for mistake in withheld(question)}
    return question.model_copy(
        update={
            "expect": None if question.draws else question.expect,
            "accept": {} if question.draws else question.accept,
            "draws": None,
            "rate": None,
            "structure": None,
            "parts": [],
            "criteria": [],
            "prompt": None,
            "own_results": {},
            "needs": [one for one in question.needs if one in public],
            "follows": [one for one in question.follows if one in public],
            "mistake": []
            if question.draws
            else [mistake for mistake in question.mistake if id(mistake) not in gone],
        }
    )
