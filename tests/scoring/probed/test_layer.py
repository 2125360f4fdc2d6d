from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.scoring.probed.conftest import ask_cells

PART = {
    "probe": "layer",
    "name": "Affine_Layer",
    "expect": "affine_backward",
    "inputs": "affine_inputs",
}
BUILD = "self.W = np.random.randn(i, o) / np.sqrt(i); self.b = np.zeros((1, o))"
FORWARD = "self.x = x; return x @ self.W + self.b"
GRADIENT = "d = g @ self.W.T"
STEP = "self.W -= lr * self.x.T @ g; self.b -= lr * g.sum(axis=0, keepdims=True)"
BACKWARD = f"{GRADIENT}; {STEP}; return d"


def layer(
    build: str = BUILD, forward: str = FORWARD, backward: str = BACKWARD, sizes: str = "i, o"
) -> str:
    return (
        "import numpy as np\n"
        "class Affine_Layer:\n"
        f"    def __init__(self, {sizes}):\n        {build}\n"
        f"    def forward_propagation(self, x):\n        {forward}\n"
        f"    def backward_propagation(self, g, lr):\n        {backward}\n"
    )


def kept(inputs_first: bool, bias: str) -> str:
    """A right layer of any layout."""
    weights = "self.W" if inputs_first else "self.W.T"
    shape = "(i, o)" if inputs_first else "(o, i)"
    grad = "self.x.T @ g" if inputs_first else "g.T @ self.x"
    biases = {"(1, o)": "(1, -1)", "(o,)": "-1", "(o, 1)": "(-1, 1)"}
    return layer(
        f"self.W = np.random.randn(*{shape}) / np.sqrt(i); self.b = np.random.randn(*{bias})",
        f"self.x = x; return x @ {weights} + self.b.reshape(1, -1)",
        f"d = g @ {weights}.T; self.W -= lr * {grad}; "
        f"self.b -= lr * g.sum(axis=0).reshape({biases[bias]}); return d",
    )


@pytest.mark.parametrize("inputs_first", [True, False])
@pytest.mark.parametrize("bias", ["(1, o)", "(o,)", "(o, 1)"])
def test_every_layout_is_right(judge: Any, inputs_first: bool, bias: str) -> None:
    verdict = judge(kept(inputs_first, bias), **PART)

    assert verdict.outcome == "correct"
    assert verdict.conventions["weights"] == ("(in, out)" if inputs_first else "(out, in)")


@pytest.mark.parametrize("inputs_first", [True, False])
@pytest.mark.parametrize("bias", ["(1, o)", "(o,)", "(o, 1)"])
def test_in_every_layout_an_update_that_comes_first_is_named(
    judge: Any, inputs_first: bool, bias: str
) -> None:
    code = kept(inputs_first, bias)
    first, gradient = code.rsplit("d = g @ ", 1)
    product, rest = gradient.split("; ", 1)
    code = f"{first}{rest.replace('return d', f'return g @ {product}')}"

    verdict = judge(code, **PART)

    assert verdict.mistakes == ("update-first",)
    assert verdict.points == 7.5


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**31), inputs_first=st.booleans())
def test_no_seed_makes_a_right_layer_wrong(seed: int, inputs_first: bool) -> None:
    np.random.seed(seed)

    verdict = ask_cells(kept(inputs_first, "(o,)"), seed=seed, **PART).verdict

    assert verdict.points == 10


@pytest.mark.parametrize(
    "build",
    [
        "self.p = {'W': np.random.randn(i, o) / 9, 'b': np.zeros(o)}",
        "self.p = [np.random.randn(i, o) / 9, np.zeros(o)]",
        "self.p = Pair(np.random.randn(i, o) / 9, np.zeros(o))",
    ],
)
def test_parameters_may_lie_in_containers(judge: Any, build: str) -> None:
    w, b = ("self.p.W", "self.p.b") if "Pair" in build else ("self.p[w]", "self.p[b]")
    keys = "w, b = (0, 1) if isinstance(self.p, list) else ('W', 'b'); "
    code = layer(
        build,
        f"{keys}self.x = x; return x @ {w} + {b}",
        f"{keys}d = g @ {w}.T; {w} -= lr * self.x.T @ g; {b} -= lr * g.sum(axis=0); return d",
    )
    pair = "class Pair:\n    def __init__(self, W, b):\n        self.W, self.b = W, b\n"

    verdict = judge(pair + code, **PART)

    assert verdict.points == 10


