"""Code that is checked without its reference: it may fail for certain, and never passes."""

import json
from collections.abc import Iterable, Mapping
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from grader.execution.asking.cases import cases_of
from grader.live.judging import LiveJudge
from grader.results.model import Check
from grader.rubric.model import Mistake
from grader.scoring.hypothesis import hypotheses
from grader.scoring.predictions import Predictions
from grader.scoring.probed.view import question_of
from grader.sealing.edition import edition_text, read_edition
from grader.sealing.publish import publish
from tests.live.test_judging import judged
from tests.sealing.asked import PS1, asking, both, by_edition, opened, published
from tests.sealing.editions import edition_of

NUMPY = "import numpy as np\n"
FUNCTIONS = {
    "right": "return np.tanh(x)",
    "by exponentials": "a, b = np.exp(x), np.exp(-x); return (a - b) / (a + b)",
    "single": "return np.tanh(np.asarray(x, dtype=np.float32))",
    "rounded": "return np.round(np.tanh(x), 6)",
    "rounded more": "return np.round(np.tanh(x), 4)",
    "cut": "return np.tanh(np.clip(x, -20, 20))",
    "nearly": "return np.tanh(x) * (1 + 8e-6)",
    "another": "return 1 / (1 + np.exp(-x))",
    "cubic": "return x - x ** 3 / 3",
    "line": "return 2 * x",
    "steps": "return np.sign(x)",
    "flat": "return np.tanh(x).ravel()",
    "in place": "x *= 2.0; return np.tanh(x / 2.0)",
    "errs": "raise ValueError('no')",
    "template": "pass",
    "torch": "import torch; return torch.tanh(torch.as_tensor(x)).numpy()",
    "numbers only": "import math; return math.tanh(x)",
    "twice": "return np.tanh(x)\n\ndef tanh(x):\n    return np.sinh(x)",
}
DERIVATIVES = {
    "right": "return 1 - np.tanh(x) ** 2",
    "by its own": "return 1 - tanh(x) ** 2",
    "single": "return np.float32(1) - np.tanh(np.asarray(x, dtype=np.float32)) ** 2",
    "rounded": "return np.round(1 - np.tanh(x) ** 2, 7)",
    "of the output": "return 1 - x ** 2",
    "reversed": "return np.tanh(x) ** 2 - 1",
    "of another": "s = 1 / (1 + np.exp(-x)); return s * (1 - s)",
    "half": "return (1 - np.tanh(x) ** 2) / 2",
    "differences": "return (tanh(x + 1e-4) - tanh(x - 1e-4)) / 2e-4",
    "coarse differences": "return (tanh(x + 1e-2) - tanh(x)) / 1e-2",
    "one": "return np.ones_like(x)",
    "sum": "return np.sum(1 - np.tanh(x) ** 2)",
    "errs": "raise ValueError('no')",
    "nan": "return (1 - np.tanh(x) ** 2) * np.nan",
    "overflows": "a, b = np.exp(x), np.exp(-x); return 1 - ((a - b) / (a + b)) ** 2",
    "template": "pass",
}
LOSSES = {
    "mean": "return np.mean((y_true - y_pred) ** 2)",
    "sum": "return np.sum((y_true - y_pred) ** 2)",
    "half": "return 0.5 * np.mean((y_true - y_pred) ** 2)",
    "absolute": "return np.mean(np.abs(y_true - y_pred))",
    "in brackets": "return np.array([np.mean((y_true - y_pred) ** 2)])",
    "each": "return np.mean((y_true - y_pred) ** 2, axis=-1)",
    "difference": "return np.mean(y_true - y_pred)",
    "quartic": "return np.mean((y_true - y_pred) ** 4)",
    "errs": "raise ValueError('no')",
    "rounded": "return round(float(np.mean((y_true - y_pred) ** 2)), 6)",
}
GRADIENTS = {
    "mean": "return 2 * (y_pred - y_true) / y_true.size",
    "sum": "return 2 * (y_pred - y_true)",
    "half": "return (y_pred - y_true) / y_true.size",
    "reversed": "return 2 * (y_true - y_pred) / y_true.size",
    "length": "return 2 * (y_pred - y_true) / len(y_true)",
    "sign": "return np.sign(y_pred - y_true) / y_true.size",
    "cubic": "return 4 * (y_pred - y_true) ** 3 / y_true.size",
    "errs": "raise ValueError('no')",
    "single": "return np.float32(2 * (y_pred - y_true) / y_true.size)",
}


def cell(name: str, arguments: str, body: str) -> str:
    return f"def {name}({arguments}):\n    {body}\n"


Pairs = Mapping[tuple[str, str], tuple[Check, Check]]
ALIKE = ("right", "errs", "template", "another", "rounded", "twice", "mean", "sum", "quartic")


def pairs_of(
    question: str, names: tuple[str, str], first: Mapping[str, str], second: Mapping[str, str]
) -> Pairs:
    """What both say of every function together with every derivative."""
    asked = asking(question, *names)
    with_two = "y_true, y_pred" if question == "loss" else "x"
    return {
        (one, other): both(
            asked,
            NUMPY,
            cell(names[0], with_two, first[one]) + cell(names[1], with_two, second[other]),
        )
        for one, other in product(first, second)
    }


