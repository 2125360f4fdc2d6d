"""How many predictions fit their labels: what counts as a hit, and in which unit it is told.

Axes: N examples, C classes.
"""

from typing import Literal

import numpy as np

Hit = Literal["argmax", "rounding", "threshold", "any_entry"]
Unit = Literal["fraction", "percent", "count"]


def hits(outputs: np.ndarray, labels: np.ndarray, hit: Hit) -> np.ndarray:
    """Return for each example whether it is right, shape (N,), boolean.

    Args:
        outputs: the network's, shape (N, C).
        labels: one-hot, shape (N, C).
        hit: "argmax": the largest output is that of the label, the first one of equals.
            "rounding": every output, rounded, is the label's 0 or 1, which no example with
            outputs below 1/2 can be. "threshold": the outputs above 1/2 are the label's,
            which differs from rounding for outputs past 3/2 or below -1/2. "any_entry": the
            output of the label's own class is above 1/2, whatever the others are.
    """
    on = outputs > 0.5
    found: dict[Hit, np.ndarray] = {
        "argmax": outputs.argmax(axis=1) == labels.argmax(axis=1),
        "rounding": (np.round(outputs) == labels).all(axis=1),
        "threshold": (on == (labels > 0.5)).all(axis=1),
        "any_entry": np.any(on & (labels > 0.5), axis=1),
    }
    return found[hit]


def accuracy(
    outputs: np.ndarray, labels: np.ndarray, *, hit: Hit = "argmax", unit: Unit = "fraction"
) -> np.ndarray:
    """Return the share of hits, shape (): in [0, 1], in percent, or their number."""
    right = hits(outputs, labels, hit)
    scales: dict[Unit, float] = {"fraction": 1 / len(right), "percent": 100 / len(right)}
    return np.asarray(right.sum() * scales.get(unit, 1.0))
