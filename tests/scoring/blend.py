"""A tiny assignment of many independent numbers, for slips that only these can tell."""

from pathlib import Path

import numpy as np

from grader.recording.model import Recording
from grader.rubric.model import Question, Rubric
from grader.rubric.reference import Reference, open_rubric
from grader.scoring.asked import Asked
from grader.scoring.case import Case
from grader.scoring.constants import is_constant
from grader.scoring.pool import Candidate
from grader.scoring.predictions import Predictions
from grader.scoring.search.possibilities import Possibilities
from grader.scoring.search.searched import searched
from grader.scoring.shared import Shared
from grader.scoring.verdict import Verdict

BLEND_TOML = """\
format = "gradmark/rubric/1"
assignment = "blend"
title = "A matrix, repeatedly squashed"
reference = "blend_reference.py"

[[question]]
id = "squashed"
title = "The squashed matrix"
points = 10
expect = "squashed"
accept = { ends = ["both", "upper"] }

[[question.mistake]]
id = "no-offset"
when = { offset = "no" }
worth = 0.5
says = "The offset is missing."

[[question.mistake]]
id = "squares"
when = { power = 2 }
worth = 0.4
says = "The entries are squared."

[[question]]
id = "halves"
title = "The rows above and below"
points = 4
expect = "halves"
show_expected = false
"""

BLEND_PY = """\
from typing import Literal

import numpy as np

GIVEN = {"a": np.random.default_rng(11).normal(size=(4, 3)), "rate": 0.37, "steps": 5}


def squashed(
    given,
    *,
    ends: Literal["both", "upper"] = "both",
    offset: Literal["yes", "no"] = "yes",
    power: Literal[1, 2] = 1,
    tilted: Literal["no", "yes"] = "no",
):
    value = given["a"]
    for _ in range(given["steps"]):
        value = np.sin(2.3 * value + given["rate"] * (offset == "yes"))
    value = value**power + 0.1 * np.cumsum(value, axis=1) * (tilted == "yes")
    return {"squashed": value if ends == "both" else np.maximum(value, value * 0.9)}


def halves(given):
    value = squashed(given)["squashed"]
    return {"above": value[:2], "below": value[2:]}
"""


class Ground:
    """A rubric whose questions are searched, one at a time."""

    def __init__(self, rubric: Rubric, reference: Reference) -> None:
        self.given = reference.given
        self._rubric = rubric
        self._predictions = Predictions(reference)
        self._asked: dict[str, Asked] = {}
        self._possibilities: dict[str, Possibilities] = {}

    def expected(self, question: str, **settings: object) -> dict[str, np.ndarray]:
        """What the reference gives under some settings."""
        family = self._predictions.reference.family(self.question(question).expect)
        return dict(family.function(self.given, **settings))

    def question(self, name: str) -> Question:
        return next(question for question in self._rubric.question if question.id == name)

    def search(self, name: str, found: Recording) -> Verdict | None:
        """Search for what explains an answer."""
        question = self.question(name)
        tolerance = question.tolerance or self._rubric.tolerance
        if name not in self._asked:
            self._asked[name] = Asked(question, tolerance, self._predictions)
            tried = Possibilities(question, tolerance, self._predictions)
            self._possibilities[name] = tried
        case = Case(self._asked[name], Shared(found, self._predictions))
        return searched(case, self._passed_over, self._possibilities[name])

    def _passed_over(self, candidate: Candidate) -> bool:
        finite = bool(np.isfinite(candidate.values).all())
        typed = candidate.observation.typed_in
        return typed or not finite or is_constant(candidate.values, self.given)


def blend(folder: Path, *edits: tuple[str, str]) -> Ground:
    """Open the assignment, its rubric edited."""
    text = BLEND_TOML
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    (folder / "blend.toml").write_text(text, encoding="utf-8")
    (folder / "blend_reference.py").write_text(BLEND_PY, encoding="utf-8")
    return Ground(*open_rubric(folder / "blend.toml"))
