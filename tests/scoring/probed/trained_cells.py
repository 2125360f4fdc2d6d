"""Cells of code that train small networks, and the verdict on what a probe finds of them."""

from pathlib import Path
from typing import Any

import nbformat

from grader.execution.asking.plan import Asking
from grader.execution.outcome import CellRun
from grader.recording.model import Recording
from grader.recording.probes import read_probes
from grader.rubric.loading import load
from grader.scoring.grade import Scorer
from grader.scoring.verdict import PartVerdict
from tests.scoring.probed.conftest import rubric_of, take

HERE = Path(__file__).parents[2] / "assignments" / "blobs" / "blobs.toml"
ROOT = Path(__file__).parents[3]
HEAD = """
import numpy as np

rng = np.random.default_rng(0)
CORNERS = np.array([[1, 1, 0, 0, 0, 1], [0, 1, 1, 0, 1, 0], [1, 0, 0, 1, 1, 0], [0, 0, 1, 1, 0, 1]])
labels = rng.integers(4, size=300)
x_train = (CORNERS[labels] + rng.normal(scale=0.35, size=(300, 6)))[:, None, :]
y_train = np.eye(4)[labels]


class Affine:
    def __init__(self, inputs, outputs):
        self.weights = rng.normal(size=(inputs, outputs)) / np.sqrt(inputs)
        self.bias = np.zeros((1, outputs))

    def forward_propagation(self, x):
        self.input = x
        return x @ self.weights + self.bias

    def backward_propagation(self, grad, rate):
        before = grad @ self.weights.T
        self.weights -= rate * self.input.T @ grad
        self.bias -= rate * grad
        return before


class Curve:
    def __init__(self, function=np.tanh):
        self.function = function

    def forward_propagation(self, x):
        self.output = self.function(x)
        return self.output

    def backward_propagation(self, grad, rate):
        return grad * (1 - self.output**2)


def mse(y, out):
    return np.mean((y - out) ** 2)


def mse_grad(y, out):
    return 2 * (out - y) / y.size


class Network:
    def __init__(self, *sizes):
        self.layers = []
        self.loss, self.loss_grad = mse, mse_grad
        for one, other in zip(sizes, sizes[1:]):
            self.layers += [Affine(one, other), Curve()]

    def predict(self, x):
        found = []
        for one in x:
            for layer in self.layers:
                one = layer.forward_propagation(one)
            found.append(one)
        return found

    def fit(self, x, y, epochs, rate):
        for _ in range(epochs):
            for one, label in zip(x, y):
                for layer in self.layers:
                    one = layer.forward_propagation(one)
                grad = self.loss_grad(label[None], one)
                for layer in reversed(self.layers):
                    grad = layer.backward_propagation(grad, rate)
"""
MADE = "first = Network(6, 5, 4)\n"
TRAINED = MADE + "first.fit(x_train, y_train, 5, 0.2)\n"
TRAINING: dict[str, Any] = {
    "probe": "training",
    "name": "first",
    "of": "Network",
    "sizes": [6, 5, 4],
    "inputs": "unseen_points",
    "threshold": "right_trainings",
}


def asked(
    *cells: str,
    data: str = "points",
    printed: str = "",
    stored: str = "",
    part: dict[str, Any] = TRAINING,
    library: str = "any",
) -> Recording:
    """Run cells, ask what a part asks, and record it, as if the last cell had printed that."""
    rubric = rubric_of(part, {"library": library}, "blobs.py")
    sources = [HEAD, *cells]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in sources])
    probes = Asking(rubric, HERE).probes(notebook, 7)
    return Recording(
        *("s", "s.ipynb", "k"),
        probes=read_probes(probes, [take(probe, tuple(sources)) for probe in probes]),
        cells=tuple(CellRun(n, c, "ok", n / 2) for n, c in enumerate(sources, 1)),
        data={"corners": data},
        executed=_with_output(sources, printed),
        handed_in=_with_output(sources, stored),
    )


def verdict_on(
    recording: Recording, part: dict[str, Any] = TRAINING, library: str = "any"
) -> PartVerdict:
    rubric = rubric_of(part, {"library": library}, "blobs.py")
    return Scorer(rubric, load("blobs.py", HERE)).grade(recording).verdicts[0].parts[0]


def judged(*cells: str, part: dict[str, Any] = TRAINING, **more: Any) -> PartVerdict:
    recording = asked(*cells, part=part, **more)
    return verdict_on(recording, part, more.get("library", "any"))


def _with_output(sources: list[str], text: str) -> Any:
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    if text:
        cells[-1]["outputs"] = [nbformat.v4.new_output("stream", name="stdout", text=text)]
    return nbformat.v4.new_notebook(cells=cells)
