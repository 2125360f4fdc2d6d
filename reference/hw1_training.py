"""HW-1, task 3: the family of weights trained with dropout, in NumPy."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from reference.at_once import Rows, Streams, at_once
from reference.dropout_rows import Layout, Problem
from reference.dropout_training import train
from reference.hw1_given import Parts, network_of, pair
from reference.keep_flags import Order, fill_rows
from reference.settings import (
    Bias,
    Decimals,
    Draws,
    Dropout,
    Keep,
    LogitGradient,
    MaskInBackward,
    MaskPer,
    Reduction,
    ReluDerivative,
    Scale,
    SoftmaxAxis,
    SoftmaxPasses,
    Steps,
    Target,
    TrainingSettings,
    training_settings,
)

_CONSTANTS = ("learning_rate", "epochs", "rate")


class _Trainings:
    """Some settings of `trained_weights`, predicted together."""

    def __init__(self, options: Sequence[Mapping[str, Any]]) -> None:
        self._options = options
        self._layouts: dict[tuple[float, ...], Layout] = {}

    def __call__(self, givens: Sequence[Mapping[str, Any]], streams: Streams) -> list[Rows]:
        constants = {tuple(float(given[name]) for name in _CONSTANTS) for given in givens}
        if len(constants) > 1:
            raise ValueError("trainings of different length or rate are not taken together")
        [known] = constants
        if known not in self._layouts:
            settings = [training_settings(givens[0], **options) for options in self._options]
            self._layouts[known] = Layout(settings)
        problems = [Problem(pair(one, "x"), pair(one, "y"), network_of(one)) for one in givens]
        return self._layouts[known].train(problems, streams)


@at_once(_Trainings)
def trained_weights(  # noqa: PLR0913 - each keyword is a choice a rubric can name
    given: Mapping[str, Any],
    *,
    masks: np.ndarray | None = None,
    kept: np.ndarray | None = None,
    batch: Steps = "together",
    reduction: Reduction = "sum",
    softmax_axis: SoftmaxAxis = "row",
    softmax_passes: SoftmaxPasses = 1,
    logit_gradient: LogitGradient = "exact",
    relu_derivative: ReluDerivative = "step",
    target: Target = "label",
    scale: Scale = "inverted",
    mask_in_backward: MaskInBackward = "yes",
    dropout: Dropout = "hidden",
    mask_per: MaskPer = "example",
    keep: Keep = "as_asked",
    draws: Draws = "fresh",
    bias: Bias = "fixed",
    decimals: Decimals = "all",
) -> Parts | None:
    """Return the weights after training: w1 (S, 3, 4) and w2 (S, 4, 2).

    `masks` (S, K) holds streams of keep flags in the order drawn, K being
    `trained_weights_draws`; dropout "none" needs none, and its S is 1. `kept` (S,) is the
    probability with which each stream's flags are 1. The rows of streams that did not come
    about as the settings say are NaN.
    """
    settings = training_settings(
        given,
        batch=batch,
        reduction=reduction,
        softmax_axis=softmax_axis,
        softmax_passes=softmax_passes,
        logit_gradient=logit_gradient,
        relu_derivative=relu_derivative,
        target=target,
        scale=scale,
        mask_in_backward=mask_in_backward,
        dropout=dropout,
        mask_per=mask_per,
        keep=keep,
        draws=draws,
        bias=bias,
        decimals=decimals,
    )
    if settings.repeats_another or (masks is None and dropout != "none"):
        return None
    x, y, network = pair(given, "x"), pair(given, "y"), network_of(given)
    if masks is None or dropout == "none":
        trained = train(x, y, network, settings)
        return {"w1": trained["w1"], "w2": trained["w2"]}
    rows = _order(given, settings).described(masks, kept)
    trained = train(x, y, network, settings, masks[rows])
    return fill_rows(rows, {"w1": trained["w1"], "w2": trained["w2"]})


def trained_weights_draws(given: Mapping[str, Any], **settings: Any) -> int:
    """Count the keep flags one training consumes; 0 where settings predict nothing."""
    return _order(given, training_settings(given, **settings)).length


def trained_weights_structure(
    given: Mapping[str, Any], parts: Mapping[str, np.ndarray]
) -> list[tuple[str, float]]:
    """State what holds for the trained weights whatever units were dropped.

    Of a step's gradients, w2's rows sum to 0, as those of the logits do, and w1's columns
    are combinations of the inputs.

    Args:
        given: the constants, of which the start and the inputs are used.
        parts: w1 (..., 3, 4), w2 (..., 4, 2), or one of them.

    Returns:
        Sentences, each with the largest absolute amount by which it is violated.
    """
    facts = []
    if "w1" in parts:
        x = pair(given, "x")
        moved = np.asarray(parts["w1"]) - given["w1"]
        outside = np.eye(x.shape[1]) - np.linalg.pinv(x) @ x
        beside = float(np.abs(outside @ moved).max())
        facts.append(("The columns of w1 move only along combinations of x1 and x2.", beside))
    if "w2" in parts:
        moved = np.asarray(parts["w2"]) - given["w2"]
        drift = float(np.abs(moved.sum(axis=-1)).max())
        facts.append(("The sum of each row of w2 stays what it was at the start.", drift))
    return facts


def _order(given: Mapping[str, Any], settings: TrainingSettings) -> Order:
    units = np.shape(given["w1"])[0 if settings.dropout == "input" else 1]
    return Order(settings, 2, units)
