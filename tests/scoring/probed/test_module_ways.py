"""Ways of writing a module that are as good as any, and ways that only look so."""

from typing import Any

import pytest
import torch

from tests.scoring.probed.conftest import Judge
from tests.scoring.probed.test_module import HEAD, LAYERS, NET, PART

ANY: dict[str, Any] = {"question": {"library": "any"}, **PART}
SIZED = """
class Net(nn.Module):
    def __init__(self, SIZES):
        super().__init__()
        self.layers = LIST
    def forward(self, x):
        for layer in self.layers:
            x = torch.tanh(layer(x))
        return x
"""
PAIRS = "[nn.Linear(one, other) for one, other in zip(sizes, sizes[1:])]"
TAKES_SIZES = SIZED.replace("SIZES", "sizes").replace("LIST", f"nn.ModuleList({PAIRS})")
EMPTY = "class Net(nn.Module):\n    pass\n"
OTHER = NET.replace("Net", "Mine")


def answers(*lines: str) -> str:
    """Write a forward pass."""
    return LAYERS + "    def forward(self, x):\n" + "".join(f"        {line}\n" for line in lines)


def hidden(way: str) -> str:
    return answers("x = torch.tanh(self.fc1(x))", f"x = {way}", "return torch.tanh(self.fc3(x))")


@pytest.mark.parametrize(
    "source",
    [
        answers(
            "one = lambda r: torch.tanh(self.fc3(torch.tanh(self.fc2(torch.tanh(self.fc1(r))))))",
            "return torch.stack([one(row) for row in x])",
        ),
        answers(
            "x = torch.tanh(self.fc2(torch.tanh(self.fc1(x))))",
            "x = torch.tanh(self.fc3(x))",
            "return {'scores': x}",
        ),
        TAKES_SIZES,
        TAKES_SIZES.replace("self, sizes", "self, *sizes"),
        TAKES_SIZES + "nets = [Net((12, 6, 5, 4))]\n",
        LAYERS.replace("nn.Linear(12, 6)", "nn.LazyLinear(6)") + NET[len(LAYERS) :],
    ],
    ids=["rows one by one", "a table", "takes sizes", "takes each size", "in a list", "lazy"],
)
def test_ways_of_writing_the_right_network_earn_all_points(judge: Judge, source: str) -> None:
    verdict = judge(HEAD, source, **ANY)

    assert (verdict.points, verdict.mistakes) == (10, ())
    assert "12-6-5-4 with tanh, tanh, tanh" in verdict.explanation


LOGITS = answers("x = torch.relu(self.fc2(torch.relu(self.fc1(x))))", "return self.fc3(x)")


def test_logits_for_a_loss_with_a_sigmoid_in_it_are_right(judge: Judge) -> None:
    torch.manual_seed(0)

    assert judge(HEAD, LOGITS, "loss = nn.BCEWithLogitsLoss()", **ANY).points == 10


@pytest.mark.parametrize("seed", [28, 141], ids=["dead", "never rectified"])
def test_a_rectifier_whose_numbers_lie_on_one_side_costs_nothing(judge: Judge, seed: int) -> None:
    torch.manual_seed(seed)

    verdict = judge(HEAD, LOGITS, "loss = nn.BCEWithLogitsLoss()", **ANY)

    assert verdict.needs_review
    assert "on one side of 0" in verdict.explanation


@pytest.mark.parametrize(
    ("source", "layers"),
    [
        (
            NET.replace("return torch.tanh(self.fc3(x))", "return torch.tanh(self.fc3(x)) * 0"),
            "1, 2, 3",
        ),
        (
            NET.replace(
                "return torch.tanh(self.fc3(x))",
                "torch.tanh(self.fc3(x)); return torch.ones(len(x), 4)",
            ),
            "1, 2, 3",
        ),
        (hidden("torch.tanh(self.fc2(torch.zeros(len(x), 6)))"), "1, 2"),
        (hidden("torch.tanh(self.fc2(x)).detach()"), "1, 2"),
        (
            "torch.set_grad_enabled(True)\n"
            + NET.replace("    def forward", "    @torch.no_grad()\n    def forward"),
            "1, 2, 3",
        ),
    ],
    ids=["times 0", "thrown away", "cut in two", "detached", "without gradients"],
)
def test_layers_that_cannot_learn_cost(judge: Judge, source: str, layers: str) -> None:
    verdict = judge(HEAD, source, **ANY)

    assert (verdict.points, verdict.mistakes) == (5, ("no-gradient",))
    assert f"reaches layer {layers} of" in verdict.explanation


def test_layers_that_an_optimiser_never_sees_cost(judge: Judge) -> None:
    plain = SIZED.replace("SIZES", "sizes=(12, 6, 5, 4)").replace("LIST", PAIRS)

    assert judge(HEAD, plain, **ANY).mistakes == ("unregistered",)


def test_a_module_for_one_example_at_a_time_is_followed_with_one(judge: Judge) -> None:
    verdict = judge(
        HEAD,
        NET.replace("x = torch.tanh(self.fc1(x))", "x = torch.tanh(self.fc1(x.reshape(12)))"),
        **ANY,
    )

    assert (verdict.points, verdict.mistakes) == (7.5, ("batch",))


def test_another_class_beside_an_empty_one_is_judged(judge: Judge) -> None:
    verdict = judge(HEAD, EMPTY, OTHER, "mine = Mine()", **ANY)

    assert verdict.points == 10
    assert "was judged instead" in " ".join([verdict.explanation, *verdict.remarks])


def test_a_network_for_something_else_does_not_stand_in_for_an_empty_class(judge: Judge) -> None:
    verdict = judge(HEAD, EMPTY, "champion = nn.Sequential(nn.Linear(12, 4), nn.Tanh())", **ANY)

    assert (verdict.points, verdict.outcome) == (0, "missing")
