from dataclasses import replace
from typing import Any

import pytest

from tests.scoring.probed.conftest import Ask, Judge

HEAD = """
import numpy as np

class Affine_Layer:
    def __init__(self, inputs, outputs):
        rng = np.random.default_rng(0)
        self.weights = rng.normal(size=(inputs, outputs))
        self.bias = rng.normal(size=(1, outputs))

    def forward_propagation(self, x):
        self.input = x
        return x @ self.weights + self.bias

    def backward_propagation(self, grad, rate):
        return grad

class ActivationLayer:
    def __init__(self, activation, activation_grad):
        self.activation = activation

    def forward_propagation(self, x):
        return self.activation(x)

def tanh(x): return np.tanh(x)
def tanh_grad(x): return 1 - np.tanh(x) ** 2
def mse(y_true, y_pred): return np.mean((y_true - y_pred) ** 2)
def mse_grad(y_true, y_pred): return 2 * (y_pred - y_true) / y_true.size
"""
NETWORK = """
class MyNetwork:
    def __init__(self):
        self.layers = []
    def add(self, layer):
        self.layers.append(layer)
    def use(self, loss, loss_grad):
        self.loss, self.loss_grad = loss, loss_grad
    def run(self, x):
        found = []
        for one in x:
            for layer in self.layers:
                one = layer.forward_propagation(one)
            found.append(one)
        return found
    def scores(self, out, y):
        losses = [self.loss(label[None], one) for label, one in zip(y, out)]
        hits = [one.argmax() == label.argmax() for label, one in zip(y, out)]
        return np.mean(losses), np.mean(hits)
"""
PREDICT = """
    def predict(self, x, y=None):
        out = self.run(x)
        if y is None:
            return out
        loss, accuracy = self.scores(out, y)
        return out, loss, accuracy
"""
RETURN = "return out, loss, accuracy"
BUILD = """layers = [Affine_Layer(5, 4), ActivationLayer(tanh, tanh_grad)]
layers += [Affine_Layer(4, 3), ActivationLayer(tanh, tanh_grad)]
network = CLASS()
for one in layers:
    network.add(one)
network.use(mse, mse_grad)"""
PART: dict[str, Any] = {
    "probe": "network",
    "name": "MyNetwork",
    "expect": "network_scores",
    "inputs": "network_inputs",
    "build": BUILD,
}


@pytest.mark.parametrize(
    "answer",
    [
        "return out, loss, accuracy",
        "return accuracy, loss, out",
        "return np.array(out), loss, accuracy",
        "return np.array(out)[:, 0], float(loss), float(accuracy)",
        "return {'outputs': out, 'loss': loss, 'accuracy': accuracy}",
        "print(f'loss {loss:.4f} accuracy {accuracy:.4f}'); return out",
        "return out, (loss, accuracy)",
    ],
)
def test_outputs_loss_and_accuracy_are_found_in_whatever_form(judge: Judge, answer: str) -> None:
    verdict = judge(HEAD + NETWORK + PREDICT.replace(RETURN, answer), **PART)

    assert (verdict.points, verdict.outcome, verdict.mistakes) == (10, "correct", ())


def test_all_examples_at_once_are_as_good_as_one_by_one(judge: Judge) -> None:
    together = PREDICT.replace("self.run(x)", "self.run([np.asarray(x)])[0]")

    assert judge(HEAD + NETWORK + together, **PART).points == 10


def test_the_classes_are_found_under_names_written_otherwise(judge: Judge) -> None:
    source = (HEAD + NETWORK + PREDICT).replace("Affine_Layer", "AffineLayer")

    assert judge(source, **PART).points == 10


def test_a_network_class_of_another_name_is_built_by_it(judge: Judge) -> None:
    source = (HEAD + NETWORK + PREDICT).replace("MyNetwork", "Net")
    build = BUILD.replace("CLASS", "MyNetwork")

    assert judge(source, **(PART | {"build": build}), aliases=["Net"]).points == 10


@pytest.mark.parametrize(
    ("predict", "mistake", "points"),
    [
        (PREDICT.replace(RETURN, "return [o * 2 for o in out], loss, accuracy"), "outputs", 6),
        (PREDICT.replace(RETURN, "return loss, accuracy"), "outputs", 6),
        (PREDICT.replace(RETURN, "return out[:3], loss, accuracy"), "outputs", 6),
        (PREDICT.replace(RETURN, "return out, loss * len(x), accuracy"), "loss-summed", 7.5),
        (PREDICT.replace(RETURN, "return out, loss + 0.3, accuracy"), "loss", 7),
        (PREDICT.replace(RETURN, "return out, loss, 0.123"), "accuracy", 7),
        (PREDICT.replace(RETURN, "return out, loss, float('nan')"), "accuracy", 7),
        (
            PREDICT.replace(RETURN, "return [o * np.nan for o in out], loss, accuracy"),
            "not-finite",
            6,
        ),
        (PREDICT.replace("self.run(x)", "self.run(x)[:1] * len(x)"), "outputs", 3.5),
    ],
)
def test_what_is_wrong_is_named_and_priced(
    judge: Judge, predict: str, mistake: str, points: float
) -> None:
    verdict = judge(HEAD + NETWORK + predict, **PART)

    assert mistake in verdict.mistakes
    assert verdict.points <= points < 10


