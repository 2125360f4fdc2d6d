import pytest

from tests.scoring.probed.conftest import Ask, Judge

TANH = {"probe": "function", "name": "tanh", "expect": "tanh", "inputs": "activation_inputs"}
RELU = {**TANH, "name": "relu", "expect": "relu"}
SIGMOID = {**TANH, "name": "sigmoid", "expect": "sigmoid"}
HEAD = "import numpy as np\nimport torch\n"


@pytest.mark.parametrize(
    ("part", "source"),
    [
        (TANH, "def tanh(x): return np.tanh(x)"),
        (TANH, "tanh = lambda x: 2 / (1 + np.exp(-2 * np.clip(x, -300, 300))) - 1"),
        (TANH, "tanh = np.vectorize(lambda x: np.tanh(x))"),
        (RELU, "def relu(x): return np.maximum(0, x)"),
        (RELU, "def relu(x): return x * (np.asarray(x) > 0)"),
        (RELU, "def relu(x): return np.where(np.asarray(x) > 0, x, 0)"),
        (SIGMOID, "def sigmoid(x): return 0.5 * (1 + np.tanh(0.5 * x))"),
        (
            SIGMOID,
            "class Sigmoid:\n    def __call__(self, x): return 1 / (1 + np.exp(-x))\n"
            "def sigmoid(x): return Sigmoid()(x)",
        ),
    ],
)
def test_a_right_function_earns_all_points(judge: Judge, part: dict[str, str], source: str) -> None:
    verdict = judge(HEAD + source, **part)

    assert (verdict.points, verdict.outcome, verdict.mistakes) == (10, "correct", ())
    assert verdict.explanation.endswith("agrees with the reference on all 7 cases.")


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("def tanh(x): return np.sin(x)", "gives other values than it should"),
        ("def tanh(x): return -np.tanh(x)", "gives other values than it should"),
        ("def tanh(x): return np.tanh(x) + 1e-3", "gives other values than it should"),
        ("def tanh(x): return 'text'", "gives no number (str)"),
        ("def tanh(x): return np.tanh(x)[..., :1]", "gives the shape (1, 1)"),
        ("def tanh(x): return np.full(np.shape(x), np.nan)", "gives nan"),
        ("def tanh(x): return np.full(np.shape(x), np.inf)", "gives inf"),
        ("def tanh(x): raise ValueError('no idea')", "raises ValueError: no idea"),
        ("def tanh(x, y): return np.tanh(x)", "raises TypeError: tanh() missing 1 required"),
        ("def tanh(): return 1", "raises TypeError: tanh() takes 0 positional arguments"),
        ("class tanh: pass", "raises TypeError"),
    ],
)
def test_a_wrong_function_earns_nothing_and_says_what_came_back(
    judge: Judge, source: str, says: str
) -> None:
    verdict = judge(HEAD + source, **TANH)

    assert (verdict.points, verdict.outcome) == (0, "wrong")
    assert says in verdict.explanation


def test_a_function_that_is_nowhere_is_missing(judge: Judge) -> None:
    verdict = judge(HEAD, **TANH)

    assert (verdict.points, verdict.outcome) == (0, "missing")
    assert verdict.explanation == "No function `tanh` was found."


@pytest.mark.parametrize("body", ["pass", "...", '"""To be written."""', "np.tanh(x)"])
def test_a_function_that_gives_nothing_is_still_to_be_written(judge: Judge, body: str) -> None:
    verdict = judge(f"{HEAD}def tanh(x): {body}", **TANH)

    assert verdict.outcome == "missing"
    assert verdict.explanation.startswith("`tanh` returns nothing")


def test_a_function_that_hangs_is_judged_by_what_came_before(ask: Ask) -> None:
    asked = ask(HEAD + "def tanh(x): return np.tanh(x)", **TANH)

    verdict = asked.until("case1").verdict

    assert (verdict.points, verdict.cause) == (0, "timed_out")
    assert "did not finish within 10 seconds" in verdict.explanation


