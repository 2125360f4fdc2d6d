"""What a rubric claims about parts: functions that give the values of a mistake cost its price."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from grader.execution.asking.about import about
from grader.faults import ReferenceFault
from grader.recording.model import ProbeResult, Recording, Returned, StepResult
from grader.rubric.kinds import DIRECT
from grader.rubric.model import Mistake, Question, Rubric
from grader.rubric.parts import Part
from grader.rubric.reference import Reference
from grader.scoring.grade import Scorer
from grader.scoring.hypothesis import Hypothesis, hypotheses
from grader.scoring.predictions import Predictions
from grader.scoring.probed.view import question_of
from grader.scoring.separation import told
from grader.scoring.verdict import PartVerdict
from grader.trial.model import Claim, Judged

_IDENTICAL = 1e-12


def part_claims_of(rubric: Rubric, reference: Reference) -> list[Claim]:
    """List what a rubric claims of the parts whose answers its reference predicts."""
    predictions = Predictions(reference)
    return [
        Claim(question, place, part=number)
        for question, number in _predicted(rubric)
        for place in range(len(_singly(rubric.question[question], number, predictions)))
    ]


def untried_of_parts(rubric: Rubric, reference: Reference) -> list[str]:
    """Name the mistakes of parts that no claim is about: what they lead to depends on the code."""
    predictions = Predictions(reference)
    tried = {
        (rubric.question[question].id, mistake.id)
        for question, number in _predicted(rubric)
        for hypothesis in _singly(rubric.question[question], number, predictions)
        for mistake in hypothesis.mistakes
    }
    return [
        f"{question.id}: {mistake.id}"
        for question in rubric.question
        for mistake in question.mistake
        if question.parts and (question.id, mistake.id) not in tried
    ]


class PartBench:
    """A rubric and its reference, ready to judge claims about parts."""

    def __init__(self, rubric: Rubric, reference: Reference) -> None:
        self._rubric = rubric
        self._predictions = Predictions(reference)
        self._scorer = Scorer(rubric, reference)
        self._owners = {part.name: part for q in rubric.question for part in q.parts if not part.of}

    def judge(self, claim: Claim, solution: Recording) -> Judged:
        """Have the solution's code give what is claimed, and hold the verdict against the claim."""
        question = self._rubric.question[claim.question]
        number = claim.part or 0
        part = question.parts[number]
        hypothesis = _singly(question, number, self._predictions)[claim.hypothesis]
        mistake = next(iter(hypothesis.mistakes), None)
        worth = part.worth.get(mistake.id, mistake.worth) if mistake else 1.0
        settings = ", ".join(f"{k} = {v!r}" for k, v in hypothesis.settings.items())
        judged = Judged(
            claim,
            f"{question.id}, {part.label}",
            mistake.id if mistake else "",
            settings,
            round(part.points * worth, 6),
        )
        try:
            return self._judged(judged, hypothesis, mistake, solution)
        except Exception as fault:  # whatever the teacher's code may raise
            return replace(judged, fault=told(fault))

    def _judged(
        self, judged: Judged, hypothesis: Hypothesis, mistake: Mistake | None, solution: Recording
    ) -> Judged:
        question, number = self._rubric.question[judged.claim.question], judged.claim.part or 0
        key = about(question.parts[number])
        asked = [one for one in solution.probes if one.about == key]
        made = [self._given(one, question.parts[number], hypothesis) for one in asked]
        if not made or any(one is None for one in made):
            return replace(judged, predicted=False)
        others = [one for one in solution.probes if one.about != key]
        recording = replace(solution, probes=(*others, *filter(None, made)))
        grade = self._scorer.grade(recording)
        verdict = next(one for one in grade.verdicts if one.question == question.id)
        part = verdict.parts[number]
        return replace(
            judged,
            got=part.points,
            named=_named(part, mistake),
            needs_review=part.needs_review,
            coincides=mistake is not None and self._is_right(question, number, made[0], hypothesis),
        )

    def _given(self, asked: ProbeResult, part: Part, hypothesis: Hypothesis) -> ProbeResult | None:
        """Put what is predicted in the place of what was given; None where nothing is."""
        predicted = self._predicted(asked, hypothesis)
        if predicted is None:
            return None
        predicted |= self._own(asked, part, hypothesis)
        steps = (_giving(step, predicted) for step in asked.steps)
        return replace(asked, steps=tuple(steps))

    def _own(
        self, asked: ProbeResult, part: Part, hypothesis: Hypothesis
    ) -> Mapping[str, np.ndarray]:
        """Predict the loss of a gradient by the gradient's own conventions, wherever it is asked.

        A gradient that is right by itself and does not go with its loss is no claim of a rubric.
        """
        owner = self._owners.get(part.of or "") if part.probe == "loss" else None
        if owner is None or owner.expect is None:
            return {}
        known = self._predictions.reference.family(owner.expect).settings
        chosen = hypothesis.conventions.keys() & known.keys()
        settings = {name: hypothesis.settings[name] for name in chosen}
        loss = Hypothesis(owner.expect, settings, {})
        found: dict[str, np.ndarray] = {}
        for case in range(len(asked.labels)):
            arguments = asked.arguments(case)
            found |= {f"own{case}": self._loss(loss, arguments)}
            for way, moved in zip(("across", "around"), arguments, strict=False):
                rows = asked.inputs.get(f"{way}_moved{case}", np.zeros(0))
                values = [self._loss(loss, {**arguments, moved: row}) for row in rows]
                found[f"{way}{case}"] = np.array(values)
        return found

    def _loss(self, hypothesis: Hypothesis, arguments: Mapping[str, np.ndarray]) -> np.ndarray:
        parts = self._predictions.ask(hypothesis, {**self._predictions.given, **arguments})
        found = (parts or {"": np.array(np.nan)}).values()
        return np.asarray(next(iter(found)), dtype=float)

    def _predicted(
        self, asked: ProbeResult, hypothesis: Hypothesis
    ) -> dict[str, np.ndarray] | None:
        """Predict every case, by the names of the steps that give it."""
        found: dict[str, np.ndarray] = {}
        for case in range(len(asked.labels)):
            given = {**self._predictions.given, **asked.arguments(case)}
            parts = self._predictions.ask(hypothesis, given)
            if parts is None:
                return None
            if len(parts) != 1:
                raise ReferenceFault(f"{hypothesis.expect} predicts more than one value")
            found[f"case{case}"] = np.asarray(next(iter(parts.values())))
        return found

    def _is_right(
        self, question: Question, number: int, made: ProbeResult | None, wrong: Hypothesis
    ) -> bool:
        """Say whether a mistake's predictions are those of a right answer."""
        if made is None:
            return False
        mistaken = self._predicted(made, wrong) or {}
        for right in _singly(question, number, self._predictions):
            values = None if right.mistakes else self._predicted(made, right)
            if values is not None and _distance(values, mistaken) <= _IDENTICAL:
                return True
        return False


