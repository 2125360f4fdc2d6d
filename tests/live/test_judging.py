"""What a session settles passes or fails; what it cannot settle is left to the grade."""

from collections.abc import Sequence
from typing import Any

import pytest

from grader.execution.outcome import Probe
from grader.live.asking import Answers, answered, packed
from grader.live.check import _probed
from grader.live.judging import LiveJudge, Seen
from grader.live.session import Session
from grader.live.snapshot import take_snapshot
from grader.results.model import Check
from grader.rubric.shipped import shipped_rubrics

DATA = """
import numpy as np
X = np.array([[1., 2., 3.], [4., 5., 6.]])
Y = np.array([[0., 1.], [1., 0.]])
w1 = np.arange(1, 13).reshape(3, 4) / 10
w2 = np.arange(2, 10).reshape(4, 2) / 10
def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
"""
OUTPUTS = "out = softmax(np.maximum(0, X @ w1) @ w2)"
GRADIENT = "g = X.T @ (((out - Y) @ w2.T) * (X @ w1 > 0))"


@pytest.fixture(scope="module")
def hw1() -> LiveJudge:
    return LiveJudge(shipped_rubrics()["hw1"])


@pytest.fixture(scope="module")
def ps1() -> LiveJudge:
    return LiveJudge(shipped_rubrics()["ps1"])


def session_of(cells: Sequence[str]) -> Session:
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in cells:
        exec(compile(cell, "<cell>", "exec"), names)
    return Session(names, dict(enumerate(cells, start=1)))


def judged(judge: LiveJudge, question: str, *cells: str) -> Check:
    session = session_of(cells)

    def ask(probes: tuple[Probe, ...], left: frozenset[str]) -> Answers:
        told, content = packed(probes)
        return answered(probes, *_probed(session, {"probes": told}, content, ()), left)

    seen = Seen(take_snapshot(session), session.sources, torch="torch" in "".join(cells))
    [check] = judge.result(seen, [question], ask).checks
    return check


def test_a_right_value_passes_with_its_cell(hw1: LiveJudge) -> None:
    check = judged(hw1, "gradient-numpy", DATA, "", OUTPUTS, GRADIENT)

    assert check.passes
    assert "`g` (cell 4)" in check.place


def test_a_mistake_is_named(hw1: LiveJudge) -> None:
    check = judged(hw1, "forward-numpy", DATA, OUTPUTS.replace("out =", "out = softmax(") + ")")

    assert check.fails
    assert check.explained_by == ("softmax twice",)


def test_a_value_of_torch_does_not_pass_for_numpys(hw1: LiveJudge) -> None:
    by_torch = "import torch\nout = torch.softmax(torch.relu(torch.tensor(X) @ torch.tensor(w1))"
    by_torch += " @ torch.tensor(w2), dim=1).numpy() * np.ones(2)"

    check = judged(hw1, "forward-numpy", DATA, by_torch)

    assert not check.passes


def test_what_is_not_there_yet_is_missing(hw1: LiveJudge) -> None:
    check = judged(hw1, "gradient-numpy", DATA)

    assert check.fails
    assert check.outcome == "missing"


def test_what_may_have_been_printed_is_left_open(hw1: LiveJudge) -> None:
    printing = f"def show():\n    {OUTPUTS}\n    print(out)\nshow()"

    check = judged(hw1, "forward-numpy", DATA, printing)

    assert check.waits
    assert "printed" in check.sentence


def test_what_was_overwritten_is_left_open(hw1: LiveJudge) -> None:
    check = judged(hw1, "forward-numpy", DATA, OUTPUTS, "out = np.ones((2, 2)) * 0.3")

    assert check.waits
    assert check.explained_by == ()


def test_a_mistake_where_another_value_stood_before_is_left_open(hw1: LiveJudge) -> None:
    check = judged(hw1, "forward-numpy", DATA, OUTPUTS, "out = softmax(out)")

    assert (check.waits, check.explained_by) == (True, ())


