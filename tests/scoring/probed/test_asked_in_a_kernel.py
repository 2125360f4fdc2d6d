"""Derivatives, losses and layers asked in a real kernel, and judged."""

from typing import Any

import nbformat
import pytest

from grader.execution.asking.plan import Asking
from grader.execution.run import Runner
from grader.recording.assemble import assemble
from grader.rubric.model import Rubric
from grader.scoring.grade import Scorer
from grader.scoring.verdict import PartVerdict
from tests.scoring.probed.conftest import HERE, reference_of

PARTS: list[dict[str, Any]] = [
    {"probe": "derivative", "of": "tanh", "name": "tanh_grad", "expect": "tanh_grad",
     "inputs": "activation_inputs", "points": 2},
    {"probe": "derivative", "of": "relu", "name": "relu_grad", "expect": "relu_grad",
     "inputs": "activation_inputs", "points": 2, "seconds": 1},
    {"probe": "loss", "name": "mse", "expect": "mse", "inputs": "loss_inputs", "points": 2},
    {"probe": "loss", "of": "mse", "name": "mse_grad", "expect": "mse_grad",
     "inputs": "loss_inputs", "points": 2,
     "accept": {"reduction": ["mean", "length"], "factor": ["one"]}},
    {"probe": "layer", "name": "Affine_Layer", "expect": "affine_backward",
     "inputs": "affine_inputs", "points": 2},
]  # fmt: skip

CODE = """
import numpy as np

def tanh(x):
    return 1 / (1 + np.exp(-x))

def tanh_grad(x):
    return tanh(x) * (1 - tanh(x))

def relu(x):
    return np.maximum(x, 0)

def relu_grad(x):
    while True:
        pass

def mse(y_true, y_pred):
    return np.mean((y_true - y_pred) ** 2)

def mse_grad(y_true, y_pred):
    return 2 * (y_pred - y_true) / len(y_true)
"""
LAYER = """
class Dense:
    def __init__(self, i, o):
        self.weights = np.random.uniform(-1, 1, (o, i)) / np.sqrt(i)
        self.bias = np.random.rand(o, 1)

    def forward_propagation(self, x):
        self.x = x
        return (self.weights @ x.T + self.bias).T

    def backward_propagation(self, g, rate):
        self.weights = self.weights - rate * g.T @ self.x
        self.bias = self.bias - rate * g.sum(axis=0)[:, None]
        return g @ self.weights
"""


@pytest.fixture(scope="module")
def verdicts() -> list[PartVerdict]:
    question = {"id": "q", "title": "t", "points": 10, "library": "numpy", "parts": PARTS}
    rubric = Rubric.model_validate(
        {"format": "gradmark/rubric/1", "assignment": "a", "title": "t", "question": [question]}
        | {"reference": "reference.ps1"}
    )
    cells = [nbformat.v4.new_code_cell(code) for code in (CODE, LAYER, "tanh = tanh(1.0)")]
    notebook = nbformat.v4.new_notebook(cells=cells)
    with Runner() as runner:
        probes = Asking(rubric, HERE).probes(notebook, 3)
        done = runner.execute(notebook, limits=rubric.limits, seed=1, probes=probes)
    recording = assemble("s", "s.ipynb", "k", notebook, done)
    grade = Scorer(rubric, reference_of("reference.ps1")).grade(recording)
    return list(grade.verdicts[0].parts)


def test_a_derivative_of_a_lost_wrong_function_follows_it(verdicts: list[PartVerdict]) -> None:
    assert verdicts[0].points == 2
    assert any("which is not as it should be" in one for one in verdicts[0].remarks)


def test_a_derivative_that_hangs_earns_nothing(verdicts: list[PartVerdict]) -> None:
    assert verdicts[1].points == 0
    assert verdicts[1].cause == "timed_out"


def test_a_loss_is_right(verdicts: list[PartVerdict]) -> None:
    assert verdicts[2].outcome == "correct"


def test_ten_times_the_gradient_is_told(verdicts: list[PartVerdict]) -> None:
    assert verdicts[3].mistakes == ("inconsistent",)
    assert "ten times that of your loss" in verdicts[3].explanation


def test_a_layer_of_another_name_and_layout_that_steps_first_is_told(
    verdicts: list[PartVerdict],
) -> None:
    layer = verdicts[4]

    assert layer.mistakes == ("update-first",)
    assert layer.conventions["weights"] == "(out, in)"
    assert layer.conventions["initialisation"] == "uniform within 1/sqrt(inputs)"
    assert any("`Dense` here" in one for one in layer.remarks)