def test_a_bias_may_begin_as_one_number(judge: Any) -> None:
    build = "self.W = np.random.randn(i, o) / 9; self.b = 0"
    step = "self.W -= lr * self.x.T @ g; self.b = self.b - lr * g.sum(axis=0)"

    verdict = judge(layer(build, backward=f"{GRADIENT}; {step}; return d"), **PART)

    assert verdict.points == 10


def test_an_attribute_of_the_bias_s_shape_is_not_taken_for_it(judge: Any) -> None:
    build = f"self.a_momentum = np.zeros((1, o)); {BUILD}; self.z_momentum = np.zeros((1, o))"

    verdict = judge(layer(build), **PART)

    assert verdict.points == 10
    assert "its bias as `b`" in verdict.explanation


def test_weights_made_by_the_first_pass_are_found(judge: Any) -> None:
    build = "self.i, self.o, self.W = i, o, None"
    forward = f"i, o = self.i, self.o\n        if self.W is None: {BUILD}\n        {FORWARD}"

    verdict = judge(layer(build, forward), **PART)

    assert verdict.points == 10
    assert any("could not be seen" in remark for remark in verdict.remarks)


@pytest.mark.parametrize(
    ("backward", "found", "points"),
    [
        (f"{STEP}; return g @ self.W.T", ("update-first",), 7.5),
        (f"{GRADIENT}; self.W -= lr * self.x.T @ g; return d", ("bias-not-updated",), 8),
        (f"{GRADIENT}; self.b -= lr * g.sum(axis=0); return d", ("weights-not-updated",), 6),
        (f"{GRADIENT}; {STEP.replace('-=', '+=')}; return d", ("wrong-sign",), 7),
        (f"{GRADIENT}; {STEP.replace('lr * ', '')}; return d", ("learning-rate-ignored",), 8),
        (f"{GRADIENT}; {STEP.replace('lr', 'lr * lr')}; return d", ("learning-rate-twice",), 8),
        (f"{STEP}", ("input-gradient",), 6),
        (f"{GRADIENT}; {STEP}; return lr * d", ("input-gradient",), 6),
        (f"{GRADIENT}; {STEP}; return d.T", ("transposed",), 7.5),
        (f"{GRADIENT}; {STEP}; return d, self.W", ("returns-more",), 9),
        (f"{GRADIENT}; {STEP}; return d * np.nan", ("input-gradient",), 6),
        (f"{GRADIENT}; self.W -= lr * self.x.T @ g; self.b = self.b - lr * g; return d",
         ("batch",), 7.5),
        (f"{GRADIENT}; {STEP.replace('self.x.T @ g', 'np.outer(self.x, g)')}; return d",
         ("batch",), 7.5),
        (f"{GRADIENT}; self.W -= lr * self.x[:1].T @ g[:1]; self.b -= lr * g[:1]; return d",
         ("batch",), 7.5),
        ("return 1 / 0", ("backward",), 4),
    ],
)  # fmt: skip
def test_a_mistake_of_going_back_is_named(
    judge: Any, backward: str, found: tuple[str, ...], points: float
) -> None:
    verdict = judge(layer(backward=backward), **PART)

    assert verdict.mistakes == found
    assert verdict.points == points


def test_new_parameters_that_are_only_returned_are_named(judge: Any) -> None:
    new = "W = self.W - lr * self.x.T @ g; b = self.b - lr * g.sum(axis=0)"

    verdict = judge(layer(backward=f"{GRADIENT}; {new}; return d, W, b"), **PART)

    assert set(verdict.mistakes) == {"not-in-place", "returns-more"}


