from typing import Any

import pytest

from tests.scoring.probed.conftest import Ask, Judge

SIZES = [12, 6, 5, 4]
PART: dict[str, Any] = {"probe": "module", "name": "Net", "sizes": SIZES}
HEAD = """
import torch
import torch.nn as nn
import torch.nn.functional as F
import numpy as np
"""
LAYERS = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(12, 6)
        self.fc2 = nn.Linear(6, 5)
        self.fc3 = nn.Linear(5, 4)
"""
TANH = """
    def forward(self, x):
        x = torch.tanh(self.fc1(x))
        x = torch.tanh(self.fc2(x))
        return torch.tanh(self.fc3(x))
"""
NET = LAYERS + TANH
SEQUENTIAL = (
    "nn.Sequential(nn.Linear(12, 6), nn.Tanh(), nn.Linear(6, 5), nn.Tanh(), "
    "nn.Linear(5, 4), nn.Tanh())"
)
OWN = """
class Affine:
    def __init__(self, inputs, outputs):
        self.w = np.random.default_rng(0).normal(size=(outputs, inputs))
        self.b = np.zeros((outputs, 1))
    def forward_propagation(self, x):
        self.input = x
        return x @ self.w.T + self.b.T
class Curve:
    def __init__(self, function):
        self.function = function
    def forward_propagation(self, x):
        self.input = x
        return self.function(x)
class Network:
    def __init__(self, *functions):
        self.layers = []
        for one, (inputs, outputs) in zip(functions, [(12, 6), (6, 5), (5, 4)]):
            self.layers += [Affine(inputs, outputs), Curve(one)]
    def predict(self, x):
        return x
