"""Which of the student's own values a question may be answered with, by the questions before."""

from collections.abc import Sequence

from grader.rubric.model import Mistake, Question
from grader.scoring.borrowing import Choices
from grader.scoring.fit import Fit
from grader.scoring.shared import Shared


def choices_for(
    mistake: Mistake,
    most: int,
    shared: Shared,
    earlier: Sequence[tuple[Question, Fit]],
    library: str,
) -> Choices:
    """Return what may stand for given constants under a mistake, at most so many found anew.

    Numbers are entered once for a library: where an earlier question was answered without a
    mistake in them, there is none, and where with one, it is known.
    """
    made = (fit for _, fit in earlier if mistake.id in {m.id for m in fit.hypothesis.mistakes})
    known = [fit.borrowed for fit in made if mistake.given.keys() >= fit.borrowed.keys() > set()]
    if mistake.values == "entered":
        full = (question for question, fit in earlier if fit.full)
        answered = (m for question in full if question.library == library for m in question.mistake)
        looked_for = {name for m in answered if m.id == mistake.id for name in m.given}
        new = {name: path for name, path in mistake.given.items() if name not in looked_for}
        if not new:
            return Choices(known, shared.predictions.given)
        mistake = mistake.model_copy(update={"given": new})
    found = shared.borrowed(mistake, most)
    # The same choices for every question, where that is possible: they are predicted once.
    return Choices([*known, *found.borrowed], shared.predictions.given) if known else found
