"""HW-1: a 3-4-2 network's outputs, gradients and dropout training, in PyTorch.

The families of reference/hw1.py once more, with the same signatures and found another way.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import numpy as np
import torch
from torch import Tensor

from reference import hw1
from reference.dropout_training_torch import draw_masks, train
from reference.hw1 import GIVEN, trained_weights_draws, trained_weights_structure
from reference.hw1_given import Parts
from reference.hw1_gradients import gradient_parts
from reference.keep_flags import Order, fill_rows
from reference.settings import Batch, LossSettings, Reduction, training_settings
from reference.two_layer_torch import Network, forward, gradients, probabilities

__all__ = [
    "GIVEN",
    "draw_masks",
    "gradient_hidden",
    "gradient_input",
    "gradient_logits",
    "gradient_w1",
    "gradient_w2",
    "outputs",
    "trained_weights",
    "trained_weights_draws",
    "trained_weights_structure",
]


def _gradient(numpy_family: Callable[..., Parts | None], name: str) -> Callable[..., Parts | None]:
    """Make the counterpart of a gradient's family."""

    @wraps(numpy_family, updated=())
    def gradient(
        given: Mapping[str, Any],
        *,
        batch: Batch = "together",
        reduction: Reduction = "sum",
        **options: Any,
    ) -> Parts | None:
        settings = LossSettings(**options)
        x, y = _pair(given, "x"), _pair(given, "y")
        terms = gradients(x, y, _network(given), settings)[name].numpy()
        parts = gradient_parts(name, terms, batch, reduction)
        return None if settings.repeats_another else parts

    return gradient


gradient_w1 = _gradient(hw1.gradient_w1, "w1")
gradient_w2 = _gradient(hw1.gradient_w2, "w2")
gradient_hidden = _gradient(hw1.gradient_hidden, "hidden")
gradient_logits = _gradient(hw1.gradient_logits, "logits")
gradient_input = _gradient(hw1.gradient_input, "input")


@wraps(hw1.outputs, updated=())
def outputs(given: Mapping[str, Any], **settings: Any) -> Parts | None:
    """Predict the class probabilities of both examples."""
    logits = forward(_pair(given, "x"), _network(given))
    first, second = probabilities(logits, LossSettings(**settings)).numpy()
    return {"x1": first, "x2": second}


@wraps(hw1.trained_weights, updated=())
def trained_weights(
    given: Mapping[str, Any],
    *,
    masks: np.ndarray | None = None,
    kept: np.ndarray | None = None,
    **options: Any,
) -> Parts | None:
    """Predict the weights after training."""
    settings = training_settings(given, **options)
    if settings.repeats_another or (masks is None and settings.dropout != "none"):
        return None
    x, y, network = _pair(given, "x"), _pair(given, "y"), _network(given)
    if masks is None or settings.dropout == "none":
        trained = train(x, y, network, settings)
        return {"w1": trained["w1"].numpy(), "w2": trained["w2"].numpy()}
    units = network.w1.shape[0 if settings.dropout == "input" else 1]
    rows = Order(settings, len(x), units).described(masks, kept)
    trained = train(x, y, network, settings, torch.tensor(masks[rows]))
    return fill_rows(rows, {"w1": trained["w1"].numpy(), "w2": trained["w2"].numpy()})


def _pair(given: Mapping[str, Any], name: str) -> Tensor:
    """Stack the values of both examples, shape (2, ...)."""
    both = np.array([given[f"{name}1"], given[f"{name}2"]])
    return torch.tensor(both, dtype=_precision(given))


def _network(given: Mapping[str, Any]) -> Network:
    parts = (given[part] for part in ("w1", "w2", "b1", "b2"))
    return Network(*(torch.tensor(part, dtype=_precision(given)) for part in parts))


def _precision(given: Mapping[str, Any]) -> torch.dtype:
    """Say what is computed in: single precision where the weights are given in it."""
    single = np.asarray(given["w1"]).dtype == np.float32
    return torch.float32 if single else torch.float64
