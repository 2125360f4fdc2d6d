"""Notebooks run twice, for real: computed answers move, typed ones stay however disguised."""

import base64
import json
from pathlib import Path

import nbformat
import numpy as np
import pytest

from grader.batch import record_class
from grader.batch.perturbing import changes_asked
from grader.batch.scorer import ScoringDesk
from grader.rubric.reference import open_rubric
from grader.scoring.verdict import Verdict
from reference import hw1

RUBRIC = Path(__file__).parents[1] / "rubrics" / "hw1.toml"
OUTPUTS = np.stack(list(hw1.outputs(hw1.GIVEN).values()))
GRADIENT = hw1.gradient_w1(hw1.GIVEN)["w1"]
ROUNDED = np.round(OUTPUTS, 7)
MOVED = "moved as it should"
DATA = """
import numpy as np, torch, base64, json
import torch.nn.functional as F
X = np.arange(1, 7).reshape(2, 3)
Y = np.eye(2)[[1, 0]]
w1 = np.arange(0.1, 1.25, 0.1).reshape(3, 4)
w2 = np.array([[2, 3], [4, 5], [6, 7], [8, 9]]) / 10
"""
FORWARD = """
h = np.maximum(X @ w1, 0)
e = np.exp(h @ w2)
out = e / e.sum(axis=1, keepdims=True)
print(out)
"""
GRADIENT_NUMPY = "grad = X.T @ (((out - Y) @ w2.T) * (h > 0))\nprint(grad)"
TRAINING = """
a, b = w1.copy(), w2.copy()
for epoch in range(100):
    mask = (np.random.rand(2, 4) < 0.6) / 0.6
    hidden = np.maximum(X @ a, 0) * mask
    e = np.exp(hidden @ b)
    d = e / e.sum(1, keepdims=True) - Y
    step = X.T @ ((d @ b.T) * mask)
    b = b - 0.01 * hidden.T @ d
    a = a - 0.01 * step
print(a, b)
"""
TORCH = """
net = torch.nn.Sequential(torch.nn.Linear(3, 4, bias=False), torch.nn.ReLU(),
                          torch.nn.Linear(4, 2, bias=False))
xt = torch.tensor([[1., 2., 3.], [4., 5., 6.]])
net[0].weight.data = torch.linspace(.1, 1.2, 12).view(3, 4).t().contiguous()
net[2].weight.data = torch.tensor([[.2, .4, .6, .8], [.3, .5, .7, .9]])
print(F.softmax(net(xt), dim=1))
F.cross_entropy(net(xt), torch.tensor([1, 0]), reduction="sum").backward()
print(net[0].weight.grad)
"""
TORCH_TRAINING = """
a = torch.tensor(w1, requires_grad=True)
b = torch.tensor(w2, requires_grad=True)
sgd = torch.optim.SGD([a, b], lr=0.01)
for epoch in range(100):
    sgd.zero_grad()
    hidden = F.dropout(F.relu(torch.tensor(X, dtype=torch.float64) @ a), 0.4)
    F.cross_entropy(hidden @ b, torch.tensor([1, 0]), reduction="sum").backward()
    sgd.step()
print(a, b)
"""
HONEST = [DATA, FORWARD, GRADIENT_NUMPY, TRAINING, TORCH, TORCH_TRAINING]
TEXT = base64.b64encode(json.dumps(ROUNDED.tolist()).encode()).decode()
RAW = base64.b64encode(OUTPUTS.tobytes()).decode()
SUM = ROUNDED - 0.5
SUBMISSIONS = {
    "honest": HONEST,
    "plain": [DATA, f"out = np.array({ROUNDED.tolist()})\nprint(out)"],
    "sum": [DATA, f"out = np.array({SUM.tolist()}) + 0.5\nprint(out)"],
    "text": [DATA, f"out = np.array(json.loads(base64.b64decode('{TEXT}')))\nprint(out)"],
    "raw": [
        DATA,
        f"out = np.frombuffer(base64.b64decode('{RAW}')).reshape(2, 2)\nprint(out)",
    ],
    "checks": [DATA, FORWARD, f"assert np.allclose(out, {ROUNDED.tolist()}, atol=1e-6)"],
    "rounds": [DATA, FORWARD.replace("print(out)", f"print(out.round(7))  # {ROUNDED.tolist()}")],
    "crashes": [DATA, FORWARD.replace("h =", "assert X[0, 0] == 1\nh =")],
    "hides": ["import numpy as np\nX, w1, w2 = (np.load(n) for n in 'Xvw')", FORWARD],
    "partly": [
        DATA.replace("w1 = ", "w1 = 0.1 + np.cumsum(np.full(12, .1)).reshape(3, 4) - .1 #"),
        FORWARD,
    ],
}

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("perturbed")]


Graded = dict[str, dict[str, Verdict]]


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    folder, out = (tmp_path_factory.mktemp(name) for name in ("class", "reports"))
    for name, sources in SUBMISSIONS.items():
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / f"{name}.ipynb")
    rubric, reference = open_rubric(RUBRIC)
    changes = changes_asked(rubric, reference, asked=True)
    record_class(rubric, folder, out / "workspace", changes=changes)
    desk = ScoringDesk(RUBRIC, out / "workspace", out)
    return {name: {v.question: v for v in desk.work(name).verdicts} for name in SUBMISSIONS}


def test_an_honest_notebook_keeps_full_marks_and_is_told_that_it_moved(graded: Graded) -> None:
    for question in graded["honest"].values():
        assert (question.outcome, question.mistakes) == ("correct", ()), question
        assert any(MOVED in remark for remark in question.remarks)
        assert not question.needs_review


@pytest.mark.parametrize("name", ["plain", "sum", "text", "raw"])
def test_typed_answers_are_caught_however_they_are_disguised(graded: Graded, name: str) -> None:
    question = graded[name]["forward-numpy"]

    assert (question.outcome, question.points) == ("wrong", 0)
    assert (question.mistakes, question.needs_review) == (("typed-in",), False)


@pytest.mark.parametrize("name", ["rounds", "partly"])
def test_computed_answers_are_told_from_typed_ones(graded: Graded, name: str) -> None:
    question = graded[name]["forward-numpy"]

    assert (question.outcome, question.points) == ("correct", 15)
    assert any(MOVED in remark for remark in question.remarks)


def test_an_answer_checked_against_a_literal_keeps_its_points(graded: Graded) -> None:
    question = graded["checks"]["forward-numpy"]

    assert (question.outcome, question.points) == ("correct", 15)


def test_a_second_run_that_crashes_decides_nothing(graded: Graded) -> None:
    question = graded["crashes"]["forward-numpy"]

    assert (question.outcome, question.points) == ("correct", 15)
    assert any("cell 2 did not run to its end" in remark for remark in question.remarks)


def test_where_nothing_is_found_nothing_changes(graded: Graded) -> None:
    assert graded["hides"]["forward-numpy"].outcome == "missing"
