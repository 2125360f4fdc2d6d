from typing import Any

import pytest

NUMPY = "import numpy as np\n"
TANH = "def tanh(x):\n    return np.tanh(x)\n"
LOGISTIC = "def tanh(x):\n    return 1 / (1 + np.exp(-x))\n"
RELU = "def relu(x):\n    return np.maximum(x, 0)\n"


def tanh_grad(body: str) -> str:
    return f"def tanh_grad(x):\n    {body}\n"


def part(name: str = "tanh", **more: Any) -> dict[str, Any]:
    grad = f"{name}_grad"
    head = {"probe": "derivative", "name": grad, "of": name, "expect": grad}
    return head | {"inputs": "activation_inputs"} | more


def test_a_right_derivative_is_held_against_the_reference_and_the_own_function(judge: Any) -> None:
    verdict = judge(NUMPY + TANH + tanh_grad("return 1 - np.tanh(x) ** 2"), **part())

    assert verdict.outcome == "correct"
    assert "agrees with the reference on all 7 cases" in verdict.explanation
    assert "the derivative of your own `tanh`, by differences" in verdict.explanation


def test_an_overflow_on_the_way_to_a_right_value_is_a_remark(judge: Any) -> None:
    verdict = judge(NUMPY + TANH + tanh_grad("return 1 / np.cosh(x) ** 2"), **part())

    assert verdict.points == 10
    assert any("overflows on the way" in remark for remark in verdict.remarks)


def test_nan_for_large_numbers_costs_a_part(judge: Any) -> None:
    body = "e = np.exp(x); f = np.exp(-x); return 1 - ((e - f) / (e + f)) ** 2"

    verdict = judge(NUMPY + TANH + tanh_grad(body), **part())

    assert verdict.mistakes == ("overflow",)
    assert verdict.points == 7.5


def test_a_right_derivative_of_an_own_wrong_function_is_not_charged_again(judge: Any) -> None:
    verdict = judge(
        NUMPY + LOGISTIC + tanh_grad("s = 1 / (1 + np.exp(-x)); return s * (1 - s)"), **part()
    )

    assert verdict.points == 10
    assert any("your own `tanh`, which is not as it should be" in one for one in verdict.remarks)


def test_a_derivative_of_an_own_wrong_function_is_charged_for_its_overflow(judge: Any) -> None:
    body = "e = np.exp(-x); return e / (1 + e) ** 2"

    verdict = judge(NUMPY + LOGISTIC + tanh_grad(body), **part())

    assert verdict.mistakes == ("overflow",)


@pytest.mark.parametrize(("own", "grad"), [("0 * x", "0 * x"), ("x", "np.ones_like(x)")])
def test_a_straight_line_earns_nothing_for_its_derivative(judge: Any, own: str, grad: str) -> None:
    code = NUMPY + f"def tanh(x):\n    return {own}\n" + tanh_grad(f"return {grad}")

    verdict = judge(code, **part())

    assert verdict.points == 0
    assert "straight line" in verdict.explanation


def test_the_reference_s_derivative_of_another_function_is_right_and_named(judge: Any) -> None:
    verdict = judge(NUMPY + LOGISTIC + tanh_grad("return 1 - np.tanh(x) ** 2"), **part())

    assert verdict.points == 10
    assert any("not the derivative of your own `tanh`" in one for one in verdict.remarks)


def test_a_derivative_that_fits_neither_is_wrong(judge: Any) -> None:
    verdict = judge(NUMPY + TANH + tanh_grad("return 1 - np.tanh(x)"), **part())

    assert verdict.points == 0
    assert "not the derivative of your own `tanh` either" in verdict.explanation


def test_a_derivative_that_takes_the_output_is_named(judge: Any) -> None:
    verdict = judge(NUMPY + TANH + tanh_grad("return 1 - x ** 2"), **part())

    assert verdict.mistakes == ("takes-output",)
    assert verdict.points == 5


def test_taking_the_output_is_right_where_the_rubric_leaves_it_open(judge: Any) -> None:
    accept = {"of": ["input", "output"]}

    verdict = judge(NUMPY + TANH + tanh_grad("return 1 - x ** 2"), **part(accept=accept))

    assert verdict.points == 10
    assert verdict.conventions == {"of": "output"}


def test_taking_the_output_costs_what_the_rubric_s_mistake_says(judge: Any) -> None:
    mistake = {"id": "output", "when": {"of": "output"}, "worth": 0.7, "says": "Of the output."}

    verdict = judge(
        NUMPY + TANH + tanh_grad("return 1 - x ** 2"), question={"mistake": [mistake]}, **part()
    )

    assert verdict.mistakes == ("output",)
    assert verdict.points == 7


def test_a_reversed_sign_is_named(judge: Any) -> None:
    verdict = judge(NUMPY + TANH + tanh_grad("return np.tanh(x) ** 2 - 1"), **part())

    assert verdict.mistakes == ("wrong-sign",)


def test_without_the_function_only_the_reference_counts(judge: Any) -> None:
    verdict = judge(NUMPY + tanh_grad("return 1 - np.tanh(x) ** 2"), **part())

    assert verdict.points == 10
    assert "`tanh` gave nothing to be held against it" in verdict.explanation