def _predicted(rubric: Rubric) -> Iterator[tuple[int, int]]:
    """Yield the parts whose answers are predicted from their inputs, by their numbers."""
    for place, question in enumerate(rubric.question):
        for number, part in enumerate(question.parts):
            if part.probe in DIRECT and part.expect is not None:
                yield place, number


def _singly(question: Question, number: int, predictions: Predictions) -> list[Hypothesis]:
    part: Part = question.parts[number]
    found = hypotheses(question_of(question, part, predictions))
    return [one for one in found if len(one.mistakes) < 2]


def _giving(step: StepResult, predicted: Mapping[str, np.ndarray]) -> StepResult:
    if step.name not in predicted:
        return step
    array = np.asarray(predicted[step.name])
    kind = "ndarray" if array.ndim else "float64"
    values = {"": Returned(array, "numpy")}
    return replace(step, type=kind, error="", warnings=(), changed=(), values=values)


def _named(part: PartVerdict, mistake: Mistake | None) -> tuple[str, ...]:
    """Name the mistakes of a verdict; one that costs nothing is told as a remark."""
    if mistake is not None and not part.mistakes and mistake.says in part.remarks:
        return (mistake.id,)
    return part.mistakes


def _distance(one: Mapping[str, np.ndarray], other: Mapping[str, np.ndarray]) -> float:
    if {k: v.shape for k, v in one.items()} != {k: v.shape for k, v in other.items()}:
        return float("inf")
    return max(float(np.max(np.abs(one[k] - other[k]), initial=0.0)) for k in one)
