"""A network of one hidden ReLU layer and a softmax output: its passes, in NumPy.

Axes: N examples, D inputs, H hidden units, C classes. Every function also takes arrays
with one more, last axis of S simulations, where an array without S simulations has 1.
"""

from dataclasses import dataclass

import numpy as np

from reference.settings import LossSettings, ReluDerivative, SoftmaxAxis, Target

AXES: dict[SoftmaxAxis, tuple[int, ...]] = {"row": (1,), "column": (0,), "batch": (0, 1)}


@dataclass(frozen=True)
class Network:
    """Weights w1 (D, H) and w2 (H, C), biases b1 (H,) and b2 (C,)."""

    w1: np.ndarray
    w2: np.ndarray
    b1: np.ndarray
    b2: np.ndarray


@dataclass(frozen=True)
class Layers:
    """What a forward pass leaves behind.

    `inputs` (N, D) and `hidden` (N, H) are what enters the two layers, after any dropout;
    `preactivation` is (N, H) and `logits` (N, C).
    """

    inputs: np.ndarray
    preactivation: np.ndarray
    hidden: np.ndarray
    logits: np.ndarray


@dataclass(frozen=True)
class Deltas:
    """Gradients of the summed loss: of the logits (N, C), relu(z) and z (both N, H)."""

    logits: np.ndarray
    hidden: np.ndarray
    preactivation: np.ndarray


def softmax(logits: np.ndarray, *, softmax_axis: SoftmaxAxis = "row") -> np.ndarray:
    """Normalise exp(logits), shape (N, C), over an axis or over all entries."""
    axes = AXES[softmax_axis]
    powers: np.ndarray = np.exp(logits - logits.max(axis=axes, keepdims=True))
    powers /= powers.sum(axis=axes, keepdims=True)
    return powers


def targets(y: np.ndarray, *, target: Target = "label") -> np.ndarray:
    """Return the one-hot targets (N, C) that are used, of the labels that were meant."""
    if target == "label":
        return y
    hard_coded = np.zeros_like(y)
    hard_coded[:, 0 if target == "first" else -1] = 1
    return hard_coded


def forward(
    x: np.ndarray,
    network: Network,
    *,
    input_factor: np.ndarray | float = 1.0,
    hidden_factor: np.ndarray | float = 1.0,
) -> Layers:
    """Compute all layers up to the logits.

    Args:
        x: inputs, shape (N, D).
        network: weights and biases.
        input_factor: mask times scale of dropout on x, broadcast to (N, D).
        hidden_factor: mask times scale of dropout on relu(z), broadcast to (N, H).
    """
    inputs = x * input_factor
    z = np.einsum("nd...,dh...->nh...", inputs, network.w1) + network.b1
    hidden = np.maximum(z, 0) * hidden_factor
    logits = np.einsum("nh...,hc...->nc...", hidden, network.w2) + network.b2
    return Layers(inputs, z, hidden, logits)


def probabilities(logits: np.ndarray, settings: LossSettings) -> list[np.ndarray]:
    """Return the probabilities (N, C) after each pass of the softmax, the last one last."""
    passes = [softmax(logits, softmax_axis=settings.softmax_axis)]
    for _ in range(settings.softmax_passes - 1):
        passes.append(softmax(passes[-1], softmax_axis=settings.softmax_axis))
    return passes


def cross_entropy(logits: np.ndarray, y: np.ndarray, settings: LossSettings) -> np.ndarray:
    """Return each example's cross-entropy -sum(y log p), shape (N,), in nats.

    Neither summed nor averaged over the examples: which of the two is a convention.

    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.2.2.3.
    """
    last = probabilities(logits, settings)[-1]
    losses: np.ndarray = -np.sum(targets(y, target=settings.target) * np.log(last), axis=1)
    return losses


def logit_gradient(logits: np.ndarray, y: np.ndarray, settings: LossSettings) -> np.ndarray:
    """Differentiate the summed cross-entropy with respect to the logits, shape (N, C).

    With t the sum of y over what the softmax normalises (1 for one-hot rows), the last
    pass gives p t - y; each earlier pass maps g to p (g - sum(p g)).

    Source: Bishop, Pattern Recognition and Machine Learning (2006), equations 4.106, 4.109.
    """
    y = targets(y, target=settings.target)
    *earlier, last = probabilities(logits, settings)
    if settings.logit_gradient == "shortcut":
        shortcut: np.ndarray = last - y
        return shortcut
    axes = AXES[settings.softmax_axis]
    gradient: np.ndarray = last * y.sum(axis=axes, keepdims=True) - y
    for p in reversed(earlier):
        gradient = p * (gradient - (p * gradient).sum(axis=axes, keepdims=True))
    return gradient


def relu_slope(z: np.ndarray, relu_derivative: ReluDerivative) -> np.ndarray | float:
    """Return what the gradient of relu(z) is multiplied by; 0 at z = 0, as in PyTorch."""
    if relu_derivative == "missing":
        return 1.0
    return np.maximum(z, 0) if relu_derivative == "activation" else (z > 0).astype(np.float64)


def backward(
    layers: Layers,
    y: np.ndarray,
    network: Network,
    settings: LossSettings,
    *,
    hidden_factor: np.ndarray | float = 1.0,
    own: np.ndarray | None = None,
) -> Deltas:
    """Propagate the gradient of the summed loss back to the first layer.

    Labels y are (N, C); `hidden_factor` is what the backward pass knows of the dropout on
    relu(z). `own` (N, C) are probabilities that stand for those of the network, whatever
    they come from: the gradient of the logits is then own - y.

    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), algorithm 6.4.
    """
    logits = logit_gradient(layers.logits, y, settings) if own is None else own - y
    hidden = np.einsum("nc...,hc...->nh...", logits, network.w2) * hidden_factor
    slope = relu_slope(layers.preactivation, settings.relu_derivative)
    return Deltas(logits, hidden, hidden * slope)


def gradients(
    x: np.ndarray,
    y: np.ndarray,
    network: Network,
    settings: LossSettings,
    *,
    own: np.ndarray | None = None,
) -> dict[str, np.ndarray]:
    """Return what each example adds to the gradient of the summed loss.

    With a softmax over rows it is the gradient of that example's own loss. `own` (N, C) are
    probabilities from elsewhere, in place of the network's.

    Returns:
        w1 (N, D, H), w2 (N, H, C), b1 (N, H), b2 (N, C), and the gradients of the
        network's values: input (N, D), hidden (N, H), logits (N, C).
    """
    layers = forward(x, network)
    deltas = backward(layers, y, network, settings, own=own)
    return {
        "w1": x[:, :, None] * deltas.preactivation[:, None, :],
        "w2": layers.hidden[:, :, None] * deltas.logits[:, None, :],
        "b1": deltas.preactivation,
        "b2": deltas.logits,
        "input": np.einsum("nh...,dh...->nd...", deltas.preactivation, network.w1),
        "hidden": deltas.hidden,
        "logits": deltas.logits,
    }