def test_a_missing_derivative_is_missing(judge: Any) -> None:
    verdict = judge(NUMPY + TANH, **part())

    assert verdict.outcome == "missing"


@pytest.mark.parametrize("apart", [True, False])
def test_a_function_whose_name_was_lost_is_found_again(judge: Any, apart: bool) -> None:
    code = NUMPY + LOGISTIC + tanh_grad("t = 1 / (1 + np.exp(-x)); return t * (1 - t)")
    cells = (code, "tanh = tanh(1.0)") if apart else (f"{code}\ntanh = tanh(1.0)",)

    verdict = judge(*cells, **part())

    assert verdict.points == 10
    assert "by differences" in verdict.explanation


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("return (1 - np.tanh(x) ** 2).sum()", "the shape ()"),
        ("return x * np.nan", "nan"),
        ("raise ValueError('no')", "raises ValueError: no"),
        ("return 'steep'", "no number (str)"),
    ],
)
def test_a_derivative_without_slopes_is_wrong(judge: Any, body: str, says: str) -> None:
    verdict = judge(NUMPY + TANH + tanh_grad(body), **part())

    assert verdict.points == 0
    assert says in verdict.explanation


def test_an_argument_changed_in_place_costs_a_part(judge: Any) -> None:
    verdict = judge(
        NUMPY + RELU + "def relu_grad(x):\n    x[x <= 0] = 0\n    x[x > 0] = 1\n    return x * 1.0",
        **part("relu"),
    )

    assert "changes-argument" in verdict.mistakes
    assert verdict.points == 7.5


def test_a_derivative_that_hangs_is_wrong_and_says_so(ask: Any) -> None:
    asked = ask(NUMPY + TANH + tanh_grad("return 1 - np.tanh(x) ** 2"), **part())

    verdict = asked.until("case0").verdict

    assert verdict.points == 0
    assert verdict.cause == "timed_out"


def test_a_function_that_hangs_leaves_its_derivative_to_the_reference(ask: Any) -> None:
    asked = ask(NUMPY + TANH + tanh_grad("return 1 - np.tanh(x) ** 2"), **part())

    verdict = asked.until("own0_down2").verdict

    assert verdict.points == 10


@pytest.mark.parametrize(("code", "points"), [("x > 0", 10), ("x >= 0", 10)])
def test_between_both_slopes_of_a_kink_every_slope_is_right(
    judge: Any, code: str, points: float
) -> None:
    body = f"def relu_grad(x):\n    return ({code}) * 1.0\n"

    verdict = judge(NUMPY + RELU + body, **part("relu"))

    assert verdict.points == points


def test_beyond_both_slopes_of_a_kink_a_slope_costs_a_part(judge: Any) -> None:
    body = "def relu_grad(x):\n    return np.where(x == 0, 7.0, x > 0)\n"

    verdict = judge(NUMPY + RELU + body, **part("relu"))

    assert verdict.mistakes == ("kink",)


def test_single_precision_is_precise_enough(judge: Any) -> None:
    code = NUMPY + "def tanh(x):\n    return np.tanh(np.float32(x))\n"

    verdict = judge(code + tanh_grad("return 1 - np.tanh(np.float32(x)) ** 2"), **part())

    assert verdict.points == 10
    assert "by differences" in verdict.explanation


def test_torch_is_not_numpy(judge: Any) -> None:
    pytest.importorskip("torch")
    body = "return 1 - torch.tanh(torch.as_tensor(x)) ** 2"

    verdict = judge(NUMPY + "import torch\n" + TANH + tanh_grad(body), **part())

    assert "other-library" in verdict.mistakes


@pytest.mark.parametrize("seed", range(12))
def test_no_seed_makes_a_right_derivative_wrong(judge: Any, seed: int) -> None:
    code = NUMPY + LOGISTIC.replace("tanh", "sigmoid")
    code += "def sigmoid_grad(x):\n    return sigmoid(x) * (1 - sigmoid(x))\n"

    verdict = judge(code, seed=seed, **part("sigmoid"))

    assert verdict.points == 10
    assert "by differences" in verdict.explanation


def test_a_derivative_for_rows_alone_is_held_against_its_function(judge: Any) -> None:
    body = "return np.array([[1 - np.tanh(v) ** 2 for v in row] for row in x])"

    verdict = judge(NUMPY + TANH + tanh_grad(body), **part())

    assert verdict.points == 10
    assert "the derivative of your own `tanh`, by differences" in verdict.explanation


def test_what_is_no_number_at_a_kink_costs_something(judge: Any) -> None:
    verdict = judge(NUMPY + RELU + "def relu_grad(x): return relu(x) / x", **part("relu"))

    assert verdict.mistakes == ("kink",)
    assert "gives nan where the function has a kink" in verdict.explanation


def test_differences_of_the_own_function_are_close_but_not_exact(judge: Any) -> None:
    body = "return (tanh(x + 1e-4) - tanh(x)) / 1e-4"

    verdict = judge(NUMPY + TANH + tanh_grad(body), **part())

    assert verdict.mistakes == ("inexact",)
    assert "not the derivative" not in verdict.explanation
