"""A network of one hidden ReLU layer and a softmax output: its passes, in PyTorch.

Written apart from the NumPy one: no derivative stands here, autograd finds them all. Axes
as there, but S simulations come first: x is (N, D) or (S, N, D).
"""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from reference.settings import LossSettings, ReluDerivative, SoftmaxAxis, Target


@dataclass(frozen=True)
class Network:
    """Weights w1 (D, H) and w2 (H, C), biases b1 (H,) and b2 (C,), float64."""

    w1: Tensor
    w2: Tensor
    b1: Tensor
    b2: Tensor


def with_slope(value: Tensor, slope: Tensor) -> Tensor:
    """Return `value`, but let autograd see `slope`: how a wrong derivative is written."""
    return value.detach() + (slope - slope.detach())


def softmax(logits: Tensor, *, softmax_axis: SoftmaxAxis = "row") -> Tensor:
    """Normalise exp(logits), shape (N, C), over an axis or over all entries."""
    return log_softmax(logits, softmax_axis).exp()


def log_softmax(logits: Tensor, softmax_axis: SoftmaxAxis) -> Tensor:
    """Return the logarithm of the softmax, shape (N, C)."""
    if softmax_axis == "batch":
        flat = functional.log_softmax(logits.flatten(-2), dim=-1)
        return flat.reshape(logits.shape)
    return functional.log_softmax(logits, dim=-1 if softmax_axis == "row" else -2)


def targets(y: Tensor, *, target: Target = "label") -> Tensor:
    """Return the one-hot targets (N, C) that are used, of the labels that were meant."""
    if target == "label":
        return y
    classes = y.shape[-1]
    index = torch.tensor(0 if target == "first" else classes - 1)
    return functional.one_hot(index, classes).to(y.dtype).expand_as(y)


def relu(z: Tensor, *, relu_derivative: ReluDerivative = "step") -> Tensor:
    """Return max(z, 0), with its own derivative or a wrong one."""
    h = torch.relu(z)
    if relu_derivative == "step":
        return h
    return with_slope(h, z if relu_derivative == "missing" else h**2 / 2)


def forward(x: Tensor, network: Network, *, relu_derivative: ReluDerivative = "step") -> Tensor:
    """Return the logits, shape (N, C), of inputs of shape (N, D)."""
    hidden = relu(x @ network.w1 + network.b1, relu_derivative=relu_derivative)
    return hidden @ network.w2 + network.b2


def probabilities(logits: Tensor, settings: LossSettings) -> Tensor:
    """Return the probabilities (N, C) after the last pass of the softmax."""
    for _ in range(settings.softmax_passes):
        logits = softmax(logits, softmax_axis=settings.softmax_axis)
    return logits


def cross_entropy(logits: Tensor, y: Tensor, settings: LossSettings) -> Tensor:
    """Return each example's cross-entropy -sum(y log p), shape (N,), in nats.

    The value never depends on `logit_gradient`; what autograd sees does.
    """
    y = targets(y, target=settings.target)
    before = logits
    for _ in range(settings.softmax_passes - 1):
        before = softmax(before, softmax_axis=settings.softmax_axis)
    losses = -(y * log_softmax(before, settings.softmax_axis)).sum(-1)
    if settings.logit_gradient == "exact":
        return losses
    shortcut = (probabilities(logits, settings) - y).detach()
    return with_slope(losses, (logits * shortcut).sum(-1))


def gradients(x: Tensor, y: Tensor, network: Network, settings: LossSettings) -> dict[str, Tensor]:
    """Return what each example adds to the gradient of the summed loss.

    Every example gets copies of the weights, so that autograd keeps their gradients apart.

    Returns:
        w1 (N, D, H), w2 (N, H, C), b1 (N, H), b2 (N, C), and the gradients of the
        network's values: input (N, D), hidden (N, H), logits (N, C).
    """
    w1, w2, b1, b2 = (
        part.expand(len(x), *part.shape).clone().requires_grad_()
        for part in (network.w1, network.w2, network.b1, network.b2)
    )
    rows = x.clone().requires_grad_()
    z = torch.einsum("nd,ndh->nh", rows, w1) + b1
    hidden = relu(z, relu_derivative=settings.relu_derivative)
    logits = torch.einsum("nh,nhc->nc", hidden, w2) + b2
    loss = cross_entropy(logits, y, settings).sum()
    sources = {"w1": w1, "w2": w2, "b1": b1, "b2": b2, "input": rows}
    sources |= {"hidden": hidden, "logits": logits}
    return dict(zip(sources, torch.autograd.grad(loss, list(sources.values())), strict=True))
