"""An affine layer x W + b, its backward pass and its step of gradient descent.

Axes: N examples, D inputs, H outputs. Weights are (D, H), as the formula has them; a layer
that keeps them as (H, D) is read transposed.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

Pooling = Literal["sum", "mean", "first", "last"]
BiasGradient = Literal["as_weights", "sum", "mean", "first", "rows", "entries"]
InputGradient = Literal["before_update", "after_update"]
Rate = Literal["applied", "missing", "twice"]


@dataclass(frozen=True, kw_only=True)
class StepSettings:
    """How a layer takes its step.

    Args:
        batch: the gradient of the step, summed over the examples, as the chain rule has it
            for a loss that is summed or already averaged; averaged once more; or taken from
            the first or the last example alone, which is right only for batches of one.
        bias_gradient: how the bias pools the examples: as the weights do, or in a way of its
            own. "rows" keeps one bias for each example, shape (N, H), as `b - rate * grad`
            does; "entries" adds up all entries, examples and outputs.
        input_gradient: taken with the weights the forward pass used, or, a mistake, with
            those after the step.
        descent: steps go against the gradient; else along it.
        rate: how often the gradient is multiplied by the learning rate.
    """

    batch: Pooling = "sum"
    bias_gradient: BiasGradient = "as_weights"
    input_gradient: InputGradient = "before_update"
    descent: bool = True
    rate: Rate = "applied"

    @property
    def repeats_another(self) -> bool:
        """Whether these settings only say in other words what simpler ones say."""
        return self.bias_gradient == self.batch


@dataclass(frozen=True)
class Layer:
    """Weights (D, H) and bias, (H,) or (1, H)."""

    weights: np.ndarray
    bias: np.ndarray


def forward(x: np.ndarray, layer: Layer) -> np.ndarray:
    """Return x W + b: (N, H) for x of shape (N, D), and (N, 1, H) for (N, 1, D)."""
    output: np.ndarray = x @ layer.weights + layer.bias
    return output


def backward(
    x: np.ndarray,
    layer: Layer,
    output_grad: np.ndarray,
    learning_rate: float,
    settings: StepSettings,
) -> tuple[np.ndarray, Layer]:
    """Return the gradient of the input, (N, D), and the layer after its step.

    Args:
        x: what entered the layer, shape (N, D).
        layer: weights and bias the forward pass used.
        output_grad: gradient of the loss with respect to the layer's output, shape (N, H).
        learning_rate: size of the step.
        settings: conventions and mistakes.

    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.5.6.
    """
    of_weights = pool(x[:, :, None] * output_grad[:, None, :], settings.batch)
    of_bias = bias_gradient(output_grad, settings)
    step = learning_rate ** {"missing": 0, "applied": 1, "twice": 2}[settings.rate]
    step = -step if settings.descent else step
    bias = layer.bias + step * (of_bias if of_bias.ndim == 2 else of_bias[None, :])
    shape = layer.bias.shape if bias.size == layer.bias.size else bias.shape
    after = Layer(layer.weights + step * of_weights, bias.reshape(shape))
    used = layer if settings.input_gradient == "before_update" else after
    return output_grad @ used.weights.T, after


def pool(gradients: np.ndarray, pooling: Pooling) -> np.ndarray:
    """Make one gradient of those of N examples, along the first axis."""
    if pooling in ("first", "last"):
        one: np.ndarray = gradients[0 if pooling == "first" else -1]
        return one
    pooled: np.ndarray = gradients.sum(axis=0) if pooling == "sum" else gradients.mean(axis=0)
    return pooled


def bias_gradient(output_grad: np.ndarray, settings: StepSettings) -> np.ndarray:
    """Return the gradient of the bias, (H,); (N, H) where each example keeps its own."""
    way = settings.bias_gradient
    if way == "rows":
        return output_grad
    if way == "entries":
        return np.full(output_grad.shape[1], output_grad.sum())
    return pool(output_grad, settings.batch if way == "as_weights" else way)
