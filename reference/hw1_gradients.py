"""HW-1, tasks 1 and 2: the families of outputs and gradients, in NumPy."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from reference.hw1_given import CLASSES, Parts, network_of, pair
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


def gradient_w1(
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
    """Return the loss's gradient with respect to w1: (3, 4), or one for each example."""
    settings = LossSettings(
        softmax_axis=softmax_axis,
        softmax_passes=softmax_passes,
        logit_gradient=logit_gradient,
        relu_derivative=relu_derivative,
        target=target,
    )
    return _gradient(given, "w1", batch, reduction, settings)


def gradient_w2(
    given: Mapping[str, Any],
    *,
    batch: Batch = "together",
    reduction: Reduction = "sum",
    softmax_axis: SoftmaxAxis = "row",
    softmax_passes: SoftmaxPasses = 1,
    logit_gradient: LogitGradient = "exact",
    target: Target = "label",
) -> Parts | None:
    """Return the loss's gradient with respect to w2: (4, 2), or one for each example."""
    settings = LossSettings(
        softmax_axis=softmax_axis,
        softmax_passes=softmax_passes,
        logit_gradient=logit_gradient,
        target=target,
    )
    return _gradient(given, "w2", batch, reduction, settings)


def gradient_hidden(
    given: Mapping[str, Any],
    *,
    batch: Batch = "together",
    reduction: Reduction = "sum",
    softmax_axis: SoftmaxAxis = "row",
    softmax_passes: SoftmaxPasses = 1,
    logit_gradient: LogitGradient = "exact",
    target: Target = "label",
) -> Parts | None:
    """Return the loss's gradient with respect to relu(x w1): (2, 4), or (4,) for each example."""
    settings = LossSettings(
        softmax_axis=softmax_axis,
        softmax_passes=softmax_passes,
        logit_gradient=logit_gradient,
        target=target,
    )
    return _gradient(given, "hidden", batch, reduction, settings)


def gradient_logits(
    given: Mapping[str, Any],
    *,
    batch: Batch = "together",
    reduction: Reduction = "sum",
    softmax_axis: SoftmaxAxis = "row",
    softmax_passes: SoftmaxPasses = 1,
    logit_gradient: LogitGradient = "exact",
    target: Target = "label",
) -> Parts | None:
    """Return the loss's gradient with respect to the logits: (2, 2), or (2,) for each example."""
    settings = LossSettings(
        softmax_axis=softmax_axis,
        softmax_passes=softmax_passes,
        logit_gradient=logit_gradient,
        target=target,
    )
    return _gradient(given, "logits", batch, reduction, settings)


def gradient_input(
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
    """Return the loss's gradient with respect to x: (2, 3), or (3,) for each example."""
    settings = LossSettings(
        softmax_axis=softmax_axis,
        softmax_passes=softmax_passes,
        logit_gradient=logit_gradient,
        relu_derivative=relu_derivative,
        target=target,
    )
    return _gradient(given, "input", batch, reduction, settings)


def _gradient(
    given: Mapping[str, Any], name: str, batch: Batch, reduction: Reduction, settings: LossSettings
) -> Parts | None:
    terms = gradients(pair(given, "x"), pair(given, "y"), network_of(given), settings)[name]
    return None if settings.repeats_another else gradient_parts(name, terms, batch, reduction)


def gradient_parts(
    name: str, terms: np.ndarray, batch: Batch, reduction: Reduction
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
