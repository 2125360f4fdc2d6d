"""Training the two-layer network with dropout, many simulations at once, in NumPy."""

from collections.abc import Sequence

import numpy as np

from reference.keep_flags import Order
from reference.settings import TrainingSettings
from reference.two_layer import Network, backward, forward

# More at once leave the cache, fewer cost calls: 10,000 trainings of 100 epochs in 0.4 s.
AT_ONCE = 2048


def draw_masks(seed: int, shape: Sequence[int], rate: float) -> np.ndarray:
    """Draw keep flags, 1 with probability 1 - `rate`, from default_rng(`seed`)."""
    flags: np.ndarray = np.random.default_rng(seed).random(tuple(shape)) >= rate
    return flags.astype(np.float64)


def train(
    x: np.ndarray,
    y: np.ndarray,
    network: Network,
    settings: TrainingSettings,
    masks: np.ndarray | None = None,
) -> dict[str, np.ndarray]:
    """Return the weights after gradient descent with each stream of keep flags.

    Dropout is inverted unless the settings say otherwise: scaled in training, so that
    nothing is scaled afterwards.

    Args:
        x: inputs, shape (N, D).
        y: one-hot labels, shape (N, C).
        network: the start.
        settings: conventions and mistakes.
        masks: keep flags in the order drawn, shape (S, K); may be left out with
            dropout "none", where S is 1.

    Returns:
        w1 (S, D, H), w2 (S, H, C), b1 (S, H), b2 (S, C).

    Source: Srivastava et al., Dropout, JMLR 15 (2014), sections 4 and 10.
    """
    units = x.shape[1] if settings.dropout == "input" else network.b1.shape[0]
    order = Order(settings, len(x), units)
    if settings.dropout == "none":
        return _train_at_once(x, y, network, order, np.ones((order.steps, 1, 1, 1)))
    if masks is None or masks.shape[1] != order.length:
        raise ValueError(f"these settings need masks of shape (S, {order.length})")
    trained = [
        _train_at_once(x, y, network, order, _simulations_last(order, masks[start:][:AT_ONCE]))
        for start in range(0, max(len(masks), 1), AT_ONCE)
    ]
    return {name: np.concatenate([part[name] for part in trained]) for name in trained[0]}


def _simulations_last(order: Order, masks: np.ndarray) -> np.ndarray:
    """Arrange streams (S, K) as (T, G, U, S): NumPy is fastest along a long last axis."""
    flags = order.by_step(masks.astype(np.float64))
    return np.ascontiguousarray(np.moveaxis(flags, 0, -1))


def _train_at_once(
    x: np.ndarray, y: np.ndarray, start: Network, order: Order, flags: np.ndarray
) -> dict[str, np.ndarray]:
    """Train all simulations of `flags`, shape (T, G, U, S)."""
    parts = {
        name: np.repeat(part[..., None], flags.shape[-1], axis=-1)
        for name, part in (("w1", start.w1), ("w2", start.w2), ("b1", start.b1), ("b2", start.b2))
    }
    for examples, mask in zip(order.examples_of_steps(), flags, strict=True):
        steps = _gradients(
            x[examples, :, None], y[examples, :, None], Network(**parts), order.settings, mask
        )
        for name, step in steps.items():
            parts[name] -= order.settings.learning_rate * step
    return {name: np.moveaxis(part, -1, 0) for name, part in parts.items()}


def _gradients(
    x: np.ndarray, y: np.ndarray, network: Network, settings: TrainingSettings, mask: np.ndarray
) -> dict[str, np.ndarray]:
    """Return the gradients of one step, or what the settings take for them.

    Inputs x are (G, D, 1), labels y (G, C, 1), keep flags (G or 1, U, S).
    """
    factor = mask * settings.factor
    input_factor = factor if settings.dropout == "input" else 1.0
    hidden_factor = factor if settings.dropout == "hidden" else 1.0
    layers = forward(x, network, input_factor=input_factor, hidden_factor=hidden_factor)
    in_backward = hidden_factor if settings.mask_in_backward == "yes" else 1.0
    deltas = backward(layers, y, network, settings.loss, hidden_factor=in_backward)
    unmasked = settings.mask_in_backward == "no"
    inputs = x if unmasked else layers.inputs
    hidden = np.maximum(layers.preactivation, 0) if unmasked else layers.hidden
    found = {
        "w1": np.einsum("nd...,nh...->dh...", inputs, deltas.preactivation),
        "w2": np.einsum("nh...,nc...->hc...", hidden, deltas.logits),
    }
    if settings.bias == "trained":
        found |= {"b1": deltas.preactivation.sum(axis=0), "b2": deltas.logits.sum(axis=0)}
    shares = {"sum": 1.0, "mean": 1 / len(x), "entries": 1 / (len(x) * y.shape[1])}
    share = shares[settings.reduction]
    digits = 4 if settings.decimals == "four" else None
    return {
        name: part * share if digits is None else np.round(part * share, digits)
        for name, part in found.items()
    }