def test_the_mean_over_a_batch_is_right_where_the_rubric_leaves_it_open(judge: Any) -> None:
    step = STEP.replace("lr *", "lr / len(g) *")
    code = layer(backward=f"{GRADIENT}; {step}; return d")

    strict, open_ = judge(code, **PART), judge(code, accept={"batch": ["sum", "mean"]}, **PART)

    assert strict.mistakes == ("batch",)
    assert open_.points == 10
    assert open_.conventions["batch"] == "mean"


def test_the_rubric_sets_what_a_finding_is_worth(judge: Any) -> None:
    code = layer(backward=f"{STEP}; return g @ self.W.T")

    verdict = judge(code, worth={"update-first": 0.9}, **PART)

    assert verdict.points == 9


@pytest.mark.parametrize(
    ("forward", "found"),
    [
        ("self.x = x; return x @ self.W", "forward-no-bias"),
        ("self.x = x; return x @ self.W - 1", "forward"),
        ("self.x = x; return (x @ self.W + self.b).sum()", "forward"),
        ("self.x = x; return np.nan * (x @ self.W + self.b)", "forward"),
        ("self.x = x", "forward"),
        ("self.x = x; return np.tanh(x @ self.W + self.b)", "forward"),
        ("self.x = x; return (x @ self.W + self.b)[:1]", "batch"),
        ("self.x = x; return (x @ self.W + self.b)[None]", "shape"),
    ],
)
def test_a_mistake_of_going_forward_is_named(judge: Any, forward: str, found: str) -> None:
    verdict = judge(layer(forward=forward), **PART)

    assert verdict.mistakes == (found,)


def test_a_bias_of_other_values_left_out_is_named(judge: Any) -> None:
    build = BUILD.replace("np.zeros((1, o))", "np.random.randn(1, o)")

    verdict = judge(layer(build, "self.x = x; return x @ self.W"), **PART)

    assert verdict.mistakes == ("forward-no-bias",)


def test_a_layer_that_goes_forward_with_old_weights_is_named(judge: Any) -> None:
    build = f"{BUILD}; self.first = self.W.copy()"

    verdict = judge(layer(build, "self.x = x; return x @ self.first + self.b"), **PART)

    assert verdict.points < 10


def test_a_layer_without_bias_is_named(judge: Any) -> None:
    code = layer(
        "self.W = np.random.randn(i, o) / 9",
        "self.x = x; return x @ self.W",
        f"{GRADIENT}; self.W -= lr * self.x.T @ g; return d",
    )

    assert judge(code, **PART).mistakes == ("no-bias",)


def test_an_array_that_is_never_added_is_no_bias(judge: Any) -> None:
    code = layer(
        "self.W = np.random.randn(i, o) / 9; self.total = np.ones((1, o))",
        "self.x = x; return x @ self.W",
        f"{GRADIENT}; self.W -= lr * self.x.T @ g; return d",
    )

    assert judge(code, **PART).mistakes == ("no-bias",)


def test_sizes_in_the_other_order_are_found_and_told(judge: Any) -> None:
    verdict = judge(layer(sizes="o, i"), **PART)

    assert verdict.points == 10
    assert any("outputs first" in remark for remark in verdict.remarks)


def test_methods_called_alike_are_found_and_told(judge: Any) -> None:
    code = layer().replace("_propagation", "")

    verdict = judge(code, **PART)

    assert verdict.points == 10
    assert any("`forward_propagation` has another name" in one for one in verdict.remarks)


def test_a_missing_method_is_told(judge: Any) -> None:
    code = layer().replace("backward_propagation", "update")

    verdict = judge(code, **PART)

    assert verdict.mistakes == ("backward",)
    assert "has no attribute 'backward_propagation'" in verdict.explanation


def test_a_missing_class_is_missing(judge: Any) -> None:
    assert judge("import numpy as np", **PART).outcome == "missing"


def test_a_class_as_the_template_has_it_is_missing(judge: Any) -> None:
    assert judge(layer("pass", "pass", "pass"), **PART).outcome == "missing"