def some(bodies: Mapping[str, str]) -> dict[str, str]:
    return {name: body for name, body in bodies.items() if name in ALIKE}


def require_agreement(pairs: Pairs) -> None:
    assert [key for key, (_, own) in pairs.items() if own.passes] == []
    assert [key for key, (full, own) in pairs.items() if own.fails and not full.fails] == []


def share_found(pairs: Iterable[tuple[Check, Check]]) -> float:
    """The share of what the full rubric fails that the edition fails, too."""
    found = [own.fails for full, own in pairs if full.fails]
    return sum(found) / len(found)


def test_a_function_and_its_derivative_fail_only_where_the_full_rubric_fails_them() -> None:
    pairs = pairs_of("activations", ("tanh", "tanh_grad"), some(FUNCTIONS), some(DERIVATIVES))

    require_agreement(pairs)
    assert share_found(pairs.values()) > 0.7


def test_a_loss_and_its_gradient_fail_only_where_the_full_rubric_fails_them() -> None:
    pairs = pairs_of("loss", ("mse", "mse_grad"), some(LOSSES), some(GRADIENTS))

    require_agreement(pairs)
    assert share_found(pairs.values()) > 0.4


@pytest.mark.proof
def test_no_function_with_any_derivative_is_judged_otherwise_than_by_the_full_rubric() -> None:
    pairs = pairs_of("activations", ("tanh", "tanh_grad"), FUNCTIONS, DERIVATIVES)

    require_agreement(pairs)
    assert share_found(pairs.values()) > 0.8


@pytest.mark.proof
def test_no_loss_with_any_gradient_is_judged_otherwise_than_by_the_full_rubric() -> None:
    pairs = pairs_of("loss", ("mse", "mse_grad"), LOSSES, GRADIENTS)

    require_agreement(pairs)
    assert share_found(pairs.values()) > 0.5


@pytest.mark.parametrize(
    ("function", "derivative", "says"),
    [
        ("right", "of the output", "called with the output of `tanh`, it is"),
        ("right", "reversed", "with the sign reversed, it is"),
        ("right", "half", "one of the two is not as it should be"),
        ("right", "overflows", "For large values, `tanh_grad` gives nan"),
        ("flat", "right", "`tanh` returns the shape"),
        ("in place", "right", "`tanh` changes its argument in place"),
        ("errs", "right", "`tanh` raises ValueError: no"),
        ("template", "right", "`tanh` returns nothing"),
        ("torch", "right", "`tanh` computes with PyTorch"),
    ],
)
def test_what_cannot_be_right_fails_and_says_why(function: str, derivative: str, says: str) -> None:
    _, edition = asking("activations", "tanh", "tanh_grad")
    code = cell("tanh", "x", FUNCTIONS[function])
    code += cell("tanh_grad", "x", DERIVATIVES[derivative])

    check = by_edition(edition, NUMPY, code)

    assert check.fails
    assert says in check.sentence
    assert check.points == 0


def test_what_is_not_there_is_missing() -> None:
    _, edition = asking("activations", "tanh", "tanh_grad")

    check = by_edition(edition, NUMPY)

    assert (check.outcome, check.scope) == ("missing", "public")
    assert "No function `tanh` was found" in check.sentence


def test_right_code_waits_and_reads_what_was_seen() -> None:
    _, edition = asking("activations", "tanh", "tanh_grad")
    code = cell("tanh", "x", FUNCTIONS["right"]) + cell("tanh_grad", "x", DERIVATIVES["right"])

    check = by_edition(edition, NUMPY, code)

    assert check.scope == "later"
    assert "`tanh_grad` goes with your own `tanh`, by differences" in check.sentence
    assert "`tanh` gives numbers" in check.sentence


def test_a_gradient_is_held_against_the_own_loss() -> None:
    _, edition = asking("loss", "mse", "mse_grad")
    two = "y_true, y_pred"
    code = cell("mse", two, LOSSES["mean"]) + cell("mse_grad", two, GRADIENTS["sum"])

    check = by_edition(edition, NUMPY, code)

    assert check.fails
    assert "`mse_grad` is ten times the gradient of your own `mse`" in check.sentence


def test_a_derivative_alone_is_not_failed_for_a_function_that_nobody_asked_for() -> None:
    _, edition = asking("activations", "tanh_grad")
    code = cell("tanh", "x", FUNCTIONS["another"]) + cell("tanh_grad", "x", DERIVATIVES["right"])

    check = by_edition(edition, NUMPY, code)

    assert check.waits
    assert "is not the derivative of your own `tanh`" in check.sentence


@pytest.mark.parametrize("finding", ["wrong", "overflow", "shape", "inexact"])
def test_what_a_rubric_makes_free_fails_nothing(finding: str) -> None:
    _, edition = asking("activations", "tanh", worth={finding: 1.0})

    check = by_edition(edition, NUMPY, cell("tanh", "x", FUNCTIONS["by exponentials"]))

    assert check.waits


