"""One pass of a layer: what went in, what it kept before and after, and what came out."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from grader.recording.model import StepResult
from grader.scoring.hypothesis import Hypothesis
from grader.scoring.predictions import Parts
from grader.scoring.probed.holding import agrees
from grader.scoring.probed.layout import Layout
from grader.scoring.probed.view import CaseView, View


@dataclass(frozen=True)
class Pass:
    """A case of a layer, its parameters read by a layout."""

    view: View
    case: CaseView
    layout: Layout

    def step(self, what: str) -> StepResult | None:
        """Return a step of this case: "forward", "backward", "again"."""
        return self.view.result.step(f"{what}{self.case.number}")

    @cached_property
    def arguments(self) -> tuple[np.ndarray, np.ndarray, float]:
        """The input, the gradient of the output, and the learning rate."""
        x, grad, rate = self.case.arguments.values()
        return x, grad, float(rate)

    @property
    def single(self) -> bool:
        """Whether there is one example."""
        return len(self.arguments[0]) == 1

    @cached_property
    def weights(self) -> np.ndarray:
        """The weights (inputs, outputs) that the passes began with."""
        found = self.layout.weights_in(self._first)
        if found is None:
            raise ValueError("the layout is another")
        return found

    @cached_property
    def bias(self) -> np.ndarray:
        """The bias the passes began with, (1, outputs)."""
        found = self.layout.bias_in(self._first)
        outputs = self.weights.shape[1]
        return np.zeros((1, outputs)) if found is None else _row(found, outputs)

    @cached_property
    def weights_after(self) -> np.ndarray | None:
        """The weights after the step; None where they are no such array any more."""
        found = self.layout.weights_in(self.step("after"))
        return found if found is not None and found.shape == self.weights.shape else None

    @cached_property
    def bias_after(self) -> np.ndarray | None:
        """The bias after the step, (1, outputs); None where it has other entries."""
        found, outputs = self.layout.bias_in(self.step("after")), self.weights.shape[1]
        return _row(found, outputs) if found is not None and found.size in (1, outputs) else None

    def predicted(self, hypothesis: Hypothesis) -> Parts | None:
        """Return what the reference says comes of going back through this very layer."""
        x, grad, rate = self.arguments
        given = {
            "x": x,
            "output_grad": grad,
            "learning_rate": np.array(rate),
            **self.case.arguments,
            "weights": self.weights.astype(float),
            "bias": self.bias.astype(float),
        }
        return self.view.predicted(hypothesis, replace(self.case, arguments=given))

    def forward(self, what: str) -> bool:
        """Say whether going forward gave x W + b, with the parameters of that time."""
        weights, bias = self.weights, self.bias
        if what == "again":
            if self.weights_after is None or (self.layout.bias and self.bias_after is None):
                return True  # said of the step already
            weights = self.weights_after
            bias = self.bias if self.bias_after is None else self.bias_after
        return self.gave(what, self.arguments[0] @ weights + bias)

    def gave(self, what: str, expected: np.ndarray) -> bool:
        """Say whether a step gave an array, whatever its axes of length 1."""
        step = self.step(what)
        array = None if step is None else step.array
        return array is not None and self.same(array, expected)

    def same(self, array: np.ndarray, expected: np.ndarray) -> bool:
        """Say whether two arrays are the same, but for axes of length 1."""
        if np.squeeze(array).shape != np.squeeze(expected).shape or not np.isfinite(array).all():
            return False
        return agrees(self.view, array, np.asarray(expected, dtype=float))

    @property
    def _first(self) -> StepResult | None:
        """The layer as it was built, or, where it draws its weights later, after that."""
        built = self.step("layer")
        if built is not None and self.layout.weights in built.values:
            return built
        return self.step("kept")


def _row(bias: np.ndarray, outputs: int) -> np.ndarray:
    return np.broadcast_to(bias.reshape(1, -1), (1, outputs))