def test_an_overflow_on_the_way_to_right_values_is_a_remark(judge: Judge) -> None:
    verdict = judge(HEAD + "def sigmoid(x): return 1 / (1 + np.exp(-x))", **SIGMOID)

    assert (verdict.points, verdict.mistakes) == (10, ())
    assert "overflows on the way" in verdict.remarks[0]


SPOILT = "def tanh(x): return (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))"


@pytest.mark.parametrize(("worth", "points"), [({}, 7.5), ({"overflow": 0.9}, 9)])
def test_nan_for_large_numbers_has_its_own_price(
    judge: Judge, worth: dict[str, float], points: float
) -> None:
    verdict = judge(HEAD + SPOILT, **TANH, worth=worth)

    assert (verdict.points, verdict.mistakes) == (points, ("overflow",))


def test_a_function_that_changes_its_argument_is_told_so_and_spoils_no_other_case(
    judge: Judge,
) -> None:
    verdict = judge(HEAD + "def relu(x):\n    x *= x > 0\n    return x", **RELU)

    assert (verdict.points, verdict.mistakes) == (7.5, ("changes-argument",))


def test_what_fails_for_single_numbers_only_is_a_remark(judge: Judge) -> None:
    source = "def relu(x):\n    y = x.copy()\n    y[y < 0] = 0\n    return y"

    verdict = judge(HEAD + source, **RELU)

    assert (verdict.points, verdict.outcome) == (10, "correct")
    assert "not on a single number" in verdict.remarks[0]


def test_what_is_right_for_one_example_only_earns_part(judge: Judge) -> None:
    source = "def tanh(x): return np.tanh(np.atleast_2d(x)[:1]).reshape(np.shape(x)[-1:])"

    verdict = judge(HEAD + source, **TANH)

    assert "batch" in verdict.mistakes
    assert 0 < verdict.points < 10


def test_right_values_in_another_shape_earn_part(judge: Judge) -> None:
    verdict = judge(HEAD + "def tanh(x): return np.tanh(x).reshape(-1, 1)", **TANH)

    assert (verdict.points, verdict.mistakes) == (7.5, ("shape",))


def test_pytorch_in_place_of_numpy_earns_nothing(judge: Judge) -> None:
    verdict = judge(HEAD + "def tanh(x): return torch.tanh(torch.as_tensor(x))", **TANH)

    assert (verdict.points, verdict.mistakes) == (0, ("other-library",))


def test_of_two_definitions_the_better_one_counts(judge: Judge) -> None:
    cells = ("def tanh(x): return np.tanh(x)", "def tanh(x): return torch.tanh(x)")

    verdict = judge(HEAD, *cells, **TANH)

    assert verdict.points == 10
    assert "Judged as it stood after cell 2" in " ".join(verdict.remarks)


@pytest.mark.parametrize("later", ["tanh = tanh(np.ones(3))", "from torch import tanh"])
def test_a_name_that_is_lost_later_costs_nothing(judge: Judge, later: str) -> None:
    verdict = judge(HEAD + "def tanh(x): return np.tanh(x)", later, **TANH)

    assert verdict.points == 10


def test_a_name_lost_in_its_own_cell_costs_nothing(judge: Judge) -> None:
    source = "def tanh(x): return np.tanh(x)\ntanh = tanh(np.ones(3))"

    assert judge(HEAD + source, **TANH).points == 10


def test_another_name_is_accepted_and_told(judge: Judge) -> None:
    verdict = judge(HEAD + "def Tan_H(x): return np.tanh(x)", **TANH)

    assert verdict.points == 10
    assert verdict.remarks == ("It is called `Tan_H` here; `tanh` was asked for.",)


MISTAKE = {"id": "output", "when": {"of": "output"}, "worth": 0.4, "says": "Of the output."}


def test_a_known_mistake_is_named_and_priced_by_the_rubric(judge: Judge) -> None:
    part = {**TANH, "name": "tanh_grad", "expect": "tanh_grad", "inputs": "derivative_inputs"}

    verdict = judge("def tanh_grad(x): return 1 - x**2", **part, question={"mistake": [MISTAKE]})

    assert (verdict.points, verdict.mistakes) == (4, ("output",))
    assert "Of the output." in verdict.explanation


