"""Everything a rubric claims to accept and to price, put to the test one by one."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from grader.rubric.model import Mistake, Question, Rubric
from grader.rubric.reference import Reference
from grader.scoring.grade import Scorer
from grader.scoring.hypothesis import Hypothesis, hypotheses
from grader.scoring.predictions import Predictions
from grader.scoring.separation import told
from grader.trial.model import Claim, Judged
from grader.trial.synthesis import Predicted, changed_constants, path_for, predict, record

_IDENTICAL = 1e-12
_DETECTED = "typed-in"
_OTHERS = ("needs", "follows", "own_results")  # what a question says of others


def claims_of(rubric: Rubric) -> list[Claim]:
    """List what a rubric claims: every convention, and every mistake under each of them."""
    return [
        claim
        for number, question in enumerate(rubric.question)
        if question.expect
        for claim in _of(number, question)
    ]


def single_hypotheses(question: Question) -> list[Hypothesis]:
    """List the hypotheses of a question that combine no mistakes."""
    return [h for h in hypotheses(question) if len(h.mistakes) < 2]


def untried_mistakes(question: Question) -> list[str]:
    """Name the mistakes that no claim is about: nothing says what values they lead to."""
    if not question.expect:
        return []
    tried = {h.mistakes[0].id for h in single_hypotheses(question) if h.mistakes} | {_DETECTED}
    return list(dict.fromkeys(m.id for m in question.mistake if m.id not in tried))


def _of(number: int, question: Question) -> Iterator[Claim]:
    singly = single_hypotheses(question)
    for place, hypothesis in enumerate(singly):
        mistake = next(iter(hypothesis.mistakes), None)
        if mistake is None or not mistake.given:
            yield Claim(number, place)
        elif mistake.values == "computed":
            yield Claim(number, place, tuple(mistake.given))
        else:  # a person mistypes one matrix, not all
            yield from (Claim(number, place, (name,)) for name in mistake.given)
    if any(mistake.id == _DETECTED for mistake in question.mistake):
        yield Claim(number, 0, literal=True)


class Bench:
    """A rubric and its reference, ready to judge claims."""

    def __init__(self, rubric: Rubric, reference: Reference) -> None:
        self._rubric = rubric
        self._reference = reference
        self._predictions = Predictions(reference)
        self._scorers: dict[int, Scorer] = {}
        self._singly: dict[int, list[Hypothesis]] = {}
        self._right: dict[int, list[Predicted]] = {}

    def judge(self, claim: Claim) -> Judged:
        """Make up a recording of what is claimed, and hold the verdict against the claim."""
        question = self._rubric.question[claim.question]
        hypothesis = self._hypotheses(claim.question)[claim.hypothesis]
        mistake = next(iter(hypothesis.mistakes), None)
        name = _DETECTED if claim.literal else (mistake.id if mistake else "")
        worth = 0.0 if claim.literal else hypothesis.worth
        wanted = round(question.points * worth, 6)
        judged = Judged(claim, question.id, name, _told(hypothesis, claim), wanted)
        try:
            return self._judged(judged, question, hypothesis, mistake)
        except Exception as fault:  # whatever the teacher's code may raise
            return replace(judged, fault=told(fault))

    def _judged(
        self, judged: Judged, question: Question, hypothesis: Hypothesis, mistake: Mistake | None
    ) -> Judged:
        claim, given = judged.claim, self._predictions.given
        changed = changed_constants(mistake, claim.changed, given, question) if mistake else {}
        predicted = predict(hypothesis, question, self._predictions, changed)
        if predicted is None:
            return replace(judged, predicted=False)
        named = {
            name: (path_for(name, mistake.given[name] if mistake else "*"), value)
            for name, value in changed.items()
        }
        recording = record(predicted, question, given, named, literal=claim.literal)
        [verdict] = self._scorer(claim.question).grade(recording).verdicts
        return replace(
            judged,
            got=verdict.points,
            named=verdict.mistakes,
            needs_review=verdict.needs_review,
            coincides=mistake is not None and self._is_right(claim.question, predicted),
        )

    def _hypotheses(self, number: int) -> list[Hypothesis]:
        if number not in self._singly:
            self._singly[number] = single_hypotheses(self._rubric.question[number])
        return self._singly[number]

    def _scorer(self, number: int) -> Scorer:
        """Return a scorer of one question alone: what it follows is not there to be judged."""
        if number not in self._scorers:
            question = self._rubric.question[number]
            fields = type(question).model_fields
            kept = {name: fields[name].get_default(call_default_factory=True) for name in _OTHERS}
            alone = question.model_copy(update=kept)
            rubric = self._rubric.model_copy(update={"question": [alone]})
            self._scorers[number] = Scorer(rubric, self._reference)
        return self._scorers[number]

    def _is_right(self, number: int, predicted: Predicted) -> bool:
        """Say whether a mistake's prediction is that of a right answer, by the same draws."""
        question = self._rubric.question[number]
        if number not in self._right:
            right = [h for h in self._hypotheses(number) if not h.mistakes]
            found = (predict(h, question, self._predictions, {}) for h in right)
            self._right[number] = [p for p in found if p is not None]
        return any(_distance(predicted, right) <= _IDENTICAL for right in self._right[number])


def _distance(one: Predicted, other: Predicted) -> float:
    if {k: v.shape for k, v in one.parts.items()} != {k: v.shape for k, v in other.parts.items()}:
        return float("inf")
    return max(float(np.max(np.abs(one.parts[k] - other.parts[k]), initial=0.0)) for k in one.parts)


def _told(hypothesis: Hypothesis, claim: Claim) -> str:
    settings = [f"{name} = {value!r}" for name, value in hypothesis.settings.items()]
    other = (
        [f"expect = {hypothesis.expect!r}"] if any(m.expect for m in hypothesis.mistakes) else []
    )
    changed = [f"{name} changed" for name in claim.changed]
    return ", ".join([*settings, *other, *changed])


def failing(judged: Sequence[Judged]) -> list[Judged]:
    """Return the claims that do not hold.

    One that predicts a right value can hold nowhere, and is none as long as another setting
    of its mistake tells it.
    """
    told_apart = {(j.question, j.mistake) for j in judged if j.predicted and not j.coincides}
    return [
        one
        for one in judged
        if one.predicted
        and not one.holds
        and not (one.coincides and (one.question, one.mistake) in told_apart)
    ]


def never_predicted(judged: Sequence[Judged]) -> list[tuple[str, str]]:
    """Name the questions and mistakes of which no setting predicts anything."""
    predicted = {(j.question, j.mistake) for j in judged if j.predicted}
    every = dict.fromkeys((j.question, j.mistake) for j in judged)
    return [pair for pair in every if pair not in predicted]
