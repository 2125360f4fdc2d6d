from typing import Any

import pytest

NUMPY = "import numpy as np\n"
MSE = "def mse(y_true, y_pred):\n    return np.mean((y_true - y_pred) ** 2)\n"
EVERY = {
    "reduction": ["mean", "examples", "outputs", "length", "sum"],
    "factor": ["one", "half"],
}


def loss(**more: Any) -> dict[str, Any]:
    return {"probe": "loss", "name": "mse", "expect": "mse", "inputs": "loss_inputs"} | more


def gradient(**more: Any) -> dict[str, Any]:
    part = {"probe": "loss", "name": "mse_grad", "of": "mse", "expect": "mse_grad"}
    return part | {"inputs": "loss_inputs", "accept": EVERY} | more


def mse(body: str, parameters: str = "y_true, y_pred") -> str:
    return NUMPY + f"def mse({parameters}):\n    {body}\n"


def grad(body: str, parameters: str = "y_true, y_pred") -> str:
    return f"def mse_grad({parameters}):\n    {body}\n"


def test_the_mean_of_the_squares_is_right(judge: Any) -> None:
    verdict = judge(NUMPY + MSE, **loss())

    assert verdict.outcome == "correct"


@pytest.mark.parametrize(
    ("body", "reduction", "factor"),
    [
        ("np.mean((y_true - y_pred) ** 2)", "mean", "one"),
        ("np.mean((y_true - y_pred) ** 2) / 2", "mean", "half"),
        ("np.sum((y_true - y_pred) ** 2)", "sum", "one"),
        ("np.sum((y_true - y_pred) ** 2) / len(y_true)", "length", "one"),
        ("np.sum((y_true - y_pred) ** 2) / y_true.shape[-1]", "outputs", "one"),
    ],
)
def test_a_convention_is_found_by_values(
    judge: Any, body: str, reduction: str, factor: str
) -> None:
    verdict = judge(mse(f"return {body}"), **loss(accept=EVERY))

    assert verdict.points == 10
    assert verdict.conventions == {"reduction": reduction, "factor": factor}


def test_a_factor_that_is_not_left_open_is_named(judge: Any) -> None:
    verdict = judge(mse("return np.mean((y_true - y_pred) ** 2) / 2"), **loss())

    assert verdict.mistakes == ("scaled",)
    assert "half what it should be" in verdict.explanation


def test_one_loss_for_each_example_is_named(judge: Any) -> None:
    verdict = judge(mse("return np.mean((y_true - y_pred) ** 2, axis=-1)"), **loss())

    assert verdict.mistakes == ("per-example",)
    assert verdict.points == 7.5


def test_errors_that_are_not_reduced_are_named(judge: Any) -> None:
    verdict = judge(mse("return (y_true - y_pred) ** 2"), **loss())

    assert verdict.mistakes == ("not-reduced",)
    assert verdict.points == 5


def test_a_loss_that_wants_rows_is_right(judge: Any) -> None:
    verdict = judge(mse("return np.mean(np.mean((y_true - y_pred) ** 2, axis=1))"), **loss())

    assert verdict.points == 10
    assert any("not on a plain vector" in remark for remark in verdict.remarks)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("return np.mean(np.abs(y_true - y_pred))", "other values"),
        ("return float('nan')", "nan"),
        ("return 1 / 0", "raises ZeroDivisionError"),
        ("return 'low'", "no number (str)"),
    ],
)
def test_what_is_no_squared_error_is_wrong(judge: Any, body: str, says: str) -> None:
    verdict = judge(mse(body), **loss())

    assert verdict.points == 0
    assert says in verdict.explanation


def test_a_missing_loss_is_missing(judge: Any) -> None:
    assert judge(NUMPY, **loss()).outcome == "missing"


@pytest.mark.parametrize("part", [loss(), gradient()])
def test_what_hangs_is_wrong_and_says_so(ask: Any, part: dict[str, Any]) -> None:
    asked = ask(NUMPY + MSE + grad("return 2 * (y_pred - y_true) / y_true.size"), **part)

    verdict = asked.until("case0").verdict

    assert verdict.points == 0
    assert verdict.cause == "timed_out"


@pytest.mark.parametrize(
    ("value", "slope"),
    [
        ("np.mean((y_true - y_pred) ** 2)", "2 * (y_pred - y_true) / y_true.size"),
        ("np.mean((y_true - y_pred) ** 2) / 2", "(y_pred - y_true) / y_true.size"),
        ("np.sum((y_true - y_pred) ** 2)", "2 * (y_pred - y_true)"),
        ("np.sum((y_true - y_pred) ** 2) / len(y_true)", "2 * (y_pred - y_true) / len(y_true)"),
    ],
)
def test_a_gradient_that_goes_with_its_loss_is_right(judge: Any, value: str, slope: str) -> None:
    verdict = judge(mse(f"return {value}") + grad(f"return {slope}"), **gradient())

    assert verdict.points == 10
    assert "the gradient of your own `mse`, by differences" in verdict.explanation


