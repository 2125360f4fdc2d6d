"""One part of a question, and what one probe of it gave."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from grader.recording.model import ProbeResult, Recording, StepResult
from grader.rubric.model import Question, Tolerance
from grader.rubric.parts import Part
from grader.scoring.hypothesis import Hypothesis, hypotheses
from grader.scoring.predictions import Parts, Predictions
from grader.scoring.probed.code import Code
from grader.scoring.probed.differences import differentiated


@dataclass(frozen=True)
class CaseView:
    """One case: its arguments, and the step that was taken with them; None where it was not."""

    number: int
    label: str
    arguments: Mapping[str, np.ndarray]
    step: StepResult | None

    @property
    def array(self) -> np.ndarray | None:
        """The real numbers it gave; None where it gave none."""
        return None if self.step is None else self.step.array


@dataclass(frozen=True)
class View:
    """What judges see: the part, what came of asking it, and the reference."""

    question: Question
    part: Part
    result: ProbeResult
    recording: Recording
    code: Code
    predictions: Predictions
    tolerance: Tolerance

    @property
    def name(self) -> str:
        """The name in the notebook, as sentences have it."""
        return f"`{self.result.found}`"

    @cached_property
    def cases(self) -> tuple[CaseView, ...]:
        """The cases, in order."""
        return tuple(
            CaseView(n, label, self.result.arguments(n), self.result.step(f"case{n}"))
            for n, label in enumerate(self.result.labels)
        )

    @cached_property
    def hypotheses(self) -> list[Hypothesis]:
        """What the student may have done, worth most first."""
        owner = self.part if self.part.expect else self._owner
        if owner is None:
            return []
        return hypotheses(question_of(self.question, owner, self.predictions))

    def predicted(self, hypothesis: Hypothesis, case: CaseView) -> Parts | None:
        """Return what the reference gives for a case; None where it has no answer.

        A derivative that the reference has no function for is that of the function it is of,
        by differences.
        """
        given = {**self.predictions.given, **case.arguments}
        if self.part.expect is not None:
            return self.predictions.ask(hypothesis, given)
        return differentiated(self.predictions, hypothesis, given, next(iter(case.arguments)))

    @property
    def _owner(self) -> Part | None:
        """The part whose function this one is the derivative of."""
        named = (part for part in self.question.parts if part.name == self.part.of)
        return next((part for part in named if part.expect), None)

    @property
    def source(self) -> str:
        """The code that defines what was asked, as far as it is found."""
        return self.code.defining(self.result.found, self.result.after)

    def library_of(self, step: StepResult) -> str:
        """Name the library a value came from."""
        return step.values[""].library if "" in step.values else ""

    def steps(self) -> Iterator[StepResult]:
        """Yield the steps that gave something a name."""
        return (step for step in self.result.steps if step.name)


def question_of(question: Question, part: Part, predictions: Predictions) -> Question:
    """Return a part as a question of its own: its conventions, and the mistakes that fit it."""
    if part.expect is None:
        return question.model_copy(update={"expect": None, "accept": {}, "mistake": []})
    settings = predictions.reference.family(part.expect).settings
    mistakes = [m for m in question.mistake if m.when and set(m.when) <= set(settings)]
    update = {"expect": part.expect, "accept": part.accept, "mistake": mistakes}
    return question.model_copy(update=update)