def test_single_precision_is_precise_enough(judge: Judge) -> None:
    source = "def tanh(x): return np.tanh(np.asarray(x, dtype=np.float32))"

    assert judge(HEAD + source, **TANH).points == 10


LOOPS = """def {0}(x):
    made = np.zeros(x.shape)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            made[i, j] = max(x[i, j], 0)
    return made"""


def test_what_works_on_rows_alone_is_right_and_says_so(judge: Judge) -> None:
    verdict = judge(HEAD + LOOPS.format("relu"), **RELU)

    assert (verdict.points, verdict.mistakes) == (10, ())
    assert "`relu` works on rows of examples, but not on a plain vector." in verdict.remarks
    assert "`relu` does not work on arrays of whole numbers." not in verdict.remarks


@pytest.mark.parametrize(
    ("part", "source", "found", "points"),
    [
        (RELU, "def relu(x): return [max(0, v) for v in x]", "no-rows", 5),
        (TANH, "import math\ndef tanh(x): return math.tanh(x)", "no-arrays", 2.5),
        (TANH, "def tanh(x): return np.round(np.tanh(x), 4)", "inexact", 7.5),
        (RELU, "relu = np.vectorize(lambda v: v if v > 0 else 0)", "whole-numbers", 5),
    ],
)
def test_the_limits_within_which_a_function_is_right_are_named(
    judge: Judge, part: dict[str, str], source: str, found: str, points: float
) -> None:
    verdict = judge(HEAD + source, **part)

    assert (verdict.mistakes, verdict.points) == ((found,), points)


def test_a_limit_and_an_overflow_are_both_named(judge: Judge) -> None:
    source = "def tanh(x):\n    e = 2.718\n    return (e**x - e**-x) / (e**x + e**-x)"

    assert judge(HEAD + source, **TANH).mistakes == ("inexact", "overflow")


@pytest.mark.parametrize(
    "body",
    [
        "np.tanh(x) if np.ndim(x) != 1 else np.tanh(x) / 2",
        "np.trunc(np.tanh(x)).astype(int)",
        "np.tanh(x) if np.ndim(x) == 0 else np.tanh(x).sum()",
        "np.tanh(x) if np.ndim(x) == 0 else -np.tanh(x)",
    ],
)
def test_wrong_numbers_are_no_limit(judge: Judge, body: str) -> None:
    assert judge(f"{HEAD}def tanh(x): return {body}", **TANH).points == 0


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("from sklearn import metrics as m\nimport torch as th", "m.f(x), th.tensor(x)"),
        ("from torch.nn.functional import tanh as quick", "quick(x)"),
        ("", "torch.tanh(x)"),
    ],
)
def test_another_library_is_known_by_whatever_name(judge: Judge, head: str, body: str) -> None:
    source = f"def tanh(x):\n    if 0:\n        return {body}\n    return np.tanh(x)"

    assert judge(f"{HEAD}{head}", source, **TANH).mistakes == ("other-library",)


@pytest.mark.parametrize(
    "source",
    [
        "def tanh(x):\n    '''As torch.tanh does.'''\n    return np.tanh(x)",
        "def tanh(x):\n    torch = np.tanh(x)\n    return torch",
        "def tanh(torch): return np.tanh(torch)",
    ],
)
def test_a_name_or_a_text_is_no_other_library(judge: Judge, source: str) -> None:
    assert judge(HEAD + source, **TANH).points == 10


def test_what_is_invalid_is_no_overflow(judge: Judge) -> None:
    source = "def tanh(x):\n    np.log(-1.0)\n    return np.tanh(x)"

    assert judge(HEAD + source, **TANH).remarks == ()


@pytest.mark.parametrize("later", ["np = 3", "exp = np.exp(2)"])
def test_what_it_uses_may_be_lost_later(judge: Judge, later: str) -> None:
    source = "from numpy import exp\ndef tanh(x): return (exp(2 * x) - 1) / (exp(2 * x) + 1)"

    assert judge(HEAD + source, later, **TANH, worth={"overflow": 1}).points == 10
