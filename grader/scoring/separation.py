"""Whether a rubric's hypotheses can be told apart at the tolerance used."""

import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import combinations
from pathlib import Path

import numpy as np

from grader.faults import ReferenceFault
from grader.rubric.model import Question, Rubric, Tolerance
from grader.rubric.reference import Reference
from grader.scoring.answerable import (
    AskedPart,
    asked_part,
    check_inputs,
    parts_asked,
    predict_all,
    unanswered,
)
from grader.scoring.hypothesis import Hypothesis, hypotheses
from grader.scoring.predictions import Parts, Predictions
from grader.scoring.replay import Streams

_IDENTICAL = 1e-12
_SEED = 20
Predicted = tuple[Hypothesis, Parts]


def check_separation(rubric: Rubric, reference: Reference) -> list[str]:
    """Name the hypotheses of a rubric that predict the same value and are worth another mark.

    A mistake that changes nothing under some conventions is no problem there; one that
    changes nothing under any, or less than the tolerance, could never be told.
    """
    predictions = Predictions(reference)
    problems: dict[str, None] = {}
    for question in rubric.valued:
        tolerance = question.tolerance or rubric.tolerance
        try:
            found = list(_question_problems(question, tolerance, predictions))
        except Exception as fault:  # whatever the teacher's code may raise
            found = [told(fault)]
        for problem in found:
            problems[f'question "{question.id}": {problem}'] = None
    apart = partial(_parts_apart, tolerance=rubric.tolerance)
    return [*problems, *_part_problems(rubric, predictions, apart)]


def check_predictions(rubric: Rubric, reference: Reference) -> list[str]:
    """Name the questions whose right answer the reference does not predict."""
    predictions = Predictions(reference)
    problems = []
    for question in rubric.valued:
        try:
            right = [h for h in hypotheses(question) if not h.mistakes]
            predicted = [_predict(hypothesis, question, predictions) for hypothesis in right]
        except Exception as fault:  # whatever the teacher's code may raise
            problems.append(f'question "{question.id}": {told(fault)}')
        else:
            if not any(predicted):
                said = f'the function "{question.expect}" predicts no right answer'
                problems.append(f'question "{question.id}": {said}')
    inputs = check_inputs(rubric, reference)
    return problems + (inputs or _part_problems(rubric, predictions, unanswered))


def told(fault: Exception) -> str:
    """Say in one line what a reference raised, and where."""
    if isinstance(fault, ReferenceFault):
        return str(fault)
    last = traceback.extract_tb(fault.__traceback__)[-1]
    where = f"{Path(last.filename).name}, line {last.lineno}"
    return f"the reference raised {type(fault).__name__}: {fault} ({where})"


def _part_problems(
    rubric: Rubric,
    predictions: Predictions,
    look: Callable[[AskedPart, Predictions], Iterable[str]],
) -> list[str]:
    """Look at every part whose answers are predicted from its inputs alone."""
    problems: dict[str, None] = {}
    for question, part in parts_asked(rubric, predictions.reference):
        named = f'question "{question.id}", part "{part.name}"'
        try:
            found = list(look(asked_part(question, part, predictions), predictions))
        except Exception as fault:  # whatever the teacher's code may raise
            found = [told(fault)]
        problems |= {f"{named}: {problem}": None for problem in found}
    return list(problems)


def _parts_apart(asked: AskedPart, predictions: Predictions, tolerance: Tolerance) -> Iterator[str]:
    declared = asked.hypotheses
    predicted = [(h, parts) for h in declared if (parts := predict_all(h, asked, predictions))]
    return _confused(predicted, asked.question.tolerance or tolerance)


def _question_problems(
    question: Question, tolerance: Tolerance, predictions: Predictions
) -> Iterator[str]:
    declared = [h for h in hypotheses(question) if len(h.mistakes) < 2 and not h.borrowed]
    predicted = [(h, parts) for h in declared if (parts := _predict(h, question, predictions))]
    return _confused(predicted, tolerance)


def _confused(predicted: Sequence[Predicted], tolerance: Tolerance) -> Iterator[str]:
    """Name the hypotheses that cannot be told apart by what they predict."""
    right = [p for p in predicted if not p[0].mistakes]
    wrong = [p for p in predicted if p[0].mistakes]
    telling = [p for p in wrong if not any(_distance(p, other) <= _IDENTICAL for other in right)]
    for name in _names(wrong):
        if name not in _names(telling):
            yield f"{name} predicts the right value: it can never be told from a right answer"
    for one, other in combinations([*right, *telling], 2):
        if _priced_alike(one[0], other[0]):
            continue
        if _distance(one, other) <= 2 * tolerance.atol + 2 * tolerance.rtol * _scale(one[1]):
            yield (
                f"{_name(one[0])} and {_name(other[0])} cannot be told apart: they differ by "
                f"{_distance(one, other):.1g}, less than the tolerance"
            )


def _predict(hypothesis: Hypothesis, question: Question, predictions: Predictions) -> Parts | None:
    """Predict a hypothesis; for random training, on streams of flags drawn here."""
    parts = predictions.of(hypothesis)
    if parts or not question.draws or not question.rate:
        return parts
    count = predictions.flags_needed(question.draws, hypothesis)
    if not count:
        return None
    rate = float(predictions.given[question.rate])
    parts = predictions.ask(hypothesis, predictions.given, _sample_streams(count, rate))
    if parts is None:
        return None
    rows = np.flatnonzero([np.isfinite(row).all() for row in next(iter(parts.values()))])
    return {name: part[rows[0]] for name, part in parts.items()} if rows.size else None


def _sample_streams(count: int, rate: float) -> Streams:
    """Draw flags kept at 1 - rate and at rate, and such as a seed reset in every epoch gives."""
    uniform = np.random.default_rng(_SEED).random(count)
    flags, kept = [], []
    for keep in (1 - rate, rate):
        flags.append(uniform < keep)
        kept.append(keep)
    return Streams(np.stack(flags).astype(np.float64), np.array(kept))


def _distance(one: Predicted, other: Predicted) -> float:
    """Return the largest difference of two predictions; infinity where the shapes differ."""
    if {k: v.shape for k, v in one[1].items()} != {k: v.shape for k, v in other[1].items()}:
        return float("inf")
    return max(float(np.max(np.abs(one[1][k] - other[1][k]), initial=0.0)) for k in one[1])


def _scale(parts: Parts) -> float:
    return max(float(np.max(np.abs(part), initial=0.0)) for part in parts.values())


def _priced_alike(one: Hypothesis, other: Hypothesis) -> bool:
    return [m.id for m in one.mistakes] == [m.id for m in other.mistakes]


def _names(predicted: Sequence[Predicted]) -> list[str]:
    return list(dict.fromkeys(_name(hypothesis) for hypothesis, _ in predicted))


def _name(hypothesis: Hypothesis) -> str:
    if not hypothesis.mistakes:
        return "a right answer"
    settings = {name for mistake in hypothesis.mistakes for name in mistake.when}
    how = ", ".join(f"{name} = {hypothesis.settings[name]!r}" for name in sorted(settings))
    return f'mistake "{hypothesis.mistakes[0].id}"' + (f" ({how})" if how else "")