def test_a_cell_much_like_an_earlier_one_leaves_open_what_the_earlier_one_had(
    hw1: LiveJudge,
) -> None:
    check = judged(hw1, "forward-numpy", DATA, OUTPUTS, OUTPUTS.replace("X @", "-3 * X @"))

    assert check.waits


@pytest.mark.parametrize("question", ["forward-numpy", "forward-torch"])
@pytest.mark.parametrize(
    ("data", "outputs"),
    [
        (DATA, f"exec('{OUTPUTS}')"),
        (DATA.replace("X = np.array(", "X = torch.tensor(") + "X = X.numpy()", OUTPUTS),
    ],
)
def test_what_either_library_may_have_computed_is_left_open(
    hw1: LiveJudge, question: str, data: str, outputs: str
) -> None:
    check = judged(hw1, question, "import torch\n" + data, outputs)

    assert check.waits
    assert "NumPy or PyTorch" in check.sentence or "not found" in check.sentence.lower()


def test_what_a_tensor_became_is_of_torch(hw1: LiveJudge) -> None:
    torchs = "out = torch.softmax(torch.relu(torch.tensor(X @ w1)) @ torch.tensor(w2), 1).numpy()"

    check = judged(hw1, "forward-torch", DATA, f"import torch\n{torchs}")

    assert check.passes


def test_random_training_is_left_open_and_takes_no_simulation(
    hw1: LiveJudge, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a training was simulated")

    monkeypatch.setattr("grader.scoring.unsettled.by_distribution", refuse)

    check = judged(hw1, "dropout-numpy", DATA, "W1 = w1 * 1.01\nW2 = w2 * 1.02")

    assert (check.scope, check.waits) == ("later", True)
    assert "grader check" in check.sentence


def test_typed_numbers_do_not_pass(hw1: LiveJudge) -> None:
    session = session_of([DATA, OUTPUTS])
    typed = f"out = np.array({session.names['out'].tolist()})"

    check = judged(hw1, "forward-numpy", DATA.replace("np.exp", "np.abs"), typed)

    assert check.waits
    assert check.explained_by == ("typed in",)


def test_a_function_that_uses_what_is_not_defined_here_is_left_open(ps1: LiveJudge) -> None:
    source = "import numpy as np\n" + "\n".join(
        f"def {name}(x):\n    return {name}_of(x)"
        for name in ("tanh", "relu", "sigmoid", "tanh_grad", "relu_grad", "sigmoid_grad")
    )

    check = judged(ps1, "activations", source)

    assert check.waits
    assert "'tanh_of' is not defined" in check.sentence


def test_a_function_that_has_another_library_compute_does_not_pass(ps1: LiveJudge) -> None:
    source = """
import numpy as np
import torch
def mse(y_true, y_pred):
    return float(torch.mean((torch.tensor(y_true) - torch.tensor(y_pred)) ** 2))
def mse_grad(y_true, y_pred):
    return 2 * (y_pred - y_true) / y_true.size
"""

    check = judged(ps1, "loss", source)

    assert check.fails
    assert check.explained_by == ("other library",)


def test_trainings_are_left_open(ps1: LiveJudge) -> None:
    check = judged(ps1, "network", "my_network = 3")

    assert (check.waits, check.scope) == (True, "later")


def test_only_what_is_asked_for_is_answered_in_the_rubrics_order(hw1: LiveJudge) -> None:
    session = session_of([DATA])
    seen = Seen(take_snapshot(session), session.sources, torch=False)

    def nothing(probes: tuple[Probe, ...], left: frozenset[str]) -> Answers:
        return Answers(open=left)

    found = hw1.result(seen, ["gradient-torch", "forward-numpy"], nothing)

    assert [one.question for one in found.checks] == ["forward-numpy", "gradient-torch"]
    assert not found.whole
    assert hw1.result(seen, [], nothing).whole
