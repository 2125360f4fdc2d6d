"""Training the two-layer network with dropout, many simulations at once, in PyTorch."""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from reference.keep_flags import Order
from reference.settings import TrainingSettings
from reference.two_layer_torch import Network, cross_entropy, relu, with_slope


def draw_masks(seed: int, shape: Sequence[int], rate: float) -> Tensor:
    """Return the keep flags that F.dropout draws after manual_seed(`seed`).

    The first axis of `shape` counts the calls of F.dropout, each on a tensor of the
    remaining axes: one call on a larger tensor may draw others. torch's random state is
    left as it was.
    """
    calls, *one = shape
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        ones = torch.ones(one, dtype=torch.float64)
        flags = [(functional.dropout(ones, rate) != 0).double() for _ in range(calls)]
    return torch.stack(flags)


def train(
    x: Tensor, y: Tensor, start: Network, settings: TrainingSettings, masks: Tensor | None = None
) -> dict[str, Tensor]:
    """Return the weights after gradient descent with each stream of keep flags.

    Args:
        x: inputs, shape (N, D).
        y: one-hot labels, shape (N, C).
        start: the weights and biases before the first step.
        settings: conventions and mistakes.
        masks: keep flags in the order drawn, shape (S, K); may be left out with
            dropout "none", where S is 1.

    Returns:
        w1 (S, D, H), w2 (S, H, C), b1 (S, H), b2 (S, C).
    """
    units = x.shape[1] if settings.dropout == "input" else start.b1.shape[0]
    order = Order(settings, len(x), units)
    if settings.dropout == "none":
        flags = torch.ones(1, order.steps, 1, 1, dtype=x.dtype)
    else:
        if masks is None or masks.shape[1] != order.length:
            raise ValueError(f"these settings need masks of shape (S, {order.length})")
        flags = torch.tensor(order.by_step(masks.double().numpy()), dtype=x.dtype)
    network = Network(
        start.w1.repeat(len(flags), 1, 1),
        start.w2.repeat(len(flags), 1, 1),
        start.b1.repeat(len(flags), 1, 1),
        start.b2.repeat(len(flags), 1, 1),
    )
    for examples, mask in zip(order.examples_of_steps(), flags.unbind(1), strict=True):
        network = _step(x[examples], y[examples], network, settings, mask)
    b1, b2 = network.b1.squeeze(1), network.b2.squeeze(1)
    return {"w1": network.w1, "w2": network.w2, "b1": b1, "b2": b2}


def _step(
    x: Tensor, y: Tensor, network: Network, settings: TrainingSettings, mask: Tensor
) -> Network:
    """Take one step downhill; `mask` is (S, G or 1, U), biases are (S, 1, H) and (S, 1, C)."""
    parts = [
        part.detach().requires_grad_() for part in (network.w1, network.w2, network.b1, network.b2)
    ]
    logits = _forward(x, Network(*parts), settings, mask)
    losses = cross_entropy(logits, y, settings.loss)
    # Simulations share no weights, so the sum over them keeps their gradients apart.
    loss = (losses.sum(-1) if settings.reduction == "sum" else losses.mean(-1)).sum()
    if settings.reduction == "entries":
        loss = loss / y.shape[-1]
    steps = torch.autograd.grad(loss, parts)
    if settings.decimals == "four":
        steps = tuple(torch.round(step, decimals=4) for step in steps)
    w1, w2, b1, b2 = (
        (part - settings.learning_rate * step).detach()
        for part, step in zip(parts, steps, strict=True)
    )
    return Network(w1, w2, b1, b2) if settings.bias == "trained" else _fixed(network, w1, w2)


def _fixed(network: Network, w1: Tensor, w2: Tensor) -> Network:
    return Network(w1, w2, network.b1, network.b2)


def _forward(x: Tensor, network: Network, settings: TrainingSettings, mask: Tensor) -> Tensor:
    """Return the logits (S, G, C), with the gradient the settings ask for."""
    factor = mask * settings.factor
    z = x @ network.w1 + network.b1
    if settings.dropout == "input":
        dropped = (x * factor) @ network.w1 + network.b1
        z = with_slope(dropped, z) if settings.mask_in_backward == "no" else dropped
    hidden = relu(z, relu_derivative=settings.loss.relu_derivative)
    if settings.dropout != "hidden":
        return hidden @ network.w2 + network.b2
    dropped = hidden * factor
    if settings.mask_in_backward == "partly":
        dropped = with_slope(dropped, hidden)
    logits = dropped @ network.w2 + network.b2
    if settings.mask_in_backward == "no":
        logits = with_slope(logits, hidden @ network.w2 + network.b2)
    return logits
