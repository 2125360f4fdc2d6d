"""What an edition has of the code that a question asks for, made when it is published."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from grader.execution.asking.cases import Case, cases_of, flat
from grader.faults import ReferenceFault
from grader.recording.model import ProbeResult, Recording
from grader.rubric.kinds import DIRECT, TRAINED
from grader.rubric.model import Question, Rubric
from grader.rubric.parts import Part
from grader.rubric.reference import Reference
from grader.scoring.predictions import Predictions
from grader.scoring.probed.code import Code
from grader.scoring.probed.view import View
from grader.sealing.certain import Known
from grader.sealing.coded import Coded

MOST_NUMBERS = 2**13  # of all inputs of a part

log = logging.getLogger("grader")


@dataclass(frozen=True)
class Asked:
    """The parts of all questions, and what those that are asked are called with."""

    code: Mapping[str, Sequence[Coded]] = field(default_factory=dict)
    parts: Mapping[str, Sequence[Part]] = field(default_factory=dict)
    cases: Mapping[str, Sequence[Case]] = field(default_factory=dict)

    def in_rubric(self, rubric: Rubric) -> Rubric:
        """Return a student's rubric with the parts that are asked."""
        asked = [
            one.model_copy(update={"parts": list(self.parts.get(one.id, ()))})
            for one in rubric.question
        ]
        return rubric.model_copy(update={"question": asked})


def asked_parts(rubric: Rubric, predictions: Predictions, seed: int) -> Asked:
    """Choose the parts that are asked, and say what fails them for certain.

    Args:
        rubric: the teacher's.
        predictions: of its reference.
        seed: of the inputs; the notebooks that are handed in are called with others.

    """
    asking = [question for question in rubric.public if question.parts]
    cases = _cases(asking, predictions.reference, seed)
    code = {
        question.id: [_coded(rubric, question, part, predictions, cases) for part in question.parts]
        for question in asking
    }
    parts = {
        question.id: [_stripped(p) for p in question.parts if _is_asked(p, cases)]
        for question in asking
    }
    wanted = {part.inputs for some in parts.values() for part in some}
    return Asked(code, parts, {name: one for name, one in cases.items() if name in wanted})


def _cases(
    questions: Sequence[Question], reference: Reference, seed: int
) -> dict[str, Sequence[Case]]:
    """Make the inputs that are small enough to be handed out, and need no data."""
    found: dict[str, Sequence[Case]] = {}
    for part in (part for question in questions for part in question.parts):
        if part.inputs is None or part.probe in TRAINED:
            continue
        try:
            cases = cases_of(part, reference, seed, {})
        except ReferenceFault:
            continue
        if sum(a.size for case in cases for a in case.arguments.values()) <= MOST_NUMBERS:
            found[part.inputs] = cases
    return found


def _is_asked(part: Part, cases: Mapping[str, Sequence[Case]]) -> bool:
    return part.probe not in TRAINED and (part.inputs is None or part.inputs in cases)


def _stripped(part: Part) -> Part:
    """Return a part without what the reference is asked, and what findings are worth."""
    return part.model_copy(update={"expect": None, "accept": {}, "worth": {}, "threshold": None})


def _coded(
    rubric: Rubric,
    question: Question,
    part: Part,
    predictions: Predictions,
    cases: Mapping[str, Sequence[Case]],
) -> Coded:
    asked = _is_asked(part, cases)
    quiet = any(mistake.hidden for mistake in question.mistake)
    plain = Coded(part=part.name, asked=asked, quiet=quiet)
    if not asked or part.probe not in DIRECT or part.inputs is None:
        return plain
    inputs = cases[part.inputs]
    result = ProbeResult(
        "", part.name, None, tuple(c.label for c in inputs), flat(list(inputs)), ()
    )
    nothing = Recording(submission="", file="", key="")
    tolerance = question.tolerance or rubric.tolerance
    view = View(question, part, result, nothing, Code(None), predictions, tolerance)
    try:
        known = Known(view)
        return plain.model_copy(update={"fails": known.fails, "shapes": known.shapes})
    except Exception as fault:
        log.warning("%s: nothing is known of %s: %s", question.id, part.name, fault)
        return plain
