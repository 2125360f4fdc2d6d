"""How well a rubric's ways of random training can be told apart by their results alone."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from grader.rubric.model import Question, Rubric
from grader.rubric.reference import Reference
from grader.scoring.hypothesis import Hypothesis, hypotheses
from grader.scoring.predictions import Predictions
from grader.scoring.random.attribution import Attribution
from grader.scoring.random.ratios import Way
from grader.scoring.random.simulations import Simulations
from grader.scoring.random.telling import Told, distinct, fitting, together, told, trainings_of

RIGHT, UNDECIDED, NONE = "right", "undecided", "none"
_DECIMALS = 4
_SAME_PRICE = 1e-6

Progress = Callable[[str, int, int], Any]
"""Told the question, how many of its hypotheses were simulated, and how many there are."""


@dataclass(frozen=True)
class Confusion:
    """What trainings were said to be, by what they were.

    Args:
        question: its id.
        decimals: how many are known of the results; None for all.
        alike: whether only ways of training were considered that go with the answers the
            question follows from, as a verdict first does.
        done: what was done: RIGHT, or the id of the mistake made.
        said: the same, then UNDECIDED and NONE.
        counts: of trainings, (done, said).
        fitting: the share of trainings of each kind that could also be of another kind, worth
            something else, (done, done); 0 for their own.
        misjudged: how many were decided to be worth what they are not.
    """

    question: str
    decimals: int | None
    alike: bool
    done: tuple[str, ...]
    said: tuple[str, ...]
    counts: np.ndarray
    fitting: np.ndarray
    misjudged: int

    @property
    def worst(self) -> tuple[str, str, float] | None:
        """What was done, what else most of its results fit, and their share; None for none."""
        if not self.fitting.any():
            return None
        one, other = np.unravel_index(np.argmax(self.fitting), self.fitting.shape)
        return self.done[one], self.done[other], float(self.fitting[one, other])


def confusions(
    rubric: Rubric,
    reference: Reference,
    *,
    trainings: int = 60,
    folder: Path | None = None,
    progress: Progress = lambda question, done, of: None,
) -> list[Confusion]:
    """Simulate trainings of each kind and tell their kinds by the results.

    Of each question with random training: once with all digits, once with four decimals.

    Args:
        rubric: with the questions.
        reference: the families the hypotheses are settings of.
        trainings: how many are told apart of each hypothesis.
        folder: where distributions are kept, if not with the user's.
        progress: called before each hypothesis is simulated.

    """
    predictions = Predictions(reference)
    simulations = Simulations(predictions, folder)
    found: list[Confusion] = []
    for question in rubric.valued:
        if question.draws:
            tolerance = question.tolerance or rubric.tolerance
            known = Attribution(question, tolerance, hypotheses(question), simulations)
            earlier = [one for one in rubric.valued if one.id in question.follows]
            found += _of_question(question, earlier, known, predictions, trainings, progress)
    return found


def confusion_lines(found: Sequence[Confusion]) -> list[str]:
    """Write confusions as plain text, a table each."""
    return [line for confusion in found for line in _table(confusion)]


def kind_of(hypothesis: Hypothesis) -> str:
    """Name what was done: the mistake that costs points, if any."""
    return hypothesis.costly[0].id if hypothesis.costly else RIGHT


def _of_question(
    question: Question,
    earlier: Sequence[Question],
    known: Attribution,
    predictions: Predictions,
    trainings: int,
    progress: Progress,
) -> Iterator[Confusion]:
    ways = distinct(_described(question, known, progress))
    made = trainings_of(predictions, question, [way for way, _ in ways], trainings)
    if made is None:
        return
    found = {decimals: fitting(known, ways, made, decimals) for decimals in (None, _DECIMALS)}
    for alike in (True, False) if earlier else (False,):
        likes = together([way for way, _ in ways], earlier if alike else ())[made.ways]
        for decimals, fits in found.items():
            said = told(known, ways, made, fits, likes)
            yield _counted(question, decimals, alike, ways, made.ways, said)


def _described(question: Question, known: Attribution, progress: Progress) -> list[Way]:
    """Return the ways of training there are, with what they lead to."""
    found = []
    for number, hypothesis in enumerate(known.hypotheses):
        progress(question.id, number, len(known.hypotheses))
        distribution = known.distribution(hypothesis)
        if distribution is not None:
            found.append((hypothesis, distribution))
    progress(question.id, len(known.hypotheses), len(known.hypotheses))
    return found


def _counted(
    question: Question,
    decimals: int | None,
    alike: bool,
    ways: Sequence[Way],
    done: np.ndarray,
    said: Told,
) -> Confusion:
    """Count what trainings were taken for, by kinds."""
    kinds = tuple(dict.fromkeys(kind_of(hypothesis) for hypothesis, _ in ways))
    kind = np.array([kinds.index(kind_of(hypothesis)) for hypothesis, _ in ways])
    names = (*kinds, UNDECIDED, NONE)
    undecided = np.where(said.remaining.any(axis=1), names.index(UNDECIDED), names.index(NONE))
    counts = np.zeros((len(kinds), len(names)), dtype=np.int64)
    np.add.at(counts, (kind[done], np.where(said.decided, kind[said.likeliest], undecided)), 1)
    worth = np.array([hypothesis.worth for hypothesis, _ in ways])
    other = said.remaining & (np.abs(worth - worth[done][:, None]) > _SAME_PRICE)
    fits = np.stack([other[:, kind == one].any(axis=1) for one in range(len(kinds))])
    shares = np.stack([fits[:, kind[done] == one].mean(axis=1) for one in range(len(kinds))])
    np.fill_diagonal(shares, 0.0)
    wrong = said.decided & (np.abs(worth[said.likeliest] - worth[done]) > _SAME_PRICE)
    return Confusion(question.id, decimals, alike, kinds, names, counts, shares, int(wrong.sum()))


def _table(confusion: Confusion) -> Iterator[str]:
    digits = "all digits" if confusion.decimals is None else f"{confusion.decimals} decimals"
    how = "read like the answers it follows from" if confusion.alike else "read in any way"
    yield f'question "{confusion.question}", {how}, results known to {digits}'
    width = max(len(name) for name in confusion.done)
    for row, name in enumerate(confusion.done):
        total = int(confusion.counts[row].sum())
        if not total:
            continue
        shares = [
            f"{said} {count / total:.1%}"
            for said, count in zip(confusion.said, confusion.counts[row].tolist(), strict=True)
            if count
        ]
        yield f"  {name:<{width}}  {total:>6} trainings: {', '.join(shares)}"
    total = int(confusion.counts.sum())
    yield f"  decided to be worth what it is not: {confusion.misjudged} of {total} trainings"
    worst = confusion.worst
    if worst is None:
        yield "  no training fits what it is not"
    else:
        yield f"  worst pair: {worst[2]:.1%} of {worst[0]} could also be {worst[1]}"
