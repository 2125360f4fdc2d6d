"""What simulated trainings are taken for by their results alone, as a verdict would."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from grader.rubric.model import Question
from grader.scoring.hypothesis import Hypothesis, narrowed
from grader.scoring.predictions import Predictions
from grader.scoring.random.attribution import Attribution, Shapes, is_same
from grader.scoring.random.distribution import Listed
from grader.scoring.random.ratios import EXACT, Way, precision_of
from grader.scoring.random.simulation import simulate
from grader.scoring.random.simulations import SCREENED

_SEED = 1  # another than those of what is tested against
_FEWEST = 64  # trainings are simulated, however few are asked for
_SAME_PRICE = 1e-6


@dataclass(frozen=True)
class Trainings:
    """Results (T, D) of trainings, which way each was done (T,), and the shapes of their parts."""

    results: np.ndarray
    ways: np.ndarray
    shapes: Shapes


@dataclass(frozen=True)
class Fitting:
    """Which of the ways trainings fit, and the logarithms of their likelihoods, (T, ways)."""

    decimals: int
    fits: np.ndarray
    likelihood: np.ndarray


@dataclass(frozen=True)
class Told:
    """What trainings are taken for.

    Args:
        remaining: which ways they may have been done in, (T, ways).
        likeliest: the likeliest of these, (T,); meaningless where there are none.
        decided: whether there are any, and all worth the same, (T,).
    """

    remaining: np.ndarray
    likeliest: np.ndarray
    decided: np.ndarray


def distinct(ways: Sequence[Way]) -> list[Way]:
    """Leave out what leads to the same results as one that is worth as much or more."""
    found: list[Way] = []
    for hypothesis, distribution in ways:
        if not any(is_same(distribution, other) for _, other in found):
            found.append((hypothesis, distribution))
    return found


def together(ways: Sequence[Hypothesis], earlier: Sequence[Question]) -> np.ndarray:
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


def trainings_of(
    predictions: Predictions, question: Question, ways: Sequence[Hypothesis], trainings: int
) -> Trainings | None:
    """Make trainings of each way, other than those its distribution was drawn from."""
    count = max(trainings, _FEWEST)
    simulated = [(n, simulate(predictions, question, h, count, _SEED)) for n, h in enumerate(ways)]
    found = [(way, some) for way, some in simulated if some is not None]
    if not found:
        return None
    random = np.random.default_rng(_SEED)
    results = [random.permutation(some.results)[:trainings] for _, some in found]
    done = np.repeat([way for way, _ in found], [len(some) for some in results])
    return Trainings(np.concatenate(results), done, found[0][1].shapes)


def fitting(
    known: Attribution, ways: Sequence[Way], made: Trainings, decimals: int | None
) -> Fitting:
    """Hold trainings, of which so many decimals are known, against all ways."""
    results = made.results if decimals is None else np.round(made.results, decimals)
    kept = EXACT if decimals is None else decimals
    fits = np.zeros((len(results), len(ways)), dtype=bool)
    likelihood = np.full(fits.shape, -np.inf)
    for way, (hypothesis, distribution) in enumerate(ways):
        slack = known.slack(distribution, precision_of(kept, distribution), made.shapes)
        rough = known.distribution(hypothesis, SCREENED)
        near = np.arange(len(results))
        if rough is not None and not isinstance(rough, Listed):
            near = near[~rough.is_far(results, slack)]
        near = near[distribution.test(results[near], slack).fits]
        fits[near, way] = True
        likelihood[near, way] = distribution.likelihood(results[near], slack)
    return Fitting(kept, fits, likelihood)


def told(
    known: Attribution,
    ways: Sequence[Way],
    made: Trainings,
    found: Fitting,
    considered: np.ndarray,
) -> Told:
    """Tell trainings by what they fit.

    Args:
        known: says which ways others outdo.
        ways: all there are.
        made: the trainings.
        found: what they fit.
        considered: which of it is considered, (T, ways).

    """
    fits = found.fits & considered
    left = known.remaining(ways, fits, found.likelihood, found.decimals, made.shapes)
    worth = np.array([hypothesis.worth for hypothesis, _ in ways])
    least = np.where(left, worth, np.inf).min(axis=1)
    most = np.where(left, worth, -np.inf).max(axis=1)
    likeliest = np.where(left, found.likelihood, -np.inf).argmax(axis=1)
    return Told(left, likeliest, left.any(axis=1) & (most <= least + _SAME_PRICE))
