"""How well a rubric's ways of random training can be told apart by their results alone."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from grader.rubric.model import Question, Rubric
from grader.rubric.reference import Reference
from grader.scoring.attribution import Attribution, Shapes, is_same
from grader.scoring.distribution import Distribution, Listed
from grader.scoring.hypothesis import Hypothesis, hypotheses, narrowed
from grader.scoring.predictions import Predictions
from grader.scoring.simulation import simulate
from grader.scoring.simulations import SCREENED, Simulations

RIGHT, UNDECIDED, NONE = "right", "undecided", "none"
_SEED = 1  # another than that of the distributions that are tested
_DECIMALS = 4
_FEWEST = 64  # trainings are simulated, however few are asked for

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
        fitting: the share of trainings of each kind that fit another kind, (done, done);
            0 for their own.
    """

    question: str
    decimals: int | None
    alike: bool
    done: tuple[str, ...]
    said: tuple[str, ...]
    counts: np.ndarray
    fitting: np.ndarray

    @property
    def worst(self) -> tuple[str, str, float] | None:
        """What was done, what else most of its results fit, and their share; None for none."""
        if not self.fitting.any():
            return None
        one, other = np.unravel_index(np.argmax(self.fitting), self.fitting.shape)
        return self.done[one], self.done[other], float(self.fitting[one, other])


@dataclass(frozen=True)
class _Trainings:
    """Results (T, D) of trainings, which way each was done (T,), and the shapes of their parts."""

    results: np.ndarray
    ways: np.ndarray
    shapes: Shapes


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
    for question in rubric.question:
        if question.draws:
            tolerance = question.tolerance or rubric.tolerance
            known = Attribution(question, tolerance, hypotheses(question), simulations)
            earlier = [one for one in rubric.question if one.id in question.follows]
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
    described = []
    for number, hypothesis in enumerate(known.hypotheses):
        progress(question.id, number, len(known.hypotheses))
        distribution = known.distribution(hypothesis)
        if distribution is not None:
            described.append((hypothesis, distribution))
    progress(question.id, len(known.hypotheses), len(known.hypotheses))
    described = _telling(described)
    ways = [hypothesis for hypothesis, _ in described]
    kinds = tuple(dict.fromkeys(map(kind_of, ways)))
    made = _made(question, ways, predictions, trainings)
    if made is None:
        return
    done = np.array([kinds.index(kind_of(way)) for way in ways])[made.ways]
    for alike in (True, False) if earlier else (False,):
        together = _together(ways, earlier if alike else ())[made.ways]
        for decimals in (None, _DECIMALS):
            said = _told(known, described, made, decimals, kinds, together)
            figures = said.counts(done), said.fitting(done)
            yield Confusion(
                question.id, decimals, alike, kinds, (*kinds, UNDECIDED, NONE), *figures
            )


def _together(ways: Sequence[Hypothesis], earlier: Sequence[Question]) -> np.ndarray:
    """Say of each way which others are considered when it was done, (ways, ways).

    What earlier questions leave open is known from their answers, and so are the mistakes
    they would show.
    """
    names = {name for question in earlier for name in question.accept}
    shown = {mistake.id for question in earlier for mistake in question.mistake}
    rows = []
    for done in ways:
        conventions = {n: v for n, v in done.conventions.items() if n in names}
        like = narrowed(ways, conventions, shown - {mistake.id for mistake in done.mistakes})
        rows.append([any(way is one for one in like) for way in ways])
    return np.array(rows, dtype=bool)


def _telling(
    described: Sequence[tuple[Hypothesis, Distribution]],
) -> list[tuple[Hypothesis, Distribution]]:
    """Leave out what leads to the same results as one that is worth as much or more."""
    found: list[tuple[Hypothesis, Distribution]] = []
    for hypothesis, distribution in described:
        if not any(is_same(distribution, other) for _, other in found):
            found.append((hypothesis, distribution))
    return found


