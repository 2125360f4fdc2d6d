"""Whether a question's tolerance lies between rounding and the nearest other hypothesis.

Two figures a question, both in units of what an entry may be off. *Margin*: the tolerance over
the largest difference between the reference and the same computed otherwise. What computes in
single precision is granted the slack that a value in single precision is granted when graded.
*Distance*: how far the nearest hypothesis of other worth lies, over the tolerance with that slack
wherever a value of the question may have it, which is everywhere but in NumPy. The rounding of
printed digits is in neither: a value printed coarsely may agree with more.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import combinations
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from grader.faults import ReferenceFault
from grader.rubric.loading import load_module
from grader.rubric.model import Question, Rubric, Tolerance
from grader.rubric.reference import Reference
from grader.rubric.toml import is_file
from grader.scoring.comparison import allowances, slacks
from grader.scoring.hypothesis import Hypothesis
from grader.scoring.predictions import Parts, Predictions
from grader.scoring.separation import told
from grader.trial.claims import single_hypotheses
from grader.trial.model import Calibration, Gap
from grader.trial.synthesis import predict

_IDENTICAL = 1e-12
_STREAMS = 32
_SEED = 31
Alternative = Callable[..., Mapping[str, np.ndarray] | None]


def calibrate(rubric: Rubric, reference: Reference, path: Path, number: int) -> Calibration:
    """Calibrate the tolerance of one question of the rubric at `path`."""
    question = rubric.question[number]
    tolerance = question.tolerance or rubric.tolerance
    try:
        offered = _offered(rubric.reference, path)
        return _Calibrator(question, tolerance, Predictions(reference), offered).calibration()
    except Exception as fault:  # whatever the teacher's code may raise
        return Calibration(question.id, None, None, fault=told(fault))


@dataclass(frozen=True)
class _Offered:
    """What a reference offers to be compared with, by family."""

    alternatives: Mapping[str, Sequence[Alternative]]
    bounds: Mapping[str, Alternative]


def _offered(name: str, rubric_path: Path) -> _Offered:
    """Read the alternatives of a reference, or of the module beside it called ..._rounding."""
    modules = [load_module(name, rubric_path)]
    beside = _beside(name, rubric_path)
    if beside:
        modules.append(load_module(beside, rubric_path))
    return _Offered(_merged(modules, "ALTERNATIVES"), _merged(modules, "BOUNDS"))


def _merged(modules: Sequence[ModuleType], name: str) -> dict[str, Any]:
    return {key: value for m in modules for key, value in getattr(m, name, {}).items()}


def _beside(name: str, rubric_path: Path) -> str | None:
    if name.endswith(".py"):
        beside = f"{name.removesuffix('.py')}_rounding.py"
        return beside if is_file(rubric_path.parent / beside) else None
    beside = f"{name}_rounding"
    return beside if find_spec(beside) else None


class _Calibrator:
    """One question, its predictions, and the same predicted otherwise."""

    def __init__(
        self,
        question: Question,
        tolerance: Tolerance,
        predictions: Predictions,
        offered: _Offered,
    ) -> None:
        self._question = question
        self._tolerance = tolerance
        self._predictions = predictions
        self._alternatives = offered.alternatives.get(question.predicted_by, ())
        self._bound = offered.bounds.get(question.predicted_by)
        self._singly = single_hypotheses(question)

    def calibration(self) -> Calibration:
        """Measure floor and distance."""
        measured = [m for h in self._singly if not h.mistakes for m in self._measured(h)]
        floor = max((m.gap for m in measured), key=lambda gap: gap.ratio, default=None)
        bounds = [m.bound for m in measured if m.bound is not None]
        return Calibration(
            self._question.id,
            floor,
            self._nearest(),
            beyond=max((m.beyond for m in measured), default=0.0),
            bound=max(bounds, default=None),
            exceeded=any(m.exceeded for m in measured),
        )

    def _measured(self, hypothesis: Hypothesis) -> Iterator["_Measured"]:
        """Compare a right answer with each alternative, over many streams where it is random."""
        asked = self._rows(hypothesis)
        if asked is None:
            return
        rows, keywords = asked
        given = self._predictions.given
        bound = self._bound(given, **keywords) if self._bound else None
        for alternative in self._alternatives:
            other = alternative(given, **keywords)
            if other is None or rows.keys() != other.keys():
                raise ReferenceFault(f"{_name(alternative)} predicts other parts")
            if not self._question.draws:
                other = {name: np.asarray(part)[None] for name, part in other.items()}
            yield self._compared(rows, other, _named(alternative, hypothesis), bound)

    def _compared(
        self, rows: Parts, other: Mapping[str, np.ndarray], name: str, bound: Any
    ) -> "_Measured":
        gaps, beyond, exceeded = [], np.zeros(len(next(iter(rows.values()))), dtype=bool), False
        for part, expected in rows.items():
            single = np.asarray(other[part]).dtype == np.float32
            allowed = self._allowed(expected, single=single)
            difference = np.abs(np.asarray(other[part], dtype=np.float64) - expected)
            worst = np.unravel_index(np.argmax(difference / allowed), difference.shape)
            gaps.append(Gap(float(difference[worst]), float(allowed[worst]), name))
            beyond |= (difference > allowed).reshape(len(difference), -1).any(axis=1)
            if bound is not None and single:
                exceeded = exceeded or bool((difference > bound[part]).any())
        largest = max(float(np.max(b)) for b in bound.values()) if bound else None
        gap = max(gaps, key=lambda gap: gap.ratio)
        return _Measured(gap, float(beyond.mean()), largest, exceeded)

    def _rows(self, hypothesis: Hypothesis) -> tuple[Parts, dict[str, Any]] | None:
        """Predict a right answer along axis 0; return it, and the keywords asked with."""
        family = self._predictions.reference.family(hypothesis.expect)
        keywords: dict[str, Any] = {
            name: value for name, value in hypothesis.settings.items() if name in family.settings
        }
        if self._question.draws:
            drawn = self._streams(hypothesis)
            if drawn is None:
                return None
            keywords |= drawn
        parts = family.function(self._predictions.given, **keywords)
        if parts is None:
            return None
        rows = {name: np.asarray(part, dtype=np.float64) for name, part in parts.items()}
        return (rows if self._question.draws else {k: v[None] for k, v in rows.items()}), keywords

    def _streams(self, hypothesis: Hypothesis) -> dict[str, np.ndarray] | None:
        if not self._question.draws or not self._question.rate:
            return None
        count = self._predictions.flags_needed(self._question.draws, hypothesis)
        keep = 1 - float(self._predictions.given[self._question.rate])
        uniform = np.random.default_rng(_SEED).random((_STREAMS, count))
        drawn = {"masks": (uniform < keep).astype(np.float64), "kept": np.full(_STREAMS, keep)}
        return drawn if count else None

    def _nearest(self) -> Gap | None:
        """Find the two hypotheses of different worth that are the hardest to tell apart."""
        predicted: dict[tuple[Any, ...], list[tuple[Hypothesis, np.ndarray, np.ndarray]]] = {}
        for hypothesis in self._singly:
            found = None if hypothesis.borrowed else self._predict(hypothesis)
            if found:
                shapes = tuple((name, part.shape) for name, part in found.items())
                rows = [self._row(part) for part in found.values()]
                values, allowed = (np.concatenate(some) for some in zip(*rows, strict=True))
                predicted.setdefault(shapes, []).append((hypothesis, values, allowed))
        gaps = (gap for some in predicted.values() for gap in _gaps(some))
        return min(gaps, key=lambda gap: gap.ratio, default=None)

    def _predict(self, hypothesis: Hypothesis) -> Parts | None:
        found = predict(hypothesis, self._question, self._predictions, {})
        return found.parts if found else None

    def _row(self, part: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        single = self._question.library != "numpy"
        return part.ravel(), self._allowed(part[None], single=single)[0].ravel()

    def _allowed(self, expected: np.ndarray, *, single: bool) -> np.ndarray:
        """Return how far entries may be off, along axis 0."""
        flat = expected.reshape(len(expected), -1)
        singles = np.full(len(flat), single)
        slack = slacks(flat, np.zeros_like(flat), singles, self._tolerance)
        allowed: np.ndarray = allowances(expected, self._tolerance) + slack.reshape(expected.shape)
        return allowed


@dataclass(frozen=True)
class _Measured:
    """A right answer beside the same computed otherwise."""

    gap: Gap
    beyond: float
    bound: float | None
    exceeded: bool


def _gaps(predicted: Sequence[tuple[Hypothesis, np.ndarray, np.ndarray]]) -> Iterator[Gap]:
    for (one, values, allowed), (other, others, _) in combinations(predicted, 2):
        if one.worth == other.worth:
            continue
        difference = np.abs(values - others)
        worst = int(np.argmax(difference / np.maximum(allowed, 1e-300)))
        if difference.max() > _IDENTICAL:  # what coincides is told by the claims
            named = f"{_called(one)} and {_called(other)}"
            yield Gap(float(difference[worst]), float(allowed[worst]), named)


def _called(hypothesis: Hypothesis) -> str:
    settings = ", ".join(f"{name} = {value!r}" for name, value in hypothesis.settings.items())
    name = hypothesis.mistakes[0].id if hypothesis.mistakes else "a right answer"
    return f"{name} ({settings})" if settings else name


def _named(alternative: Alternative, hypothesis: Hypothesis) -> str:
    settings = ", ".join(f"{name} = {value!r}" for name, value in hypothesis.settings.items())
    return _name(alternative) + (f"; {settings}" if settings else "")


def _name(alternative: Alternative) -> str:
    return str(getattr(alternative, "__name__", alternative))