@pytest.mark.parametrize(
    "rule",
    [
        "np.mean([(np.round(o[0]) == t).all() for o, t in zip(out, y)])",
        "np.mean([(o[0] > 0.5)[t.argmax()] for o, t in zip(out, y)])",
        "np.mean([((o[0] > 0.5) == t).all() for o, t in zip(out, y)])",
    ],
)
def test_another_rule_for_hits_is_named(judge: Judge, rule: str) -> None:
    verdict = judge(HEAD + NETWORK + PREDICT.replace(RETURN, f"return out, loss, {rule}"), **PART)

    assert (verdict.points, verdict.mistakes) == (7.5, ("accuracy-rule",))


def test_the_rubric_has_the_word_on_a_rule_it_knows(judge: Judge) -> None:
    rule = "np.mean([(np.round(o[0]) == t).all() for o, t in zip(out, y)])"
    known = {"id": "rounded", "when": {"hit": "rounding"}, "worth": 0.9, "says": "It rounds."}

    verdict = judge(
        HEAD + NETWORK + PREDICT.replace(RETURN, f"return out, loss, {rule}"),
        question={"mistake": [known]},
        **PART,
    )

    assert (verdict.points, verdict.mistakes) == (9, ("rounded",))


def test_an_accuracy_in_percent_is_accepted_where_the_rubric_says_so(judge: Judge) -> None:
    source = HEAD + NETWORK + PREDICT.replace(RETURN, "return out, loss, 100 * accuracy")

    accepted = judge(source, accept={"unit": ["fraction", "percent"]}, **PART)
    other = judge(source, **PART)

    assert (accepted.points, other.points) == (10, 7.5)


def test_a_class_that_is_not_there_is_missing(judge: Judge) -> None:
    assert judge(HEAD, **PART).outcome == "missing"


def test_an_empty_predict_is_missing(judge: Judge) -> None:
    verdict = judge(HEAD + NETWORK + "\n    def predict(self, x, y=None):\n        pass\n", **PART)

    assert (verdict.outcome, verdict.points) == ("missing", 0)


def test_an_error_of_predict_is_told(judge: Judge) -> None:
    source = HEAD + NETWORK + PREDICT.replace("self.run(x)", "self.runs(x)")

    verdict = judge(source, **PART)

    assert verdict.points == 0
    assert "has no attribute 'runs'" in verdict.explanation


def test_predict_is_judged_although_the_layers_fail(judge: Judge) -> None:
    broken = HEAD.replace("return np.tanh(x)", "raise ValueError('no numbers')")

    verdict = judge(broken + NETWORK + PREDICT, **PART)

    assert verdict.points == 10
    assert "others in their place" in verdict.remarks[0]


def test_a_wrong_predict_earns_no_more_where_the_layers_fail(judge: Judge) -> None:
    broken = HEAD.replace("return np.tanh(x)", "raise ValueError('no numbers')")
    doubled = PREDICT.replace("out = self.run(x)", "out = [2 * one for one in self.run(x)]")

    assert judge(broken + NETWORK + doubled, **PART).points < 5


def test_a_network_that_cannot_be_built_asks_a_person(judge: Judge) -> None:
    verdict = judge(HEAD.replace("(self, inputs, outputs)", "(self)") + NETWORK + PREDICT, **PART)

    assert (verdict.outcome, verdict.needs_review) == ("ungraded", True)


def test_nothing_to_hold_it_against_is_no_right_answer(ask: Ask) -> None:
    asked = ask(HEAD + NETWORK + PREDICT, **PART)
    steps = tuple(
        replace(step, error="ValueError: no") if step.name.startswith("own") else step
        for step in asked.probes[0].steps
    )

    verdict = replace(asked, probes=(replace(asked.probes[0], steps=steps),)).verdict

    assert (verdict.outcome, verdict.needs_review) == ("ungraded", True)


def test_a_predict_that_hangs_earns_nothing_for_what_it_did_not_give(ask: Ask) -> None:
    verdict = ask(HEAD + NETWORK + PREDICT, **PART).until("plain0").verdict

    assert verdict.points == 0
    assert "did not finish within" in verdict.explanation
