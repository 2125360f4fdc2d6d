"""The notebook's own losses, found and differentiated in a fork of it."""

from collections.abc import Iterator

import numpy as np
import pytest
from nbformat import v4

from grader.execution.frames import read_frames
from grader.execution.isolation import detect
from grader.execution.outcome import Execution, Probe
from grader.execution.run import Runner
from grader.recording.model import OwnSlope
from grader.recording.own_slopes import read_slopes
from grader.rubric.model import Limits

pytestmark = pytest.mark.skipif(
    not detect().forks, reason=f"kernels cannot be forked here: {detect().text}"
)

GIVEN = {
    "x1": np.array([1.0, 2.0, 3.0]),
    "x2": np.array([4.0, 5.0, 6.0]),
    "y1": np.array([0.0, 1.0]),
    "y2": np.array([1.0, 0.0]),
    "w1": np.array([[0.1, 0.2], [0.5, 0.6], [0.9, 1.0]]),
}
X, Y, W = np.stack([GIVEN["x1"], GIVEN["x2"]]), np.stack([GIVEN["y1"], GIVEN["y2"]]), GIVEN["w1"]
SUMMED = 2 * X.T @ (X @ W - Y)
PROBE = Probe(inputs=GIVEN, slopes=("w1",))
START = """
import numpy as np
w1 = np.array([[.1, .2], [.5, .6], [.9, 1.]])
X = np.array([[1., 2, 3], [4, 5, 6]]); Y = np.array([[0, 1], [1, 0]])
"""


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with Runner() as made:
        yield made


def execute(runner: Runner, *sources: str, probes: tuple[Probe, ...] = (PROBE,)) -> Execution:
    notebook = v4.new_notebook(cells=[v4.new_code_cell(source) for source in sources])
    return runner.execute(notebook, limits=Limits(), seed=1, probes=probes)


def slopes(runner: Runner, *sources: str) -> list[OwnSlope]:
    ran = execute(runner, *sources)
    assert [cell.error for cell in ran.cells] == [""] * len(sources)
    return list(read_slopes(ran.probes))


def named(runner: Runner, *sources: str) -> dict[str, list[OwnSlope]]:
    found: dict[str, list[OwnSlope]] = {}
    for slope in slopes(runner, START, *sources):
        found.setdefault(slope.function, []).append(slope)
    return found


WAYS = {
    "arguments": "def loss(W1, x, y, eps=0.0): return ((x @ W1 - y) ** 2).sum() + eps",
    "other names": "def cost(labels, inputs, weights1): return ((inputs@weights1-labels)**2).sum()",
    "globals": "def loss(): return ((X @ w1 - Y) ** 2).sum()",
    "globals, changed since": "def loss(): return ((X @ w1 - Y) ** 2).sum()\nw1 -= 0.3",
    "by another function": (
        "def forward(x): return x @ w1\ndef loss(x, y): return ((forward(x) - y) ** 2).sum()"
    ),
    "nested list": "w1 = w1.tolist()\ndef loss(): return ((X @ np.array(w1) - Y) ** 2).sum()",
    "transposed": "wt = w1.T.copy()\ndef loss(): return ((X @ wt.T - Y) ** 2).sum()",
    "method": (
        "class Net:\n"
        "    def __init__(self): self.W = w1 + 1; self.seen = []\n"
        "    def loss(self, x, y):\n"
        "        self.seen.append(1); return ((x @ self.W - y) ** 2).sum()\n"
        "net = Net()"
    ),
    "static method": (
        "class Net:\n"
        "    @staticmethod\n"
        "    def loss(w1, x, y): return ((x @ w1 - y) ** 2).sum()\n"
        "net = Net()"
    ),
    "lambda": "loss = lambda w1, x, y: ((x @ w1 - y) ** 2).sum()",
    "keyword only": "def loss(*, w1, x, y): return ((x @ w1 - y) ** 2).sum()",
    "tuple": "def loss(w1): return ((X @ w1 - Y) ** 2).sum(), X @ w1",
    "dict": "def loss(w1): return {'loss': ((X @ w1 - Y) ** 2).sum(), 'p': X @ w1}",
    "array of one": "def loss(w1): return ((X @ w1 - Y) ** 2).sum().reshape(1, 1)",
    "prints": "def loss(w1):\n    print('x' * 999); return ((X @ w1 - Y) ** 2).sum()",
    "changes its argument": (
        "def loss(w1, x):\n"
        "    value = ((x @ w1 - Y) ** 2).sum(); w1 -= 0.1 * x.T @ (x @ w1 - Y); x *= 0\n"
        "    return value"
    ),
    "class indices": "def loss(w1, y): return ((X @ w1 - np.eye(2)[y]) ** 2).sum()",
    "tensors": (
        "import torch\n"
        "def loss(w1, x, y): return torch.nn.functional.mse_loss(x @ w1, y, reduction='sum')"
    ),
    "float32 parameters": (
        "import torch\n"
        "W = torch.tensor(w1, dtype=torch.float32, requires_grad=True)\n"
        "Xt = torch.tensor(X).float(); Yt = torch.tensor(Y)\n"
        "def loss():\n"
        "    value = ((Xt @ W - Yt) ** 2).sum(); value.backward(); return value.item()"
    ),
    "module": (
        "import torch\n"
        "model = torch.nn.Linear(3, 2, bias=False)\n"
        "def loss(x, y): return torch.nn.functional.mse_loss(model(x), y, reduction='sum')"
    ),
}


