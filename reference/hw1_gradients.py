"""HW-1, tasks 1 and 2: the families of outputs and gradients, in NumPy.

Gradients start from the probabilities p1 and p2 where they are given: from what a student's
own forward pass came to.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from reference.at_once import Rows, Streams, at_once
from reference.hw1_given import CLASSES, Parts, network_of, networks_of, pair
from reference.settings import (
    Batch,
    LogitGradient,
    LossSettings,
    Reduction,
    ReluDerivative,
    SoftmaxAxis,
    SoftmaxPasses,
    Target,
)
from reference.two_layer import forward, gradients, probabilities

_PUT_TOGETHER = ("batch", "reduction")


def outputs(
    given: Mapping[str, Any],
    *,
    softmax_axis: SoftmaxAxis = "row",
    softmax_passes: SoftmaxPasses = 1,
) -> Parts | None:
    """Return the class probabilities of both examples: x1 and x2, each (2,)."""
    settings = LossSettings(softmax_axis=softmax_axis, softmax_passes=softmax_passes)
    layers = forward(pair(given, "x"), network_of(given))
    first, second = probabilities(layers.logits, settings)[-1]
    return {"x1": first, "x2": second}


def _gradient_before_relu(name: str, says: str) -> Callable[..., Parts | None]:
    """Make the family of a gradient that the derivative of relu has no part in."""

    @at_once(partial(_Gradients, name))
    def gradient(
        given: Mapping[str, Any],
        *,
        batch: Batch = "together",
        reduction: Reduction = "sum",
        softmax_axis: SoftmaxAxis = "row",
        softmax_passes: SoftmaxPasses = 1,
        logit_gradient: LogitGradient = "exact",
        target: Target = "label",
    ) -> Parts | None:
        settings = LossSettings(
            softmax_axis=softmax_axis,
            softmax_passes=softmax_passes,
            logit_gradient=logit_gradient,
            target=target,
        )
        return _gradient(given, name, batch, reduction, settings)

    return _named(gradient, name, says)


def _gradient_behind_relu(name: str, says: str) -> Callable[..., Parts | None]:
    """Make the family of a gradient that has come back through relu."""

    @at_once(partial(_Gradients, name))
    def gradient(
        given: Mapping[str, Any],
        *,
        batch: Batch = "together",
        reduction: Reduction = "sum",
        softmax_axis: SoftmaxAxis = "row",
        softmax_passes: SoftmaxPasses = 1,
        logit_gradient: LogitGradient = "exact",
        relu_derivative: ReluDerivative = "step",
        target: Target = "label",
    ) -> Parts | None:
        settings = LossSettings(
            softmax_axis=softmax_axis,
            softmax_passes=softmax_passes,
            logit_gradient=logit_gradient,
            relu_derivative=relu_derivative,
            target=target,
        )
        return _gradient(given, name, batch, reduction, settings)

    return _named(gradient, name, says)


def _named(
    family: Callable[..., Parts | None], name: str, says: str
) -> Callable[..., Parts | None]:
    family.__name__ = family.__qualname__ = f"gradient_{name}"
    family.__doc__ = f"Return the loss's gradient with respect to {says}."
    return family


class _Gradients:
    """Some settings of a gradient's family, predicted together."""

    def __init__(self, name: str, options: Sequence[Mapping[str, Any]]) -> None:
        self._name = name
        self._putting = [{k: v for k, v in one.items() if k in _PUT_TOGETHER} for one in options]
        self._losses = [
            LossSettings(**{k: v for k, v in one.items() if k not in _PUT_TOGETHER})
            for one in options
        ]

    def __call__(self, givens: Sequence[Mapping[str, Any]], streams: Streams) -> list[Rows]:
        x, y = (np.stack([pair(given, name) for given in givens], axis=-1) for name in ("x", "y"))
        network = networks_of(givens)
        losses = {loss for loss in self._losses if not loss.repeats_another}
        terms = {loss: gradients(x, y, network, loss)[self._name] for loss in losses}
        found: dict[tuple[str, ...], list[tuple[int, Parts]]] = {}
        for place, loss in enumerate(self._losses):
            if loss in terms:
                parts = gradient_parts(self._name, terms[loss], **self._putting[place])
                if parts is not None:
                    found.setdefault(tuple(parts), []).append((place, parts))
        return [_rows(some, len(givens)) for some in found.values()]


def _rows(found: Sequence[tuple[int, Parts]], givens: int) -> Rows:
    """Put predictions with an axis of the constants at their end in rows."""
    settings = np.repeat([place for place, _ in found], givens)
    parts = {
        name: np.concatenate([np.moveaxis(parts[name], -1, 0) for _, parts in found])
        for name in found[0][1]
    }
    return Rows(settings, np.tile(np.arange(givens), len(found)), np.zeros_like(settings), parts)


def _gradient(
    given: Mapping[str, Any], name: str, batch: Batch, reduction: Reduction, settings: LossSettings
) -> Parts | None:
    own = pair(given, "p") if "p1" in given else None
    terms = gradients(pair(given, "x"), pair(given, "y"), network_of(given), settings, own=own)[
        name
    ]
    return None if settings.repeats_another else gradient_parts(name, terms, batch, reduction)


def gradient_parts(
    name: str, terms: np.ndarray, batch: Batch = "together", reduction: Reduction = "sum"
) -> Parts | None:
    """Put together what each example adds to a gradient, `terms` of shape (2, ...).

    Weights have one gradient, the sum or the mean; a value of the network has one for
    each example, scaled alike.
    """
    if batch == "apart":
        own = terms / CLASSES if reduction == "entries" else terms
        return None if reduction == "mean" else {"x1": own[0], "x2": own[1]}
    whole = terms.sum(axis=0) if name in {"w1", "w2"} else terms
    return {name: whole / {"sum": 1, "mean": 2, "entries": 2 * CLASSES}[reduction]}


gradient_w1 = _gradient_behind_relu("w1", "w1: (3, 4), or one for each example")
gradient_w2 = _gradient_before_relu("w2", "w2: (4, 2), or one for each example")
gradient_hidden = _gradient_before_relu("hidden", "relu(x w1): (2, 4), or (4,) for each example")
gradient_logits = _gradient_before_relu("logits", "the logits: (2, 2), or (2,) for each example")
gradient_input = _gradient_behind_relu("input", "x: (2, 3), or (3,) for each example")
