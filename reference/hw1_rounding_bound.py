"""How far single precision may move the weights HW-1 trains, bounded without measuring.

Let u = 2^-24, w_t the weights after t steps in exact arithmetic,
l the learning rate, g_t and H_t the gradient and the Hessian of the loss of step t at w_t. What
is computed, v_t, obeys v_{t+1} = v_t - l g_t(v_t) + r_t, where rounding adds

    |r_t| <= u |w_{t+1}| + l (e_t + 2 u |g_t|)

to first order: one rounding of the new weight, one each of the learning rate and of its product
with the gradient, and e_t, the error of the computed gradient itself. e_t follows from the
passes one operation after the other (`Step.error`): a sum of n products carries at most
gamma_n = n u / (1 - n u) times the sum of their absolute values, exp(a) a share of (|a| + 2) u.
The start, rounded too, is off by |r_{-1}| <= u |w_0|. With J_t = I - l H_t, to first order,

    |v_T - w_T| <= sum over t from -1 to T - 1 of |J_{T-1} ... J_{t+1}| |r_t|.

The products of the J_t are what can make a training sensitive: where l times the largest
eigenvalue of H_t exceeds 2, an error grows in that step. Nothing in this is fitted to what is
measured. ReLU is taken as linear around w_t: its kinks are not crossed by errors of this size.

Source: Higham, Accuracy and Stability of Numerical Algorithms (2002), sections 3.1 and 3.3.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from reference.hw1_given import GIVEN, Parts, network_of, pair
from reference.keep_flags import Order
from reference.settings import TrainingSettings, training_settings

__all__ = ["Step", "trained_weights_bound"]

UNIT = 2.0**-24


def trained_weights_bound(
    given: Mapping[str, Any], *, masks: np.ndarray | None = None, **options: Any
) -> Parts | None:
    """Bound what training in single precision may be off by, entry by entry.

    Args:
        given: the constants.
        masks: streams of keep flags, (S, K).
        options: settings without a mistake.

    Returns:
        w1 (S, 3, 4) and w2 (S, 4, 2); None where the settings predict nothing.
    """
    settings = training_settings(given, **{k: v for k, v in options.items() if k != "kept"})
    if settings.repeats_another or masks is None:
        return None
    x, y, network = pair(given, "x"), pair(given, "y"), network_of(given)
    order = Order(settings, len(x), network.w1.shape[1])
    flags = np.moveaxis(order.by_step(masks), 1, 0)
    start = np.concatenate([network.w1.ravel(), network.w2.ravel()])
    weights = np.repeat(start[None], len(masks), axis=0)
    jacobians, locals_ = [], [UNIT * np.abs(weights)]
    for examples, mask in zip(order.examples_of_steps(), flags, strict=True):
        step = Step(x[examples], y[examples], mask, settings)
        gradient, hessian = step.derivatives(weights)
        error = step.error(weights)
        rate = settings.learning_rate
        weights = weights - rate * gradient
        local = UNIT * np.abs(weights) + rate * (error + 2 * UNIT * np.abs(gradient))
        jacobians.append(np.eye(weights.shape[1]) - rate * hessian)
        locals_.append(local)
    return _split(_accumulated(jacobians, locals_), network.w1.size)


def _accumulated(jacobians: Sequence[np.ndarray], errors: Sequence[np.ndarray]) -> np.ndarray:
    """Carry each step's error to the end, and add them all: (S, P)."""
    total: np.ndarray = errors[-1].copy()
    product = np.broadcast_to(np.eye(total.shape[1]), jacobians[-1].shape)
    for jacobian, error in zip(reversed(jacobians), reversed(errors[:-1]), strict=True):
        product = product @ jacobian
        total += np.einsum("spq,sq->sp", np.abs(product), error)
    return total