def _made(
    question: Question,
    done: Sequence[Hypothesis],
    predictions: Predictions,
    trainings: int,
) -> _Trainings | None:
    """Make trainings under each hypothesis, other than those its distribution was drawn from."""
    count = max(trainings, _FEWEST)
    simulated = [(h, simulate(predictions, question, h, count, _SEED)) for h in done]
    found = [(way, some) for way, (_, some) in enumerate(simulated) if some is not None]
    if not found:
        return None
    random = np.random.default_rng(_SEED)
    results = [random.permutation(some.results)[:trainings] for _, some in found]
    ways = np.repeat([way for way, _ in found], [len(some) for some in results])
    return _Trainings(np.concatenate(results), ways, found[0][1].shapes)


def _told(
    known: Attribution,
    described: Sequence[tuple[Hypothesis, Distribution]],
    made: _Trainings,
    decimals: int | None,
    kinds: Sequence[str],
    together: np.ndarray,
) -> "_Said":
    """Tell the kinds of all trainings.

    Args:
        known: tests results.
        described: the ways of training.
        made: the trainings.
        decimals: how many are known of them.
        kinds: all there are.
        together: which ways are considered for each training, (T, ways).

    """
    results = made.results if decimals is None else np.round(made.results, decimals)
    rounding = 0.0 if decimals is None else 0.5 * 10.0**-decimals
    said = _Said(len(results), len(kinds))
    for way, (hypothesis, distribution) in enumerate(described):
        slack = known.slack(distribution, np.full(results.shape[1], rounding), made.shapes)
        rough = known.distribution(hypothesis, SCREENED)
        near = np.flatnonzero(together[:, way])
        if rough is not None and not isinstance(rough, Listed):
            near = near[~rough.is_far(results[near], slack)]
        tested = distribution.test(results[near], slack)
        kind, fits = kinds.index(kind_of(hypothesis)), tested.fits
        said.add(near[fits], kind, hypothesis.worth, tested.likelihood[fits])
    return said


class _Said:
    """What trainings fit, hypothesis after hypothesis."""

    def __init__(self, trainings: int, kinds: int) -> None:
        self._kinds = kinds
        self._fits = np.zeros((trainings, kinds), dtype=bool)
        self._best = np.full(trainings, -np.inf)
        self._kind = np.full(trainings, kinds + 1)  # none
        self._least, self._most = np.full(trainings, np.inf), np.full(trainings, -np.inf)

    def add(self, rows: np.ndarray, kind: int, worth: float, likelihood: np.ndarray) -> None:
        """Note that some trainings fit a hypothesis of a kind."""
        self._fits[rows, kind] = True
        self._least[rows] = np.minimum(self._least[rows], worth)
        self._most[rows] = np.maximum(self._most[rows], worth)
        likelier = rows[likelihood > self._best[rows]]
        self._kind[likelier] = kind
        self._best[rows] = np.maximum(self._best[rows], likelihood)

    def counts(self, done: np.ndarray) -> np.ndarray:
        """Count what trainings of each kind were said to be."""
        said = np.where(self._most > self._least + 1e-6, self._kinds, self._kind)
        counts = np.zeros((self._kinds, self._kinds + 2), dtype=np.int64)
        np.add.at(counts, (done, said), 1)
        return counts

    def fitting(self, done: np.ndarray) -> np.ndarray:
        """Return the share of each kind's trainings that fit another kind."""
        shares = np.zeros((self._kinds, self._kinds))
        for kind in range(self._kinds):
            of_kind = self._fits[done == kind]
            shares[kind] = of_kind.mean(axis=0) if len(of_kind) else 0.0
            shares[kind, kind] = 0.0
        return shares


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
    worst = confusion.worst
    if worst is None:
        yield "  no training fits what it is not"
    else:
        yield f"  worst pair: {worst[2]:.1%} of {worst[0]} could also be {worst[1]}"
