"""Where a layer keeps its weights and its bias: found by their shapes, confirmed by values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from grader.recording.model import Returned, StepResult

Arrays = Mapping[str, Returned]
NO_BIAS = ""


@dataclass(frozen=True)
class Layout:
    """The paths of the parameters below the layer, and how the weights lie.

    The bias has the path "" where the layer keeps none.
    """

    weights: str
    bias: str
    inputs_first: bool

    def weights_in(self, step: StepResult | None) -> np.ndarray | None:
        """Return the weights, (inputs, outputs), whichever way they are kept."""
        array = _array(step, self.weights)
        if array is None or array.ndim != 2:
            return None
        return array if self.inputs_first else array.T

    def bias_in(self, step: StepResult | None) -> np.ndarray | None:
        """Return the bias, as it is kept."""
        return _array(step, self.bias) if self.bias else None

    @property
    def words(self) -> str:
        """Which way the weights lie."""
        return "(in, out)" if self.inputs_first else "(out, in)"


def layouts(step: StepResult, inputs: int, outputs: int) -> list[Layout]:
    """List the layouts that go with the shapes of what a layer keeps, with a bias first."""
    found = []
    for path, value in step.values.items():
        shape = value.array.shape
        if shape in ((inputs, outputs), (outputs, inputs)) and _is_real(value.array):
            biases = [*_biases(step.values, outputs), NO_BIAS]
            found += [Layout(path, bias, shape == (inputs, outputs)) for bias in biases]
    return sorted(found, key=lambda one: one.bias == NO_BIAS)


def most_numbers(step: StepResult) -> int:
    """Return how many numbers the largest array has that a layer keeps."""
    return max((value.array.size for value in step.values.values()), default=0)


def _biases(values: Arrays, outputs: int) -> Iterator[str]:
    shapes = ((1, outputs), (outputs,), (outputs, 1))
    yield from (path for path, value in values.items() if path and value.array.shape in shapes)
    zeros = (path for path, value in values.items() if path and _is_zero(value.array))
    yield from zeros


def _is_zero(array: np.ndarray) -> bool:
    """Tell a bias that is one number until it becomes an array."""
    return array.size == 1 and not np.any(array)


def _array(step: StepResult | None, path: str) -> np.ndarray | None:
    value = None if step is None else step.values.get(path)
    return value.array if value is not None and _is_real(value.array) else None


def _is_real(array: np.ndarray) -> bool:
    return array.dtype.kind in "biuf"