def test_a_loss_is_found_and_differentiated_however_it_is_written(runner: Runner) -> None:
    found = {way: named(runner, source) for way, source in WAYS.items()}

    wrong = {
        way: one
        for way, one in found.items()
        if not any(np.allclose(s.array, SUMMED, atol=1e-6) for s in next(iter(one.values()), []))
    }
    assert wrong == {}
    assert {way: len(one) for way, one in found.items() if len(one) != 1} == {}


def test_the_result_is_that_at_the_given_constants(runner: Runner) -> None:
    [slope] = named(runner, WAYS["globals, changed since"])["loss"]

    assert slope.result == pytest.approx(((X @ W - Y) ** 2).sum())
    assert slope.constant == "w1"


def test_a_loss_of_inputs_is_differentiated_for_each_example_too(runner: Runner) -> None:
    both, first, second = named(runner, WAYS["arguments"])["loss"]

    np.testing.assert_allclose(first.array + second.array, both.array, atol=1e-7)
    np.testing.assert_allclose(first.array, 2 * np.outer(X[0], X[0] @ W - Y[0]), atol=1e-7)


def test_a_loss_for_one_example_only_is_found(runner: Runner) -> None:
    source = "def loss(w1, x, y):\n    assert x.ndim == 1\n    return ((x @ w1 - y) ** 2).sum()"

    assert len(named(runner, source)["loss"]) == 2


NO_LOSS = {
    "of predictions": "def loss(p, y): return ((p - y) ** 2).sum()",
    "of an unknown": "def loss(w1, something): return w1.sum()",
    "random": "def loss(w1): return (np.random.rand() * w1).sum()",
    "raises": "def loss(w1): raise ValueError",
    "exits": "def loss(w1): raise SystemExit",
    "constant": "def loss(w1): return 1.5",
    "a matrix": "def loss(w1): return X @ w1",
    "not finite": "def loss(w1): return w1.sum() * np.inf",
    "two numbers": "def loss(w1): return w1.sum(), w1.max()",
    "rounded": "def loss(w1): return round(w1.sum(), 2)",
    "a training": "def train_loss(w1, epochs=3): return w1.sum()",
    "counts its calls": "seen = []\ndef loss(w1):\n    seen.append(1); return w1.sum() * len(seen)",
    "complex": "def loss(w1): return w1.sum() * 1j",
    "a text": "def loss(w1): return str(w1.sum())",
    "of a class of its own": ("class F(float): pass\ndef loss(w1): return F(w1.sum())"),
    "an array of a class of its own": (
        "class A(np.ndarray):\n"
        "    def __float__(self): return 3.0\n"
        "    size = property(lambda self: 1)\n"
        "def loss(w1): return w1.view(A)"
    ),
    "an evil number": (
        "class E:\n"
        "    def __float__(self): raise SystemExit\n"
        "    __array__ = __index__ = __float__\n"
        "def loss(w1): return E()"
    ),
}


