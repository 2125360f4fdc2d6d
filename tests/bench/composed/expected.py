"""What the reference says of a composed half: the answers it gives, and all right ones."""

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from reference import hw1
from tests.bench.composed.plan import Half

_FAMILIES = {"w1": hw1.gradient_w1, "w2": hw1.gradient_w2, "hidden": hw1.gradient_hidden}


def predicted(
    half: Half, task: str, given: Mapping[str, Any], stream: np.ndarray
) -> dict[str, np.ndarray] | None:
    """Return what the reference says an answer is, under the settings of a half."""
    if task == "forward":
        return hw1.outputs(given, softmax_axis=half.softmax_axis, softmax_passes=half.shown_passes)
    if task == "gradient":
        settings = half.of_loss()
        if half.quantity != "w1":
            settings.pop("relu_derivative")
        reduction = "sum" if half.batch == "apart" and half.reduction == "mean" else half.reduction
        return _FAMILIES[half.quantity](given, batch=half.batch, reduction=reduction, **settings)
    masks = None if half.dropout == "none" else stream[None]
    try:
        return hw1.trained_weights(given, masks=masks, **half.of_training())
    except ValueError:
        return None


def right_answers(half: Half, task: str, stream: np.ndarray) -> Iterator[dict[str, np.ndarray]]:
    """Yield all right answers to a task, for these draws."""
    for batch, reduction in itertools.product(
        ("together", "apart", "in_turn"), ("sum", "mean", "entries")
    ):
        if task == "forward":
            found = hw1.outputs(hw1.GIVEN)
        elif task == "gradient":
            found = (
                hw1.gradient_w1(hw1.GIVEN, batch=batch, reduction=reduction)
                if batch != "in_turn"
                else None
            )
        else:
            found = _trained(batch, reduction, half, stream)
        if found is not None:
            yield found


def _trained(
    batch: str, reduction: str, half: Half, stream: np.ndarray
) -> dict[str, np.ndarray] | None:
    if not len(stream):
        return None
    for mask_per in ("example", "batch"):
        settings: dict[str, Any] = {
            "batch": batch,
            "reduction": reduction,
            "mask_per": mask_per,
            "scale": half.scale,
        }
        if hw1.trained_weights_draws(hw1.GIVEN, **settings) == len(stream):
            return hw1.trained_weights(hw1.GIVEN, masks=stream[None], **settings)
    return None