def test_ten_times_the_gradient_is_explained_by_the_ten_outputs(judge: Any) -> None:
    code = NUMPY + MSE + grad("return 2 * (y_pred - y_true) / len(y_true)")

    verdict = judge(code, **gradient())

    assert verdict.mistakes == ("inconsistent",)
    assert verdict.points == 5
    assert (
        "`mse` averages over the 10 outputs, `mse_grad` does not: "
        "your gradient is ten times that of your loss." in verdict.explanation
    )


def test_a_tenth_of_the_gradient_is_explained_the_other_way_round(judge: Any) -> None:
    code = mse("return np.sum((y_true - y_pred) ** 2) / len(y_true)")

    verdict = judge(code + grad("return 2 * (y_pred - y_true) / y_true.size"), **gradient())

    assert "`mse_grad` averages over the 10 outputs, `mse` does not" in verdict.explanation
    assert "a tenth of that of your loss" in verdict.explanation


def test_a_factor_of_two_that_is_lost_is_named(judge: Any) -> None:
    verdict = judge(NUMPY + MSE + grad("return (y_pred - y_true) / y_true.size"), **gradient())

    assert verdict.mistakes == ("inconsistent",)
    assert "lacks a factor 2" in verdict.explanation


def test_what_differs_for_batches_only_costs_less(judge: Any) -> None:
    code = NUMPY + MSE + grad("return 2 * (y_pred - y_true) / y_true.shape[-1]")

    verdict = judge(code, **gradient())

    assert verdict.mistakes == ("inconsistent-batch",)
    assert verdict.points == 7.5


def test_the_rubric_sets_what_an_inconsistency_is_worth(judge: Any) -> None:
    code = NUMPY + MSE + grad("return 2 * (y_pred - y_true) / len(y_true)")

    verdict = judge(code, **gradient(worth={"inconsistent": 0.8}))

    assert verdict.points == 8


def test_a_reversed_sign_is_named_with_the_labels(judge: Any) -> None:
    code = NUMPY + MSE + grad("return 2 * (y_true - y_pred) / y_true.size")

    verdict = judge(code, **gradient())

    assert verdict.mistakes == ("wrong-sign",)
    assert "with respect to `y_true`" in verdict.explanation


def test_a_reversed_sign_and_a_factor_both_cost(judge: Any) -> None:
    code = NUMPY + MSE + grad("return 2 * (y_true - y_pred)")

    verdict = judge(code, **gradient())

    assert set(verdict.mistakes) == {"wrong-sign", "inconsistent"}
    assert verdict.points == 0


def test_the_rubric_s_own_mistake_is_charged_once(judge: Any) -> None:
    mistake = {
        "id": "order",
        "when": {"order": "label_minus_prediction"},
        "worth": 0.6,
        "says": "The order is reversed.",
    }
    code = NUMPY + MSE + grad("return 2 * (y_true - y_pred) / y_true.size")

    verdict = judge(code, question={"mistake": [mistake]}, **gradient())

    assert verdict.mistakes == ("order",)
    assert verdict.points == 6


def test_a_gradient_of_an_own_wrong_loss_is_not_charged_again(judge: Any) -> None:
    code = mse("return np.sum((y_true - y_pred) ** 4)") + grad("return 4 * (y_pred - y_true) ** 3")

    verdict = judge(code, **gradient())

    assert verdict.points == 10
    assert verdict.conventions == {}
    assert any("your own `mse`, which is not as it should be" in one for one in verdict.remarks)


@pytest.mark.parametrize(
    ("value", "slope"), [("0.0", "0 * y_pred"), ("y_pred.sum()", "np.ones_like(y_pred)")]
)
def test_a_linear_loss_earns_nothing_for_its_gradient(judge: Any, value: str, slope: str) -> None:
    verdict = judge(mse(f"return {value}") + grad(f"return {slope}"), **gradient())

    assert verdict.points == 0


def test_a_right_gradient_of_a_wrong_loss_is_right(judge: Any) -> None:
    code = mse("return np.mean(np.abs(y_true - y_pred))")

    verdict = judge(code + grad("return 2 * (y_pred - y_true) / y_true.size"), **gradient())

    assert verdict.points == 10
    assert any("not the gradient of your own `mse`" in one for one in verdict.remarks)


