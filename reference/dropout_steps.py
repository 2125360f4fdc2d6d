"""Gradient descent of many trainings in step, each under settings of its own, in NumPy.

What `reference.dropout_training.train` defines for one setting, for R rows of any settings:
what differs from row to row is data along the last axis, where NumPy is fastest, or a
stretch of rows that is treated apart. Axes: G examples of a step, D inputs, H hidden units,
C classes, U units of the layer dropout is applied to, T steps, R rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reference.dropout_output import Variants, output_layer, stretches
from reference.settings import TrainingSettings
from reference.two_layer import Network


@dataclass(frozen=True)
class Dropout:
    """What units are multiplied by in each step, (T, G, U, S), and which of the S is a row's."""

    by_step: np.ndarray
    column: np.ndarray

    def of_step(self, step: int) -> np.ndarray:
        """Return what all rows are multiplied by in a step, (G, U, R)."""
        found: np.ndarray = self.by_step[step].take(self.column, axis=-1, mode="clip")
        return found


@dataclass(frozen=True)
class Trainings:
    """R trainings whose steps are taken on equally many examples.

    Args:
        variants: settings of one variant (`variant_of`), and how many rows next to each other
            are of it; those with dropout on the input stand last.
        start: w1 (D, H, R), w2 (H, C, R), b1 (H, R), b2 (C, R).
        hidden: dropout of the rows that have it on the hidden layer; None where there are none.
        inputs: dropout of the rows that have it on the input; None where there are none.
        examples: the different sets of examples that steps are taken on, each of inputs
            (G, D, R), or (G, D, 1) where all rows have the same, and targets (G, C, R).
        taken: for each of the T steps, which of these it is taken on.
        rates: what the summed gradients of a step are multiplied by, (R,).
    """

    variants: Variants
    start: Network
    hidden: Dropout | None
    inputs: Dropout | None
    examples: Sequence[tuple[np.ndarray, np.ndarray]]
    taken: Sequence[int]
    rates: np.ndarray


def variant_of(settings: TrainingSettings) -> tuple[object, ...]:
    """Return what takes steps of another kind; rows stay in few stretches if ordered by it."""
    loss = settings.loss
    softmax_of = (loss.softmax_axis, loss.softmax_passes, loss.logit_gradient)
    others = (loss.relu_derivative, settings.mask_in_backward, settings.bias)
    return (settings.dropout == "input", *softmax_of, *others)


def descend(trainings: Trainings) -> tuple[np.ndarray, np.ndarray]:
    """Take all steps of all rows; return w1 (D, H, R) and w2 (H, C, R)."""
    descent = Descent(trainings)
    with np.errstate(over="ignore"):  # exp(-u) of a probability that is 0
        for step in range(len(trainings.taken)):
            descent.take(step)
    return descent.w1, descent.output.weights()


class Descent:
    """Trainings on their way downhill; `w1` and `output` are where they are."""

    def __init__(self, trainings: Trainings) -> None:
        rows, start = trainings.variants, trainings.start
        targets = [y for _, y in trainings.examples]
        self._trainings = trainings
        self.w1, self._b1 = start.w1.copy(), start.b1.copy()
        self.output = output_layer(rows, start.w2, start.b2, targets, trainings.rates)
        self._on_input = sum(count for one, count in rows if one.dropout != "input")
        self._slopes = stretches(((s.loss.relu_derivative, n) for s, n in rows), "step")
        self._unmasked = stretches(((s.mask_in_backward, n) for s, n in rows), "yes")
        self._trained = stretches(((s.bias, n) for s, n in rows), "fixed")
        self._biased = bool(start.b1.any() or self._trained)

    def take(self, step: int) -> None:
        """Take one step of all rows."""
        examples = self._trainings.taken[step]
        x = self._trainings.examples[examples][0]
        inputs, mask = self._inputs(x, step), self._mask(step)
        z = self._first_layer(x, inputs)
        active = np.maximum(z, 0)
        hidden = active * mask
        deltas = self.output.deltas(hidden, examples)
        back = self.output.back(deltas)
        for where, known in self._unmasked:
            mask[..., where] = 1.0
            if known == "no":
                hidden[..., where] = active[..., where]
        back *= mask
        back *= self._slope(active)
        self.output.move(hidden, deltas)
        self.w1 -= self._gradient_w1(x, inputs, back)
        for where, _ in self._trained:
            self._b1[..., where] -= back[..., where].sum(axis=0)

    def _mask(self, step: int) -> np.ndarray:
        """Return what the hidden units are multiplied by, (G, H, R)."""
        hidden = self._trainings.hidden
        if hidden is not None and self._trainings.inputs is None:
            return hidden.of_step(step)
        mask = np.ones((len(self._trainings.examples[0][1]), *self._b1.shape))
        if hidden is not None:
            mask[..., : self._on_input] = hidden.of_step(step)
        return mask

    def _inputs(self, x: np.ndarray, step: int) -> np.ndarray | None:
        """Return the inputs of the rows with dropout on them, (G, D, these rows)."""
        dropout = self._trainings.inputs
        if dropout is None:
            return None
        dropped: np.ndarray = _rows_from(x, self._on_input) * dropout.of_step(step)
        return dropped

    def _first_layer(self, x: np.ndarray, inputs: np.ndarray | None) -> np.ndarray:
        z = _times(x, self.w1)
        if inputs is not None:
            z[..., self._on_input :] = _times(inputs, self.w1[..., self._on_input :])
        if self._biased:
            z += self._b1
        return z

    def _slope(self, active: np.ndarray) -> np.ndarray:
        """Return what the settings take for the derivative of relu(z)."""
        slope: np.ndarray = np.sign(active)
        for where, derivative in self._slopes:
            slope[..., where] = 1.0 if derivative == "missing" else active[..., where]
        return slope

    def _gradient_w1(
        self, x: np.ndarray, inputs: np.ndarray | None, back: np.ndarray
    ) -> np.ndarray:
        gradient, cut = _outer(x, back), self._on_input
        if inputs is not None:
            for where, known in self._unmasked:
                own = slice(max(where.start - cut, 0), where.stop - cut)
                if known == "no" and where.stop > cut:
                    inputs[..., own] = _rows_from(x, cut + own.start)[..., : own.stop - own.start]
            gradient[..., cut:] = _outer(inputs, back[..., cut:])
        return gradient


def _rows_from(x: np.ndarray, row: int) -> np.ndarray:
    """Return the inputs from a row on, which are the same for all where the last axis is 1."""
    return x if x.shape[-1] == 1 else x[..., row:]


def _times(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Multiply inputs (G, D, 1 or R) and weights (D, H, R) row by row: (G, H, R)."""
    if x.shape[-1] == 1 and w.flags.c_contiguous:
        shared: np.ndarray = np.matmul(x[..., 0], w.reshape(len(w), -1))
        return shared.reshape(len(x), *w.shape[1:])
    rowwise: np.ndarray = np.einsum("ndr,dhr->nhr", x, w)
    return rowwise


def _outer(x: np.ndarray, back: np.ndarray) -> np.ndarray:
    """Return the gradient of weights (D, H, R) between inputs and what comes back (G, H, R)."""
    if x.shape[-1] == 1 and back.flags.c_contiguous:
        shared: np.ndarray = np.matmul(x[..., 0].T, back.reshape(len(back), -1))
        return shared.reshape(x.shape[1], *back.shape[1:])
    rowwise: np.ndarray = np.einsum("ndr,nhr->dhr", x, back)
    return rowwise
