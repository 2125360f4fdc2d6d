"""HW-1: a 3-4-2 network's outputs, gradients and dropout training, in NumPy.

Each family returns the named parts of an answer, or None where its settings contradict
each other or only repeat simpler ones. What the settings mean: reference/settings.py.
"""

from reference.dropout_training import draw_masks
from reference.hw1_given import GIVEN, PERTURBED
from reference.hw1_gradients import (
    gradient_hidden,
    gradient_input,
    gradient_logits,
    gradient_w1,
    gradient_w2,
    outputs,
)
from reference.hw1_training import (
    trained_weights,
    trained_weights_draws,
    trained_weights_structure,
)

__all__ = [
    "GIVEN",
    "PERTURBED",
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
