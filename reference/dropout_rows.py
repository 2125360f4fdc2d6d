"""Many settings of training with dropout, laid out in rows and trained together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import get_args

import numpy as np

from reference.at_once import Rows, Streams
from reference.dropout_steps import Dropout, Trainings, descend, variant_of
from reference.keep_flags import Order
from reference.settings import Target, TrainingSettings
from reference.two_layer import Network, targets

# More rows at once leave the cache, fewer cost calls.
AT_ONCE = 2048
_TARGETS: tuple[Target, ...] = get_args(Target)


@dataclass(frozen=True)
class Problem:
    """What is trained on: inputs x (N, D), one-hot labels y (N, C), and the start."""

    x: np.ndarray
    y: np.ndarray
    network: Network


class Layout:
    """Settings in the order their rows stand in; made once, and trained any number of times.

    Settings without dropout, and those that repeat others, get no rows.

    Raises:
        ValueError: gradients are to be rounded; such trainings are not taken together.
    """

    def __init__(self, settings: Sequence[TrainingSettings]) -> None:
        if any(one.decimals != "all" for one in settings):
            raise ValueError("trainings with rounded gradients are not taken together")
        numbered = [
            (number, one)
            for number, one in enumerate(settings)
            if one.dropout != "none" and not one.repeats_another
        ]
        kinds: dict[tuple[bool, bool], list[tuple[int, TrainingSettings]]] = {}
        for number, one in numbered:
            kind = one.batch == "together", one.loss.softmax_axis == "row"
            kinds.setdefault(kind, []).append((number, one))
        self._kinds = [_Kind(kind) for kind in kinds.values()]

    def train(self, problems: Sequence[Problem], streams: Streams) -> list[Rows]:
        """Train from every problem, under all settings, with each stream that fits."""
        return [rows for kind in self._kinds for rows in kind.train(problems, streams)]


class _Kind:
    """Settings whose steps are alike: on all examples or on single ones, by row or across."""

    def __init__(self, numbered: Sequence[tuple[int, TrainingSettings]]) -> None:
        ordered = sorted(numbered, key=lambda one: (variant_of(one[1]), one[1].batch))
        settings = [one for _, one in ordered]
        self._numbers = np.array([number for number, _ in ordered])
        self._cohorts, self._cohort = _classes(settings, [_cohort_of(one) for one in settings])
        self._variants, self._variant = _classes(settings, [variant_of(one) for one in settings])
        factors = [one.factor for one in settings]
        self._factors = np.array(sorted(set(factors)))
        self._factor = np.array([self._factors.tolist().index(factor) for factor in factors])
        self._targets = np.array([_TARGETS.index(one.loss.target) for one in settings])
        self._in_turn = np.array([one.batch == "in_turn" for one in settings])
        self._reductions = [one.reduction for one in settings]

    def train(self, problems: Sequence[Problem], streams: Streams) -> Iterator[Rows]:
        """Train all rows, as many at once as the cache has room for."""
        fitting = [_Fitting(one, problems[0], streams) for one in self._cohorts]
        fits = np.array([len(one.streams) for one in fitting])[self._cohort]
        counts = fits * len(problems)
        setting = np.repeat(np.arange(len(counts)), counts)
        within = np.arange(len(setting)) - np.repeat(np.cumsum(counts) - counts, counts)
        problem, column = within // fits[setting], within % fits[setting]
        for start in range(0, len(setting), AT_ONCE):
            some = slice(start, start + AT_ONCE)
            yield self._train(problems, fitting, setting[some], problem[some], column[some])

    def _train(
        self,
        problems: Sequence[Problem],
        fitting: Sequence["_Fitting"],
        setting: np.ndarray,
        problem: np.ndarray,
        column: np.ndarray,
    ) -> Rows:
        cohort, factor = self._cohort[setting], self._factor[setting]
        examples, taken = self._examples(problems, setting, problem)
        w1, w2 = descend(
            Trainings(
                variants=[
                    (self._variants[variant], sum(1 for _ in group))
                    for variant, group in groupby(self._variant[setting].tolist())
                ],
                start=_starts(problems, problem),
                hidden=self._dropout(fitting, cohort, factor, column, "hidden"),
                inputs=self._dropout(fitting, cohort, factor, column, "input"),
                examples=examples,
                taken=taken,
                rates=self._rates(problems[0])[setting],
            )
        )
        streams = np.empty(len(setting), dtype=np.int64)
        for place, one in enumerate(fitting):
            of_cohort = cohort == place
            streams[of_cohort] = one.streams[column[of_cohort]]
        parts = {"w1": np.moveaxis(w1, -1, 0), "w2": np.moveaxis(w2, -1, 0)}
        return Rows(self._numbers[setting], problem, streams, parts)

    def _dropout(
        self,
        fitting: Sequence["_Fitting"],
        cohort: np.ndarray,
        factor: np.ndarray,
        column: np.ndarray,
        layer: str,
    ) -> Dropout | None:
        """Gather the dropout of the rows that have it on a layer; None where there are none."""
        source = cohort * len(self._factors) + factor
        known = [divmod(int(one), len(self._factors)) for one in np.unique(source)]
        used = [(place, scale) for place, scale in known if fitting[place].layer == layer]
        if not used:
            return None
        offsets = np.zeros((len(fitting), len(self._factors)), dtype=np.int64)
        sizes = [len(fitting[place].streams) for place, _ in used]
        offsets[tuple(zip(*used, strict=True))] = np.cumsum([0, *sizes[:-1]])
        rows = np.array([one.layer == layer for one in fitting])[cohort]
        by_step = [fitting[place].by_step * self._factors[scale] for place, scale in used]
        columns = offsets[cohort[rows], factor[rows]] + column[rows]
        return Dropout(np.concatenate(by_step, axis=-1), columns)

    def _rates(self, problem: Problem) -> np.ndarray:
        """Return what the summed gradients of a step are multiplied by, for each setting."""
        together = self._variants[0].batch == "together"
        examples = len(problem.x) if together else 1
        shares = {"sum": 1, "mean": examples, "entries": examples * problem.y.shape[1]}
        rate = self._variants[0].learning_rate
        return np.array([rate / shares[reduction] for reduction in self._reductions])

    def _examples(
        self, problems: Sequence[Problem], setting: np.ndarray, problem: np.ndarray
    ) -> tuple[list[tuple[np.ndarray, np.ndarray]], list[int]]:
        """Return the sets of examples steps are taken on, and which one each step takes."""
        epochs = self._variants[0].epochs
        x, y = _inputs(problems, problem), self._labels(problems, setting, problem)
        if self._variants[0].batch == "together":
            return [(x, y)], [0] * epochs
        count, in_turn = len(y), self._in_turn[setting]
        steps = [(step % count, step // epochs) for step in range(count * epochs)]
        pairs = list(dict.fromkeys(steps))
        x = np.broadcast_to(x, (*x.shape[:2], len(setting)))
        chosen = [
            (np.where(in_turn, x[turn], x[apart])[None], np.where(in_turn, y[turn], y[apart])[None])
            for apart, turn in pairs
        ]
        return chosen, [pairs.index(step) for step in steps]

    def _labels(
        self, problems: Sequence[Problem], setting: np.ndarray, problem: np.ndarray
    ) -> np.ndarray:
        """Return the targets of all rows, (N, C, R)."""
        known = np.array([[targets(one.y, target=t) for t in _TARGETS] for one in problems])
        return np.ascontiguousarray(np.moveaxis(known[problem, self._targets[setting]], 0, -1))


class _Fitting:
    """The streams that fit a cohort's settings: which (S,), and their flags (T, G, U, S)."""

    def __init__(self, settings: TrainingSettings, problem: Problem, streams: Streams) -> None:
        on_input = settings.dropout == "input"
        count = len(problem.x)
        order = Order(settings, count, problem.network.w1.shape[0 if on_input else 1])
        self.layer = settings.dropout
        self.streams = np.empty(0, dtype=np.int64)
        if order.length not in streams:
            return
        masks, kept = streams[order.length]
        self.streams = np.flatnonzero(order.described(masks, kept))
        flags = order.by_step(masks[self.streams])
        group = count if settings.batch == "together" else 1
        flags = np.broadcast_to(flags, (*flags.shape[:2], group, order.units))
        self.by_step = np.moveaxis(flags, 0, -1)


