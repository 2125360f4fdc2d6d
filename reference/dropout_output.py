"""The output layers of many trainings in step: their losses' gradients, and their weights.

Axes: G examples of a step, H hidden units, C classes, R rows, each a training. Rows of
different settings are data along the last axis, or stretches of rows treated apart.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Protocol, TypeVar

import numpy as np

from reference.settings import LossSettings, SoftmaxAxis, TrainingSettings
from reference.two_layer import AXES, softmax

V = TypeVar("V")
Variants = Sequence[tuple[TrainingSettings, int]]
"""Settings that take steps of one kind, and how many rows next to each other are of it."""


class Output(Protocol):
    """An output layer; `targets` are one or more sets of examples, told apart by their index."""

    def deltas(self, hidden: np.ndarray, examples: int) -> np.ndarray:
        """Differentiate the summed losses of a step with respect to the logits."""

    def back(self, deltas: np.ndarray) -> np.ndarray:
        """Propagate `deltas` to the hidden layer, (G, H, R)."""

    def move(self, hidden: np.ndarray, deltas: np.ndarray) -> None:
        """Move the weights against their gradient."""

    def weights(self) -> np.ndarray:
        """Return the weights as they are now, (H, C, R)."""


def stretches(values: Iterable[tuple[V, int]], *left_out: V) -> list[tuple[slice, V]]:
    """Find the rows next to each other that share a value, but for values left out.

    Args:
        values: each with the number of rows it holds for.
        left_out: values whose rows are of no interest.
    """
    found: list[tuple[slice, V]] = []
    start = 0
    for value, group in groupby(values, key=itemgetter(0)):
        stop = start + sum(count for _, count in group)
        found += [(slice(start, stop), value)] if value not in left_out else []
        start = stop
    return found


def output_layer(
    variants: Variants,
    weights: np.ndarray,
    bias: np.ndarray,
    targets: Sequence[np.ndarray],
    rates: np.ndarray,
) -> Output:
    """Choose the plainest way to compute an output layer.

    Args:
        variants: of all rows.
        weights: the start, (H, C, R).
        bias: the same, (C, R).
        targets: of each set of examples, (G, C, R).
        rates: what the summed gradients of a step are multiplied by, (R,).
    """
    by_row = all(settings.loss.softmax_axis == "row" for settings, _ in variants)
    biased = bool(bias.any()) or any(settings.bias == "trained" for settings, _ in variants)
    whole = all((y.sum(axis=1) == 1).all() for y in targets)
    if weights.shape[1] == 2 and by_row and whole and not biased:
        return TwoClasses(variants, weights, targets, rates)
    return Classes(variants, weights, bias, targets, rates)


class TwoClasses:
    """Two classes, each row normalised by itself: only the difference of the logits matters.

    What one column of the weights gains the other loses, and p = 1 / (1 + exp(-u)) is the
    probability of the first class, u being the first logit less the second.
    """

    def __init__(
        self,
        variants: Variants,
        weights: np.ndarray,
        targets: Sequence[np.ndarray],
        rates: np.ndarray,
    ) -> None:
        losses = [(settings.loss, count) for settings, count in variants]
        self._start = weights
        self._difference = weights[:, 0] - weights[:, 1]
        self._targets = [np.ascontiguousarray(y[:, 0]) for y in targets]
        self._rates = rates
        self._twice = _where(losses, lambda loss: loss.softmax_passes == 2)
        self._chained = _where(
            losses, lambda loss: loss.softmax_passes == 2 and loss.logit_gradient == "exact"
        )

    def deltas(self, hidden: np.ndarray, examples: int) -> np.ndarray:
        """Differentiate with respect to the first logit, (G, R); the second's is the opposite."""
        first = _logistic(np.add.reduce(hidden * self._difference, axis=1))
        slopes = [(where, first[:, where] * (1 - first[:, where])) for where in self._chained]
        for where in self._twice:
            first[:, where] = _logistic(2 * first[:, where] - 1)
        first -= self._targets[examples]
        for where, slope in slopes:
            first[:, where] *= 2 * slope
        first *= self._rates
        return first

    def back(self, deltas: np.ndarray) -> np.ndarray:
        """Propagate `deltas` to the hidden layer, (G, H, R)."""
        back: np.ndarray = deltas[:, None] * self._difference
        return back

    def move(self, hidden: np.ndarray, deltas: np.ndarray) -> None:
        """Move both columns, which is twice as far for their difference."""
        step = np.add.reduce(hidden * deltas[:, None], axis=0)
        step *= 2
        self._difference -= step

    def weights(self) -> np.ndarray:
        """Return the weights as they are now, (H, C, R)."""
        gained = (self._difference - (self._start[:, 0] - self._start[:, 1])) / 2
        return np.stack([self._start[:, 0] + gained, self._start[:, 1] - gained], axis=1)


