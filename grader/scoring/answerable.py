"""What a reference predicts for the inputs of parts: whether it does, and tells mistakes apart."""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass

from grader.execution.asking.cases import Case, Data, cases_of
from grader.faults import ReferenceFault
from grader.rubric.kinds import DIRECT
from grader.rubric.model import Question, Rubric
from grader.rubric.parts import Part
from grader.rubric.reference import Reference
from grader.scoring.hypothesis import Hypothesis, hypotheses
from grader.scoring.predictions import Parts, Predictions
from grader.scoring.probed.view import question_of

_SEED = 0


@dataclass(frozen=True)
class AskedPart:
    """A part, the question it is judged as, and the cases it is asked."""

    part: Part
    question: Question
    cases: tuple[Case, ...]

    @property
    def named(self) -> str:
        """How problems name it."""
        return f'question "{self.question.id}", part "{self.part.name}"'

    @property
    def hypotheses(self) -> list[Hypothesis]:
        """The hypotheses about it that combine no mistakes."""
        return [h for h in hypotheses(self.question) if len(h.mistakes) < 2]


def parts_asked(rubric: Rubric, reference: Reference) -> Iterator[tuple[Question, Part]]:
    """Yield the parts whose answers are predicted from inputs that need no data file."""
    for question in rubric.question:
        for part in question.parts:
            asked = part.expect is not None and part.inputs is not None
            if part.probe in DIRECT and asked and not _wants_data(part, reference):
                yield question, part


def asked_part(question: Question, part: Part, predictions: Predictions) -> AskedPart:
    """Put a part down with the cases of one seed.

    Raises:
        ReferenceFault: its inputs cannot be made.

    """
    cases = cases_of(part, predictions.reference, _SEED, {})
    return AskedPart(part, question_of(question, part, predictions), tuple(cases))


def check_inputs(rubric: Rubric, reference: Reference, data: Data | None = None) -> list[str]:
    """Name the parts whose inputs cannot be made; those of data files only where there are any."""
    problems = []
    for question in rubric.question:
        for part in question.parts:
            if part.inputs is None or (_wants_data(part, reference) and data is None):
                continue
            try:
                cases = cases_of(part, reference, _SEED, data or {})
            except ReferenceFault as fault:
                problems.append(f'question "{question.id}", part "{part.name}": {fault}')
            else:
                if not cases:
                    says = f"{part.inputs} makes no cases"
                    problems.append(f'question "{question.id}", part "{part.name}": {says}')
    return problems


def predict_all(hypothesis: Hypothesis, asked: AskedPart, predictions: Predictions) -> Parts | None:
    """Predict all cases of a part; None where one of them has no answer.

    Raises:
        ReferenceFault: an answer is not finite.

    """
    found: Parts = {}
    for case in asked.cases:
        try:
            parts = predictions.ask(hypothesis, {**predictions.given, **case.arguments})
        except ReferenceFault as fault:
            raise ReferenceFault(f"for {case.label}, {fault}") from fault
        if parts is None:
            return None
        found |= {f"{case.label}: {name}": value for name, value in parts.items()}
    return found


def unanswered(asked: AskedPart, predictions: Predictions) -> list[str]:
    """Name accepted conventions without an answer; a setting that makes no sense has none."""
    right = [h for h in asked.hypotheses if not h.mistakes]
    predicted = [predict_all(hypothesis, asked, predictions) for hypothesis in right]
    if any(predicted):
        return []
    return [f'the function "{asked.part.expect}" predicts no right answer']


def _wants_data(part: Part, reference: Reference) -> bool:
    maker = reference.makers.get(part.inputs or "")
    return maker is not None and len(inspect.signature(maker).parameters) > 1