def test_a_class_that_can_only_be_built_earns_nothing(judge: Any) -> None:
    verdict = judge(layer(forward="pass", backward="pass"), **PART)

    assert verdict.outcome == "wrong"


def test_a_constructor_that_raises_earns_nothing(judge: Any) -> None:
    verdict = judge(layer("raise ValueError('no')"), **PART)

    assert verdict.points == 0
    assert "raises ValueError: no" in verdict.explanation


def test_a_layer_that_keeps_nothing_earns_nothing(judge: Any) -> None:
    verdict = judge(layer("self.i = i", "return x[:, :3]", "return g"), **PART)

    assert verdict.mistakes == ("parameters",)


def test_a_layout_nobody_knows_goes_to_a_person(judge: Any) -> None:
    build = "self.n, self.all = i, np.random.randn((i + 1) * o).reshape(i + 1, o)"
    forward = "self.x = x; return x @ self.all[:self.n] + self.all[self.n:]"
    back = "d = g @ self.all[:self.n].T; self.all[:self.n] -= lr * self.x.T @ g; "

    verdict = judge(layer(build, forward, f"{back}self.all[self.n] -= lr * g.sum(0); return d"),
                    **PART)  # fmt: skip

    assert verdict.outcome == "ungraded"
    assert verdict.needs_review


@pytest.mark.parametrize(
    ("step", "points"),
    [("layer0", 0), ("forward0", 0), ("backward0", 4), ("layer1", 10), ("backward1", 7.5)],
)
def test_a_layer_that_hangs_says_so(ask: Any, step: str, points: float) -> None:
    verdict = ask(layer(), **PART).until(step).verdict

    assert verdict.cause == "timed_out"
    assert verdict.points == points


def test_arguments_changed_in_place_cost_a_part(judge: Any) -> None:
    verdict = judge(layer(backward=f"{GRADIENT}; {STEP}; g *= 0; return d"), **PART)

    assert verdict.mistakes == ("changes-argument",)


def test_single_precision_is_precise_enough(judge: Any) -> None:
    build = BUILD.replace("np.random.randn(i, o)", "np.random.randn(i, o).astype(np.float32)")
    build = build.replace("np.sqrt(i)", "np.float32(3)")

    assert judge(layer(build), **PART).points == 10


def test_tensors_inside_are_not_numpy(judge: Any) -> None:
    pytest.importorskip("torch")
    build = "self.W = torch.randn(i, o, dtype=float) / 9; self.b = torch.zeros(1, o, dtype=float)"
    forward = "self.x = torch.as_tensor(x); return self.x @ self.W + self.b"
    back = f"g = torch.as_tensor(g); {BACKWARD.replace('axis', 'dim').replace('dims', 'dim')}"

    verdict = judge("import torch\n" + layer(build, forward, back), **PART)

    assert "other-library" in verdict.mistakes
    assert verdict.points == 0


def test_plain_rand_costs_a_part(judge: Any) -> None:
    build = "self.W = np.random.rand(i, o); self.b = np.random.rand(1, o)"

    verdict = judge(layer(build), **PART)

    assert verdict.mistakes == ("initialisation",)
    assert verdict.conventions["initialisation"] == "plain rand"
    assert verdict.points == 8


@pytest.mark.parametrize(
    ("build", "backward", "found"),
    [
        ("self.D = 0", "self.D += self.x.T @ g; self.W -= lr * self.D", "next-step"),
        ("self.D = self.E = 0",
         "self.D += self.x.T @ g; self.E += g.sum(axis=0); "
         "self.W -= lr * self.D; self.b -= lr * self.E",
         "adds-up"),
        ("self.y = None",
         "self.y = self.x if self.y is None else self.y; "
         + STEP.replace("self.x", "self.y"),
         "old-input"),
        ("self.t = 0", "self.t += 1; lr = lr / self.t ** 3; " + STEP, "next-step"),
        ("self.t = 0", f"1 / (1 - self.t); self.t += 1; {STEP}", "next-step"),
    ],
)  # fmt: skip
def test_what_is_right_for_the_first_step_alone_is_named(
    judge: Any, build: str, backward: str, found: str
) -> None:
    if found == "next-step" and "self.D" in backward:
        backward += "; self.b -= lr * g.sum(axis=0)"
    source = layer(f"{BUILD}; {build}", backward=f"{GRADIENT}; {backward}; return d")

    verdict = judge(source, **PART)

    assert (verdict.mistakes, verdict.points) == ((found,), 7.5)