def test_factors_that_no_size_explains_are_no_convention(judge: Any) -> None:
    code = mse("return np.sqrt(np.mean((y_true - y_pred) ** 2) + 1e-9)")

    verdict = judge(code + grad("return 2 * (y_pred - y_true) / y_true.size"), **gradient())

    assert verdict.points == 10
    assert any("not the gradient of your own `mse`" in one for one in verdict.remarks)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("return y_pred", "not the gradient of your own `mse` either"),
        ("return np.mean(2 * (y_pred - y_true))", "the shape ()"),
        ("return y_pred * np.nan", "nan"),
        ("raise ValueError('no')", "raises ValueError"),
    ],
)
def test_what_is_no_gradient_is_wrong(judge: Any, body: str, says: str) -> None:
    verdict = judge(NUMPY + MSE + grad(body), **gradient())

    assert verdict.points == 0
    assert says in verdict.explanation


def test_without_a_loss_only_the_reference_counts(judge: Any) -> None:
    verdict = judge(NUMPY + grad("return 2 * (y_pred - y_true) / y_true.size"), **gradient())

    assert verdict.points == 10
    assert "`mse` gave no numbers" in verdict.explanation


def test_arguments_in_the_other_order_are_judged_so(judge: Any) -> None:
    code = mse("return np.mean((p - t) ** 2)", "p, t").replace("p, t", "y_pred, y_true")
    code = code.replace("(p - t)", "(y_pred - y_true)")

    verdict = judge(
        code + grad("return 2 * (y_pred - y_true) / y_true.size", "y_pred, y_true"), **gradient()
    )

    assert verdict.points == 10
    assert any("in the other order than `y_true` and `y_pred`" in one for one in verdict.remarks)


def test_names_that_do_not_tell_are_taken_in_the_order_asked_for(judge: Any) -> None:
    verdict = judge(NUMPY + MSE + grad("return 2 * (b - a) / a.size", "a, b"), **gradient())

    assert verdict.points == 10
    assert verdict.remarks == ()


def test_a_loss_whose_name_was_lost_is_found_again(judge: Any) -> None:
    cells = (NUMPY + MSE + grad("return 2 * (y_pred - y_true) / y_true.size"), "mse = 0.25")

    verdict = judge(*cells, **gradient())

    assert "the gradient of your own `mse`, by differences" in verdict.explanation


def test_a_loss_in_single_precision_is_precise_enough(judge: Any) -> None:
    code = mse("return np.mean(np.float32(y_true - y_pred) ** 2)")

    verdict = judge(code + grad("return 2 * (y_pred - y_true) / y_true.size"), **gradient())

    assert verdict.points == 10
    assert "by differences" in verdict.explanation


@pytest.mark.parametrize("seed", range(8))
def test_no_seed_makes_a_right_gradient_wrong(judge: Any, seed: int) -> None:
    code = NUMPY + MSE + grad("return 2 * (y_pred - y_true) / y_true.size")

    assert judge(code, seed=seed, **gradient()).points == 10


@pytest.mark.parametrize(
    "body",
    ["np.einsum('ij,ij->', y_pred - y_true, y_pred - y_true) / y_true.size"],
)
def test_a_stack_of_rows_is_not_asked_for(judge: Any, body: str) -> None:
    verdict = judge(mse(f"return {body}"), **loss(accept=EVERY))

    assert (verdict.points, verdict.mistakes) == (10, ())
    assert "`mse` does not work on a stack of single rows, of three axes." in verdict.remarks


def test_one_loss_for_each_row_is_named_by_rows(judge: Any) -> None:
    verdict = judge(mse("return np.mean((y_true - y_pred) ** 2, axis=1)"), **loss())

    assert verdict.mistakes == ("per-example",)


@pytest.mark.parametrize(
    "pooled", ["np.mean(d, axis=0, keepdims=True)", "d[:1]", "d if len(d) == 1 else d[0]"]
)
def test_a_gradient_of_another_size_for_a_batch_is_not_that_of_the_loss(
    judge: Any, pooled: str
) -> None:
    body = f"d = 2 * (y_pred - y_true) / y_true.shape[-1]; return {pooled}"

    verdict = judge(NUMPY + MSE + grad(body), **gradient())

    assert verdict.mistakes == ("batch",)
    assert verdict.points == 5
    assert "For one example, it is the gradient of your own `mse`." in verdict.explanation


def test_the_gradient_of_a_loss_that_squares_nothing_earns_nothing(judge: Any) -> None:
    source = mse("return np.mean(y_pred - y_true)")

    verdict = judge(source + grad("return np.ones_like(y_pred) / y_pred.size"), **gradient())

    assert verdict.points == 0
    assert "linear: that shows nothing" in verdict.explanation


@pytest.mark.parametrize("parameters", ["p, t", "y_hat, y", "guess, desired"])
def test_arguments_in_the_other_order_are_known_by_more_names(judge: Any, parameters: str) -> None:
    first, last = parameters.split(", ")
    source = f"return 2 * ({first} - {last}) / {first}.size"

    verdict = judge(NUMPY + grad(source, parameters), **gradient())

    assert verdict.points == 10