def test_what_is_no_loss_of_the_constant_gives_nothing(runner: Runner) -> None:
    found = {way: named(runner, source) for way, source in NO_LOSS.items()}

    assert {way: list(one) for way, one in found.items() if one} == {}


GOOD = "\ndef error(w1): return (w1 ** 2).sum()"
HOSTILE = {
    "hangs": "import time\ndef loss(w1): time.sleep(60)",
    "loops": "def loss(w1):\n    while True: pass",
    "huge": "def loss(w1): return np.zeros((40_000, 40_000)).sum() + w1.sum()",
    "prints on and on": "def loss(w1):\n    while True: print('x' * 100_000)",
    "recurses": "def loss(w1): return loss(w1)",
    "returns itself": "def loss(w1):\n    a = [w1.sum()]; a.append(a); return [a]",
    "a metaclass that runs code": (
        "class M(type):\n"
        "    def __getattribute__(cls, name): raise SystemExit\n"
        "class C(metaclass=M): pass\n"
        "c = C()\n"
        "def loss(w1): return c"
    ),
}


def test_a_hostile_loss_costs_itself_only(runner: Runner) -> None:
    found = {way: named(runner, source + GOOD) for way, source in HOSTILE.items()}

    assert {way: list(one) for way, one in found.items() if list(one) != ["error"]} == {}


@pytest.mark.parametrize(
    "source",
    [
        "def loss(w1):\n    import os; os._exit(3)",
        "def f(*a): raise OSError\nnp.asarray = np.empty = f\ndef loss(w1): return w1.sum()",
        "np.ndindex = None\ndef loss(w1): return w1.sum()",
    ],
    ids=["ends the process", "spoils numpy", "spoils more of numpy"],
)
def test_a_probe_that_fails_leaves_the_run_alone(runner: Runner, source: str) -> None:
    plain = execute(runner, START, source, probes=())
    probed = execute(runner, START, source)

    assert probed.stream == plain.stream
    assert probed.cells[1].status == "ok"
    assert read_slopes(probed.probes) == ()


def test_the_notebooks_own_recording_does_not_notice(runner: Runner) -> None:
    source = "def loss(w1):\n    print(np.random.rand()); Y[0] = 7; return (w1 ** 2).sum()"

    plain = execute(runner, START, source, "print(Y)", probes=())
    probed = execute(runner, START, source, "print(Y)")

    assert probed.stream == plain.stream
    assert probed.notebook == plain.notebook
    assert len(read_slopes(probed.probes)) == 1


def test_no_more_than_a_few_functions_are_differentiated(runner: Runner) -> None:
    source = "\n".join(f"def loss{n}(w1): return (w1 ** 2).sum()" for n in range(20, 60))

    assert len(named(runner, source)) == 8


def test_a_kernel_that_died_has_no_slopes(runner: Runner) -> None:
    ran = execute(runner, START + GOOD, "import os; os._exit(1)")

    assert read_slopes(ran.probes) == ()


def test_a_fresh_kernel_has_no_slopes() -> None:
    with Runner(cold=True) as cold:
        ran = execute(cold, "x = 1")

    assert read_slopes(ran.probes) == ()


def test_the_words_end_with_the_probe(runner: Runner) -> None:
    [probed] = execute(runner, START + GOOD).probes

    assert [f.header["kind"] for f in read_frames(probed.stream)] == ["slope", "ended"]