def test_a_gradient_by_weights_of_an_earlier_step_is_named(judge: Any) -> None:
    source = layer(
        f"{BUILD}; self.V = self.W.copy()", backward=f"d = g @ self.V.T; {STEP}; return d"
    )

    verdict = judge(source, **PART)

    assert verdict.mistakes == ("next-step",)
    assert "for the weights of an earlier step" in verdict.explanation


def test_momentum_costs_nothing_and_is_told(judge: Any) -> None:
    step = (
        "self.v = 0.9 * self.v - lr * self.x.T @ g; self.u = 0.9 * self.u - lr * g.sum(axis=0); "
        "self.W += self.v; self.b += self.u"
    )
    source = layer(f"{BUILD}; self.v = self.u = 0", backward=f"{GRADIENT}; {step}; return d")

    verdict = judge(source, **PART)

    assert verdict.outcome == "correct"
    assert "Its steps have momentum: 0.9 of the one before." in verdict.remarks


def test_a_recording_without_a_second_step_is_judged_by_the_first(judge: Any) -> None:
    asked = ask_cells(layer(), **PART)
    later = ("onward", "backward_again", "later")

    old = tuple(
        replace(one, steps=tuple(s for s in one.steps if not s.name.startswith(later)))
        for one in asked.probes
    )

    assert replace(asked, probes=old).verdict.outcome == "correct"


@pytest.mark.parametrize("length", ["0.5 * lr", "0.01"])
def test_a_step_of_another_length_is_one_mistake(judge: Any, length: str) -> None:
    source = layer(backward=f"{GRADIENT}; {STEP.replace('lr', length)}; return d")

    verdict = judge(source, **PART)

    assert (verdict.mistakes, verdict.points) == (("step-size",), 8)


@pytest.mark.parametrize("backward", ["pass", "return g"])
def test_going_back_that_does_nothing_is_worth_what_one_that_fails_is(
    judge: Any, backward: str
) -> None:
    verdict = judge(layer(backward=backward), **PART)

    assert (verdict.mistakes, verdict.points) == (("backward",), 4)


def test_a_layer_that_wants_examples_as_columns_is_asked_so(judge: Any) -> None:
    source = layer(
        "self.W = np.random.randn(o, i) / np.sqrt(i); self.b = np.zeros((o, 1))",
        "self.x = x; return self.W @ x + self.b",
        "d = self.W.T @ g; self.W -= lr * g @ self.x.T; "
        "self.b -= lr * g.sum(axis=1, keepdims=True); return d",
    )

    verdict = judge(source, **PART)

    assert (verdict.mistakes, verdict.points) == (("columns",), 7.5)


def test_of_weights_that_are_kept_elsewhere_a_person_has_to_judge(judge: Any) -> None:
    source = layer(
        "global W, b; W = np.random.randn(i, o); b = np.zeros((1, o))",
        "self.x = x; return x @ W + b",
        "global W, b; d = g @ W.T; W = W - lr * self.x.T @ g; b = b - lr * g.sum(axis=0); return d",
    )

    verdict = judge(source, **PART)

    assert (verdict.outcome, verdict.needs_review) == ("ungraded", True)


def test_what_is_wrong_for_a_batch_as_well_is_not_called_right_for_one(judge: Any) -> None:
    step = STEP.replace("self.x.T @ g", "0.3 + self.x.T @ g").replace(
        "g.sum(axis=0,", "g.mean(axis=0,"
    )

    verdict = judge(layer(backward=f"{GRADIENT}; {step}; return d"), **PART)

    assert verdict.mistakes == ("weights-update", "batch")
    assert "is right for one example" not in verdict.explanation