"""
OF: dict[str, Any] = {**PART, "of": "Network"}


def relu_is(text: str) -> str:
    return NET.replace("torch.tanh(self.fc1(x))", text)


@pytest.mark.parametrize(
    "source",
    [
        NET,
        NET.replace("torch.tanh(self.fc1(x))", "F.tanh(self.fc1(x))"),
        NET.replace("torch.tanh(self.fc1(x))", "self.fc1(x).tanh()"),
        NET.replace("torch.tanh(self.fc1(x))", "F.relu(self.fc1(x), inplace=True)"),
        NET.replace("torch.tanh(self.fc1(x))", "torch.tanh(self.fc1(x.view(-1, 12)))"),
        NET.replace("torch.tanh(self.fc1(x))", "torch.tanh(self.fc1(torch.flatten(x, 1)))"),
        NET.replace(
            "torch.tanh(self.fc1(x))", "torch.tanh(self.fc1(F.dropout(x, 0.5, self.training)))"
        ),
        NET.replace("torch.tanh(self.fc1(x))", "2 / (1 + torch.exp(-2 * self.fc1(x))) - 1"),
        f"class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        f"        self.all = {SEQUENTIAL}\n    def forward(self, x): return self.all(x)\n",
        "class Net(nn.Module):\n    def __init__(self, sizes=(12, 6, 5, 4)):\n"
        "        super().__init__()\n        self.all = nn.ModuleList("
        "nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))\n    def forward(self, x):\n"
        "        for one in self.all: x = torch.sigmoid(one(x))\n        return x\n",
        "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        shapes = [(12, 6), (6, 5), (5, 4)]\n"
        "        self.w = nn.ParameterList([torch.randn(a, b) for a, b in shapes])\n"
        "        self.b = nn.ParameterList([torch.zeros(b) for b in (6, 5, 4)])\n"
        "    def forward(self, x):\n"
        "        for w, b in zip(self.w, self.b): x = torch.tanh(x @ w + b)\n        return x\n",
        NET.replace("def __init__(self)", "def __init__(self, size)") + "net = Net(3)\n",
        NET.replace(
            "        x = torch.tanh(self.fc1(x))",
            "        assert x.dim() == 3\n        x = torch.tanh(self.fc1(x))",
        ),
    ],
)
def test_the_layers_are_found_however_they_are_written(judge: Judge, source: str) -> None:
    verdict = judge(HEAD + source, **PART)

    assert (verdict.points, verdict.outcome, verdict.mistakes) == (10, "correct", ())
    assert "12-6-5-4" in verdict.explanation
    assert verdict.facts["parameters"] == 12 * 6 + 6 + 6 * 5 + 5 + 5 * 4 + 4


def test_the_activations_are_named_in_order(judge: Judge) -> None:
    mixed = NET.replace("torch.tanh(self.fc2(x))", "F.leaky_relu(self.fc2(x))")

    assert "with tanh, leaky_relu, tanh" in judge(HEAD + mixed, **PART).explanation


@pytest.mark.parametrize(
    ("source", "mistake", "points"),
    [
        (NET.replace("6, 5)", "6, 7)").replace("5, 4)", "7, 4)"), "sizes", 4),
        (NET.replace("torch.tanh(self.fc1(x))", "self.fc1(x)"), "activation-missing", 6),
        (NET.replace("torch.tanh(self.fc3(x))", "self.fc3(x)"), "last-activation-missing", 7.5),
        (NET.replace("nn.Linear(6, 5)", "nn.Linear(6, 5, bias=False)"), "no-bias", 7.5),
        (
            NET.replace("torch.tanh(self.fc3(x))", "torch.tanh(self.fc3(x)) * float('nan')"),
            "not-finite",
            4,
        ),
        (NET.replace("self.fc1(x)", "self.fc9(x)"), "forward", 4),
        (NET.replace("return", "self.fc1.weight.data *= 2\n        return"), "forward-values", 5),
        (NET.replace("nn.Linear(6, 5)", "nn.Linear(7, 5)"), "forward", 1),
        (NET.replace("nn.Linear(6, 5)", "nn.Linear(6)"), "raises", 0),
        (NET.replace("return torch.tanh(self.fc3(x))", "torch.tanh(self.fc3(x))"), "forward", 4),
    ],
)
def test_what_is_wrong_is_named_and_priced(
    judge: Judge, source: str, mistake: str, points: float
) -> None:
    verdict = judge(HEAD + source, **PART)

    assert (verdict.mistakes, verdict.points) == ((mistake,), points)


@pytest.mark.parametrize(
    "source",
    [
        "x = 1",
        "class Net:\n    pass",
        "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "    def forward(self, x):\n        pass\n",
    ],
)
def test_nothing_to_judge_is_missing(judge: Judge, source: str) -> None:
    verdict = judge(HEAD + source, **PART)

    assert (verdict.outcome, verdict.points) == ("missing", 0)


@pytest.mark.parametrize(
    ("end", "name"),
    [("F.softmax(x, dim=-1)", "probabilities"), ("F.log_softmax(x, dim=-1)", "log-probabilities")],
)
def test_probabilities_at_the_end_are_a_convention(judge: Judge, end: str, name: str) -> None:
    source = NET.replace("torch.tanh(self.fc3(x))", end.replace("(x", "(self.fc3(x)"))

    verdict = judge(HEAD + source, **PART)

    assert (verdict.points, verdict.conventions) == (10, {"output": name})


def test_logits_are_a_convention_where_the_loss_contains_the_rest(judge: Judge) -> None:
    source = NET.replace("torch.tanh(self.fc3(x))", "self.fc3(x)")

    verdict = judge(HEAD + source + "criterion = nn.CrossEntropyLoss()\n", **PART)

    assert (verdict.points, verdict.conventions) == (10, {"output": "logits"})


@pytest.mark.parametrize(
    "made", [f"Net = {SEQUENTIAL}", f"def Net(): return {SEQUENTIAL}", f"net = {SEQUENTIAL}"]
)
def test_what_is_no_class_is_judged_with_a_remark(judge: Judge, made: str) -> None:
    verdict = judge(HEAD + made, **PART)
    priced = judge(HEAD + made, **PART, worth={"no-class": 0.8})

    assert verdict.points == 10
    assert "class" in verdict.remarks[0]
    assert priced.points == 8


def test_another_name_for_the_class_is_found(judge: Judge) -> None:
    assert judge(HEAD + NET.replace("Net", "PytorchModel"), **PART).points == 10


def test_a_layer_that_is_never_used_is_remarked(judge: Judge) -> None:
    source = NET.replace("5, 4)\n", "5, 4)\n        self.fc4 = nn.Linear(3, 3)\n", 1)

    verdict = judge(HEAD + source, **PART)

    assert verdict.points == 10
    assert "4 layers, of which 3" in verdict.remarks[0]


def test_the_activations_of_the_own_network_are_the_measure(judge: Judge) -> None:
    same = OWN + "mine = Network(np.tanh, np.tanh, np.tanh)\n"
    other = OWN + "mine = Network(np.tanh, lambda x: np.maximum(0, x), np.tanh)\n"

    assert judge(HEAD + NET + same, **OF).points == 10
    verdict = judge(HEAD + NET + other, **OF)
    assert (verdict.points, verdict.mistakes) == (7.5, ("other-activation",))
    assert "After layer 2" in verdict.explanation


def test_an_own_network_that_is_missing_is_no_measure(judge: Judge) -> None:
    assert judge(HEAD + NET, **OF).points == 10


def test_a_rubric_says_how_the_module_is_made(judge: Judge) -> None:
    source = NET.replace("def __init__(self)", "def __init__(self, size)")

    assert judge(HEAD + source, **PART, build="network = Net(12)").points == 10


def test_a_module_that_hangs_is_no_right_one(ask: Ask) -> None:
    verdict = ask(HEAD + NET, **PART).until("traced").verdict

    assert verdict.points < 5
    assert "did not finish within" in verdict.explanation
