"""Derivatives of the reference's own functions, by differences."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from grader.execution.asking.derivatives import PLACES, moved, step_size
from grader.scoring.hypothesis import Hypothesis
from grader.scoring.predictions import Parts, Predictions
from grader.scoring.probed.fourth_order import slope


def differentiated(
    predictions: Predictions, hypothesis: Hypothesis, given: Mapping[str, Any], argument: str
) -> Parts | None:
    """Differentiate a function of the reference, entry by entry, by fourth-order differences.

    Args:
        predictions: the reference.
        hypothesis: the function and its settings; it works on each entry by itself.
        given: its arguments, among other constants.
        argument: the name of the one it is differentiated by.

    """
    x = np.asarray(given[argument], dtype=float)
    values: dict[str, np.ndarray] = {}
    for place in PLACES:
        parts = predictions.ask(hypothesis, {**given, argument: moved(x, place)})
        if parts is None:
            return None
        values[place] = next(iter(parts.values()))
    return {"result": slope(values, step_size(x))}
