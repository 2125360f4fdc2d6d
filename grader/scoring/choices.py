"""Which of the student's own values a question may be answered with, by the questions before."""

from collections.abc import Sequence

from grader.rubric.model import Mistake, Question
from grader.scoring.fit import Fit
from grader.scoring.own.borrowing import Choices
from grader.scoring.shared import Shared


def choices_for(
    mistake: Mistake, most: int, shared: Shared, earlier: Sequence[tuple[Question, Fit]]
) -> Choices:
    """Return what may stand for given constants under a mistake, at most so many found anew.

    What explained an earlier question comes first.
    """
    made = (fit for _, fit in earlier if mistake.id in {m.id for m in fit.hypothesis.mistakes})
    known = [fit.borrowed for fit in made if mistake.given.keys() >= fit.borrowed.keys() > set()]
    found = shared.borrowed(mistake, most)
    # The same choices for every question, where that is possible: they are predicted once.
    return Choices([*known, *found.borrowed], shared.predictions.given) if known else found