def _cohort_of(settings: TrainingSettings) -> tuple[object, ...]:
    """Return what decides which flags a setting consumes, and which streams fit it."""
    swapped = settings.keep != "as_asked"
    return (settings.dropout, settings.batch, settings.mask_per, settings.draws, swapped)


def _classes(
    settings: Sequence[TrainingSettings], keys: Sequence[tuple[object, ...]]
) -> tuple[list[TrainingSettings], np.ndarray]:
    """Return a setting of each class, in the order met, and the class of each setting."""
    first = dict(zip(reversed(keys), reversed(settings), strict=True))
    places = {key: place for place, key in enumerate(dict.fromkeys(keys))}
    return [first[key] for key in places], np.array([places[key] for key in keys])


def _inputs(problems: Sequence[Problem], problem: np.ndarray) -> np.ndarray:
    """Return the inputs of all rows, (N, D, R), or (N, D, 1) where they are the same."""
    known = np.array([one.x for one in problems])
    if (known == known[0]).all():
        shared: np.ndarray = known[0][..., None]
        return shared
    return np.ascontiguousarray(np.moveaxis(known[problem], 0, -1))


def _starts(problems: Sequence[Problem], problem: np.ndarray) -> Network:
    """Return the starts of all rows, along the last axis."""
    parts = ([getattr(one.network, name) for one in problems] for name in ("w1", "w2", "b1", "b2"))
    rows = (np.moveaxis(np.array(known, dtype=np.float64)[problem], 0, -1) for known in parts)
    return Network(*(np.ascontiguousarray(part) for part in rows))