def test_a_name_that_is_not_there_yet_fails_nothing() -> None:
    _, edition = asking("activations", "tanh")

    check = by_edition(edition, NUMPY, cell("tanh", "x", "return later(x)"))

    assert check.waits


def test_what_usually_costs_nothing_fails_nothing() -> None:
    _, edition = asking("activations", "tanh")
    body = "assert np.asarray(x).dtype.kind == 'f' and np.ndim(x); return np.tanh(x)"

    check = by_edition(edition, NUMPY, cell("tanh", "x", body))

    assert check.waits
    assert "raises AssertionError" in check.sentence


def test_a_right_definition_that_a_later_one_hides_fails_nothing() -> None:
    _, edition = asking("activations", "tanh")
    first, second = (cell("tanh", "x", FUNCTIONS[one]) for one in ("right", "errs"))

    check = by_edition(edition, NUMPY, first, second)

    assert check.waits


def test_a_hidden_mistake_is_not_told_by_other_words() -> None:
    rubric, reference = opened()
    [asked] = [one for one in rubric.question if one.id == "activations"]
    secret = Mistake(id="takes-output", when={"of": "output"}, says="Kept back.", hidden=True)
    _, edition = published(rubric, asked.model_copy(update={"mistake": [secret]}), reference)
    code = cell("tanh", "x", FUNCTIONS["right"])
    code += cell("tanh_grad", "x", DERIVATIVES["of the output"])
    edition = edition.model_copy(
        update={
            "code": {"activations": [c for c in edition.code["activations"] if "tanh" in c.part]}
        }
    )

    check = by_edition(edition, NUMPY, code)

    assert check.fails
    assert "not yet what was asked for" in check.sentence
    assert "output" not in check.sentence


def test_nothing_the_reference_predicts_for_the_inputs_is_in_the_edition() -> None:
    """Not as text nor as bytes; of functions that return their input there is nothing to hide."""
    rubric, reference = opened()
    edition, _ = edition_of(PS1)
    predictions, text = Predictions(reference), edition_text(edition)
    known = {a.data for some in edition.inputs.values() for c in some for a in c.arguments.values()}
    questions = [q for q in rubric.question if any(p.expect for p in q.parts)]

    for question, part in (
        (q, p) for q in questions for p in q.parts if p.inputs in edition.inputs
    ):
        assert part.expect is None or f'"{part.expect}"' not in text or part.expect == part.name
        for hypothesis in hypotheses(question_of(question, part, predictions)):
            for case in cases_of(part, edition.reference, 0, {}):
                given = {**reference.given, **case.arguments}
                if part.probe not in ("function", "derivative", "loss"):
                    continue
                for array in (predictions.ask(hypothesis, given) or {}).values():
                    same = any(np.array_equal(array, one) for one in case.arguments.values())
                    assert same or not told(array, known), (part.name, case.label)
    assert '"accept"' not in text
    assert '"threshold"' not in text


def told(array: np.ndarray, known: Iterable[str]) -> bool:
    """Whether an array of more than simple numbers stands in a text."""
    from base64 import b64encode

    if np.array_equal(array, np.round(array, 1)):
        return False
    return b64encode(np.asarray(array, dtype="<f8").tobytes()).decode() in known


def test_inputs_come_back_to_the_last_bit_and_differ_between_editions(tmp_path: Path) -> None:
    for name in ("one", "other"):
        publish(PS1, tmp_path / name)
    first, second = (read_edition(tmp_path / name / "edition.json") for name in ("one", "other"))
    made = first.reference.inputs("activation_inputs")(1)

    assert made.keys() == opened()[1].inputs("activation_inputs")(1).keys()
    assert made["whole numbers"]["x"].dtype.kind == "i"
    assert made["one value"]["x"].shape == ()
    assert json.loads(first.inputs["activation_inputs"][1].model_dump_json())["label"] == "a vector"
    assert first.inputs != second.inputs


def test_a_session_is_asked_with_the_edition_s_inputs(tmp_path: Path) -> None:
    publish(PS1, tmp_path / "out")
    judge = LiveJudge(tmp_path / "out")
    right = cell("mse", "y_true, y_pred", LOSSES["mean"])
    grad = ("mse_grad", "y_true, y_pred")

    good = judged(judge, "loss", NUMPY, right, cell(*grad, GRADIENTS["mean"]))
    off = judged(judge, "loss", NUMPY, right, cell(*grad, GRADIENTS["sum"]))
    absent = judged(judge, "loss", NUMPY)
    lost = judged(judge, "loss", NUMPY, right, cell(*grad, "pass"), "mse_grad = 3")
    other = "def scaled(v):\n    return v / 255\n\n" + cell("mse", "a, b", LOSSES["errs"])
    hidden = judged(judge, "loss", NUMPY, right, cell(*grad, GRADIENTS["mean"]), other)

    assert good.scope == "later"
    assert "`mse_grad` goes with your own `mse`" in good.sentence
    assert off.fails
    assert absent.outcome == "missing"
    assert lost.scope == "later"
    assert hidden.scope == "later"