class Classes:
    """Any number of classes, normalised over any axes, with a bias or without."""

    def __init__(
        self,
        variants: Variants,
        weights: np.ndarray,
        bias: np.ndarray,
        targets: Sequence[np.ndarray],
        rates: np.ndarray,
    ) -> None:
        losses = [(settings.loss, count) for settings, count in variants]
        self._weights, self._bias, self._rates = weights.copy(), bias.copy(), rates
        self._trained = stretches(((s.bias, count) for s, count in variants), "fixed")
        self._axes = stretches((loss.softmax_axis, count) for loss, count in losses)
        self._twice = _axes_where(losses, lambda loss: loss.softmax_passes == 2)
        self._chained = _axes_where(
            losses, lambda loss: loss.softmax_passes == 2 and loss.logit_gradient == "exact"
        )
        exact = _axes_where(losses, lambda loss: loss.logit_gradient == "exact")
        self._targets = [(y, _totals(y, exact)) for y in targets]

    def deltas(self, hidden: np.ndarray, examples: int) -> np.ndarray:
        """Differentiate the summed losses of a step, shape (G, C, R)."""
        logits = np.einsum("nhr,hcr->ncr", hidden, self._weights)
        logits += self._bias
        first = _softmaxed(logits, self._axes, logits)
        last = _softmaxed(first, self._twice, first.copy())
        targets, totals = self._targets[examples]
        deltas: np.ndarray = last * totals - targets
        for where, axis in self._chained:
            p, g = first[..., where], deltas[..., where]
            deltas[..., where] = p * (g - (p * g).sum(axis=AXES[axis], keepdims=True))
        deltas *= self._rates
        return deltas

    def back(self, deltas: np.ndarray) -> np.ndarray:
        """Propagate `deltas` to the hidden layer, (G, H, R)."""
        back: np.ndarray = np.einsum("ncr,hcr->nhr", deltas, self._weights)
        return back

    def move(self, hidden: np.ndarray, deltas: np.ndarray) -> None:
        """Move the weights, and the bias where it is trained."""
        self._weights -= np.einsum("nhr,ncr->hcr", hidden, deltas)
        for where, _ in self._trained:
            self._bias[..., where] -= deltas[..., where].sum(axis=0)

    def weights(self) -> np.ndarray:
        """Return the weights as they are now, (H, C, R)."""
        return self._weights


def _where(
    losses: Sequence[tuple[LossSettings, int]], condition: Callable[[LossSettings], bool]
) -> list[slice]:
    """Find the rows whose loss meets a condition."""
    return [where for where, _ in stretches(((condition(loss), n) for loss, n in losses), False)]


def _axes_where(
    losses: Sequence[tuple[LossSettings, int]], condition: Callable[[LossSettings], bool]
) -> list[tuple[slice, SoftmaxAxis]]:
    """Find the rows whose loss meets a condition, and over what they are normalised."""
    axes = ((loss.softmax_axis if condition(loss) else None, count) for loss, count in losses)
    return [(where, axis) for where, axis in stretches(axes) if axis is not None]


def _logistic(u: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + exp(-u)), in place of u."""
    np.negative(u, out=u)
    np.exp(u, out=u)
    u += 1
    np.reciprocal(u, out=u)
    return u


def _softmaxed(
    logits: np.ndarray, axes: Sequence[tuple[slice, SoftmaxAxis]], out: np.ndarray
) -> np.ndarray:
    """Normalise stretches of rows, each over its own axes, and leave the others as they are."""
    for where, axis in axes:
        out[..., where] = softmax(logits[..., where], softmax_axis=axis)
    return out


def _totals(targets: np.ndarray, exact: Sequence[tuple[slice, SoftmaxAxis]]) -> np.ndarray:
    """Sum the targets over what a softmax normalises, (G, C, R); 1 where that is not asked."""
    totals = np.ones_like(targets)
    for where, axis in exact:
        totals[..., where] = targets[..., where].sum(axis=AXES[axis], keepdims=True)
    return totals