class Step:
    """One step of gradient descent for S streams: its derivatives, and how they are rounded."""

    def __init__(
        self, x: np.ndarray, y: np.ndarray, mask: np.ndarray, settings: TrainingSettings
    ) -> None:
        """Take G examples x (G, D), y (G, C), and keep flags (S, G or 1, H)."""
        shares = {"sum": 1.0, "mean": 1 / len(x), "entries": 1 / y.size}
        self._share = shares[settings.reduction]
        self._x, self._y = x, y
        self._factor = np.broadcast_to(
            mask * settings.factor, (len(mask), len(x), mask.shape[-1])
        ).copy()

    def derivatives(self, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return gradients (S, P) and Hessians (S, P, P) of the loss at weights (S, P).

        Source: Bishop, Pattern Recognition and Machine Learning (2006), section 5.4.
        """
        x, f = self._x, self._factor
        w1, w2 = _split(weights, x.shape[1] * f.shape[2]).values()
        z = x @ w1
        slope, h = f * (z > 0), f * np.maximum(z, 0)
        p = _softmax(h @ w2)
        delta, (streams, examples, classes) = p - self._y, p.shape
        of_w1 = np.einsum("gd,sgh,shc->sgcdh", x, slope, w2)
        of_w2 = np.einsum("sgh,ck->sgchk", h, np.eye(classes))
        flat = [part.reshape(streams, examples, classes, -1) for part in (of_w1, of_w2)]
        logits = np.concatenate(flat, axis=-1)  # derivatives of the logits, (S, G, C, P)
        spread = p[..., None] * np.eye(classes) - p[..., None] * p[..., None, :]
        curved = np.einsum("sgcp,sgck,sgkq->spq", logits, spread, logits)
        both = np.einsum("gd,sgh,hi,sgc->sdhic", x, slope, np.eye(f.shape[2]), delta)
        cut = of_w1.shape[-2] * of_w1.shape[-1]
        cross = both.reshape(streams, cut, -1)
        curved[:, :cut, cut:] += cross
        curved[:, cut:, :cut] += np.swapaxes(cross, 1, 2)
        gradient = np.einsum("sgcp,sgc->sp", logits, delta)
        return gradient * self._share, curved * self._share

    def error(self, weights: np.ndarray) -> np.ndarray:
        """Bound the error of a gradient computed in single precision, (S, P)."""
        x, f, u = np.abs(self._x), self._factor, UNIT
        split = _split(weights, x.shape[1] * f.shape[2])
        w1, w2 = split["w1"], np.abs(split["w2"])
        z = self._x @ w1
        h, dz = np.maximum(z, 0) * f, _gamma(x.shape[1]) * (x @ np.abs(w1))
        dh = f * dz + 3 * u * h
        a = h @ split["w2"]
        da = _gamma(f.shape[2]) * (h @ w2) + dh @ w2
        p = _softmax(a)
        deep = (np.abs(a - a.max(axis=-1, keepdims=True)) + 4 + p.shape[-1]) * u
        dp = p * (da + deep + (p * (da + deep)).sum(axis=-1, keepdims=True))
        d = np.abs(p - self._y)
        dd = dp + u * d
        back, n = (d @ np.swapaxes(w2, 1, 2)) * f, _gamma(len(x))
        dback = (_gamma(p.shape[-1]) + 3 * u) * back + (dd @ np.swapaxes(w2, 1, 2)) * f
        g1 = n * (x.T @ back) + x.T @ dback
        ht = np.swapaxes(h, 1, 2)
        g2 = n * (ht @ d) + np.swapaxes(dh, 1, 2) @ d + ht @ dd
        flat = [g1.reshape(len(g1), -1), g2.reshape(len(g2), -1)]
        scaled: np.ndarray = np.concatenate(flat, axis=1) * self._share
        return scaled


def _softmax(logits: np.ndarray) -> np.ndarray:
    powers: np.ndarray = np.exp(logits - logits.max(axis=-1, keepdims=True))
    powers /= powers.sum(axis=-1, keepdims=True)
    return powers


def _gamma(n: int) -> float:
    return n * UNIT / (1 - n * UNIT)


def _split(flat: np.ndarray, first: int) -> Parts:
    w1, w2 = flat[:, :first], flat[:, first:]
    units = np.shape(GIVEN["w1"])[1]
    return {"w1": w1.reshape(len(flat), -1, units), "w2": w2.reshape(len(flat), units, -1)}
