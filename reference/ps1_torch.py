"""PS1 in PyTorch, where derivatives are autograd's: the counterpart of the NumPy reference."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from reference.ps1_settings import Activation
from reference.squared_error import FACTORS, Factor, Reduction

CURVES: dict[Activation, Callable[[Tensor], Tensor]] = {
    "tanh": torch.tanh,
    "relu": torch.relu,
    "sigmoid": torch.sigmoid,
}


@dataclass(frozen=True)
class Step:
    """The gradient of a layer's input (N, D), and weights (D, H) and bias (H,) after a step."""

    input_grad: Tensor
    weights: Tensor
    bias: Tensor


def slope(activation: Activation, x: Tensor) -> Tensor:
    """Differentiate an activation at every entry of x; relu has 0 at 0."""
    x = x.detach().clone().requires_grad_()
    (gradient,) = torch.autograd.grad(CURVES[activation](x).sum(), x)
    return gradient


def squared_error(
    y_true: Tensor, y_pred: Tensor, *, reduction: Reduction = "mean", factor: Factor = "one"
) -> Tensor:
    """Return the squared error under a way of averaging, of shape (C,), (N, C) or (N, 1, C)."""
    if reduction == "mean":
        return FACTORS[factor] * functional.mse_loss(y_pred, y_true)
    total = functional.mse_loss(y_pred, y_true, reduction="sum")
    rows = y_true.reshape(-1, y_true.shape[-1])
    counts = {"examples": len(rows), "outputs": rows.shape[1], "length": len(y_true)}
    return FACTORS[factor] * total / counts.get(reduction, 1)


def squared_error_gradient(
    y_true: Tensor, y_pred: Tensor, *, reduction: Reduction = "mean", factor: Factor = "one"
) -> Tensor:
    """Differentiate the squared error with respect to y_pred."""
    y_pred = y_pred.detach().clone().requires_grad_()
    loss = squared_error(y_true, y_pred, reduction=reduction, factor=factor)
    (gradient,) = torch.autograd.grad(loss, y_pred)
    return gradient


def affine_step(
    x: Tensor, weights: Tensor, bias: Tensor, output_grad: Tensor, learning_rate: float
) -> Step:
    """Take one step of torch.optim.SGD with the layer nn.Linear."""
    layer = linear(weights, bias)
    x = x.detach().clone().requires_grad_()
    layer(x).backward(output_grad)
    torch.optim.SGD(layer.parameters(), lr=learning_rate).step()
    if x.grad is None:
        raise AssertionError("backward leaves a gradient on the input")
    return Step(x.grad, layer.weight.detach().T, layer.bias.detach())


def linear(weights: Tensor, bias: Tensor) -> nn.Linear:
    """Make a layer of weights (D, H), which nn.Linear keeps as (H, D), and bias of H entries."""
    D, H = weights.shape
    layer = nn.Linear(D, H, dtype=weights.dtype)
    with torch.no_grad():
        layer.weight.copy_(weights.T)
        layer.bias.copy_(bias.reshape(-1))
    return layer


def network(layers: Sequence[tuple[Tensor, Tensor]], activation: Activation) -> nn.Sequential:
    """Make a network of weights and biases with an activation after every layer."""
    kinds = {"tanh": nn.Tanh, "relu": nn.ReLU, "sigmoid": nn.Sigmoid}
    stages = [stage for layer in layers for stage in (linear(*layer), kinds[activation]())]
    return nn.Sequential(*stages)


def train(
    x: Tensor, y: Tensor, model: nn.Sequential, *, epochs: int, learning_rate: float
) -> nn.Sequential:
    """Train in place on the mean squared error, one example at a time in the order given."""
    steps = torch.optim.SGD(model.parameters(), lr=learning_rate)
    for _ in range(epochs):
        for row, label in zip(x, y, strict=True):
            steps.zero_grad()
            torch.autograd.backward(functional.mse_loss(model(row), label))
            steps.step()
    return model
