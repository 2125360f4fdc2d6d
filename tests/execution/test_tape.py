"""What the recorder keeps of random draws."""

from typing import Any

import numpy as np
import pytest


@pytest.fixture(scope="module")
def kernel(start_recorded: Any) -> Any:
    kernel = start_recorded(preload_torch=True, seed=11)
    kernel.run(
        "import numpy as np, random, torch\nimport torch.nn.functional as F\n"
        "rng = np.random.default_rng(1)\nstate = np.random.RandomState(1)"
    )
    return kernel


@pytest.fixture(scope="module")
def late(start_recorded: Any) -> Any:
    """A kernel in which the notebook itself imports torch."""
    return start_recorded(seed=5)


@pytest.mark.parametrize(
    ("expression", "generator", "call", "parameters"),
    [
        ("np.random.rand(2, 4)", "numpy", "rand", {"low": 0, "high": 1}),
        ("np.random.random((2, 4))", "numpy", "random", {"low": 0, "high": 1}),
        ("np.random.random_sample(3)", "numpy", "random_sample", {"low": 0, "high": 1}),
        ("np.random.uniform(-1, high=2, size=3)", "numpy", "uniform", {"low": -1, "high": 2}),
        ("np.random.uniform(size=3)", "numpy", "uniform", {"low": 0, "high": 1}),
        ("np.random.binomial(1, 0.6, size=(2, 4))", "numpy", "binomial", {"n": 1, "p": 0.6}),
        ("np.random.binomial(n=1, p=[0.6, 0.6])", "numpy", "binomial", {"n": 1, "p": 0.6}),
        ("np.random.binomial(1, [0.6, 0.5])", "numpy", "binomial", {"n": 1}),
        ("np.random.randint(2, size=4)", "numpy", "randint", {"low": 0, "high": 2}),
        ("np.random.randint(1, 3, 4)", "numpy", "randint", {"low": 1, "high": 3}),
        ("np.random.randn(2)", "numpy", "randn", {"mean": 0, "std": 1}),
        ("np.random.normal(1, scale=2, size=2)", "numpy", "normal", {"mean": 1, "std": 2}),
        ("np.random.choice([0, 1], (2, 4), p=[0.4, 0.6])", "numpy", "choice", {"p": 0.6}),
        ("np.random.choice([1, 0], size=4, p=[0.4, 0.6])", "numpy", "choice", {"p": 0.4}),
        ("np.random.choice(2, 4, True, np.array([0.3, 0.7]))", "numpy", "choice", {"p": 0.7}),
        ("np.random.choice([True, False], 4)", "numpy", "choice", {"p": 0.5}),
        ("np.random.choice(5, 4)", "numpy", "choice", {}),
        ("np.random.permutation(5)", "numpy", "permutation", {}),
        ("rng.random((2, 4))", "numpy", "random", {"low": 0, "high": 1}),
        ("rng.binomial(1, 0.6, (2, 4))", "numpy", "binomial", {"n": 1, "p": 0.6}),
        ("rng.integers(0, 2, 4)", "numpy", "integers", {"low": 0, "high": 2}),
        ("rng.choice([0, 1], 4, p=[0.4, 0.6])", "numpy", "choice", {"p": 0.6}),
        ("state.rand(3)", "numpy", "rand", {"low": 0, "high": 1}),
        ("random.random()", "python", "random", {"low": 0, "high": 1}),
        ("random.uniform(1, 2)", "python", "uniform", {"low": 1, "high": 2}),
        ("random.randint(0, 1)", "python", "randint", {"low": 0, "high": 1}),
        ("random.choice([0, 1])", "python", "choice", {"p": 0.5}),
        ("random.choices([0, 1], weights=[4, 6], k=3)", "python", "choices", {"p": 0.6}),
        ("random.gauss(0, 1)", "python", "gauss", {"mean": 0, "std": 1}),
        ("torch.rand(2, 4)", "torch", "uniform_", {"low": 0, "high": 1}),
        ("torch.rand_like(torch.ones(2, dtype=torch.float64))", "torch", "uniform_", None),
        ("torch.empty(3).uniform_(-1, 2)", "torch", "uniform_", {"low": -1, "high": 2}),
        ("torch.empty(3).bernoulli_(0.6)", "torch", "bernoulli_", {"p": 0.6}),
        ("torch.empty(3).bernoulli_()", "torch", "bernoulli_", {"p": 0.5}),
        ("torch.bernoulli(torch.full((2, 4), 0.25))", "torch", "bernoulli_", {"p": 0.25}),
        ("torch.bernoulli(torch.tensor([0.25, 0.5]))", "torch", "bernoulli_", {}),
        ("torch.randn(3)", "torch", "normal_", {"mean": 0, "std": 1}),
        ("torch.randint(1, 3, (4,))", "torch", "random_", {"low": 1, "high": 3}),
        ("torch.randperm(5)", "torch", "randperm", {}),
        ("torch.rand(2, 4).T", "torch", "uniform_", None),
    ],
)
def test_a_draw_is_kept_with_its_parameters(
    kernel: Any, expression: str, generator: str, call: str, parameters: dict[str, float] | None
) -> None:
    kernel.run("value = None")

    ran = kernel.run(f"value = {expression}")

    (header,) = ran.headers("draws")
    assert (header["generator"], header["call"]) == (generator, call)
    assert parameters is None or header["parameters"] == pytest.approx(parameters)
    drawn = ran.draws[generator, call][0]
    value = ran.values().get("value")
    np.testing.assert_array_equal(drawn if ".T" not in expression else drawn.T, value)


def test_like_draws_are_stacked_in_their_order(kernel: Any) -> None:
    ran = kernel.run(
        "kept = []\nfor _ in range(3):\n    kept.append(np.random.rand(2)); np.random.rand(3)\n"
        "last = np.random.rand(2)"
    )

    stacks = {a.shape: a for h, a in ran.frames if h["kind"] == "draws"}
    first = [ran.values()[f"kept[{i}]"] for i in range(3)]
    assert set(stacks) == {(4, 2), (3, 3)}
    np.testing.assert_array_equal(stacks[4, 2], [*first, ran.values()["last"]])


@pytest.mark.parametrize(
    "dropout",
    [
        "F.dropout(h, 0.4)",
        "torch.nn.Dropout(0.4)(h)",
        "F.dropout(h.T, 0.4).T",
        "F.dropout(h.clone(), 0.4, inplace=True)",
        "torch.native_dropout(h, 0.4, True)[0]",
        "torch.vmap(lambda v: F.dropout(v, 0.4), randomness='different')(h)",
    ],
)
def test_the_mask_of_a_dropout_layer_is_kept(kernel: Any, dropout: str) -> None:
    ran = kernel.run(f"h = torch.ones(2, 4, requires_grad=True)\nvalue = {dropout}")

    (header,) = ran.headers("draws")
    mask = ran.draws["torch", "bernoulli_"][0]
    mask = mask.T if "h.T" in dropout else mask
    assert header["parameters"] == {"p": 0.6}
    np.testing.assert_array_equal(ran.values()["value"] != 0, mask == 1)


def test_a_layer_in_evaluation_mode_draws_nothing(kernel: Any) -> None:
    ran = kernel.run("value = torch.nn.Dropout(0.4).eval()(torch.ones(2, 4))")

    assert ran.draws == {}


def test_a_hundred_epochs_of_dropout_give_one_stack(kernel: Any) -> None:
    ran = kernel.run(
        "masks = []\nw = torch.ones(3, 4, requires_grad=True)\n"
        "for _ in range(100):\n"
        "    h = F.dropout(torch.ones(2, 3) @ w, 0.4)\n"
        "    h.sum().backward()\n"
        "    masks.append((h.detach() != 0).float().tolist())"
    )

    actual = ran.draws["torch", "bernoulli_"]
    assert actual.shape == (100, 2, 4)
    np.testing.assert_array_equal(actual, ran.values()["masks"])


def test_generators_of_every_kind_are_seeded_by_the_run(start_recorded: Any, late: Any) -> None:
    code = "import numpy as np, random\na = np.random.rand(2); b = random.random()"
    draw = "import torch\nc = torch.rand(2)"
    ran = late.run(code + "\n" + draw)
    first = ran.values()
    second = start_recorded(seed=5, preload_torch=True)
    values = {**second.run(code).values(), **second.run(draw).values()}

    assert first.keys() == values.keys() == {"a", "b", "c"}
    assert all(np.array_equal(first[name], values[name]) for name in first)
    np.testing.assert_array_equal(ran.draws["torch", "uniform_"], [first["c"]])
    np.random.seed(5)
    np.testing.assert_array_equal(first["a"], np.random.rand(2))


def test_an_import_of_torch_looks_as_ever(late: Any) -> None:
    ran = late.run(
        "import torch, sys\n"
        "print(torch.__spec__.loader is torch.__loader__, type(torch.__loader__).__name__)\n"
        "print([f for f in sys.meta_path if 'recorder' in type(f).__module__])"
    )

    assert ran.stdout == "True SourceFileLoader\n[]\n"


def test_draws_between_numbers_of_other_kinds_are_left_alone(kernel: Any) -> None:
    ran = kernel.run("random.choice('abc'); np.random.choice(['a', 'b']); random.choice([None])")

    assert ran.draws == {}


def test_one_call_is_one_draw_though_it_draws_by_another(kernel: Any) -> None:
    ran = kernel.run("value = rng.choice(10, 3, replace=False)")

    assert list(ran.draws) == [("numpy", "choice")]


def test_too_many_draws_are_left_out_with_a_sentence(kernel: Any) -> None:
    ran = kernel.run(
        "for _ in range(9): np.random.rand(50_000)\n"
        "big = torch.rand(1_000_000)\nsmall = torch.rand(2)"
    )

    assert ran.draws["numpy", "rand"].shape == (5, 50_000)
    assert "numpy rand, torch uniform_: more random draws than are recorded" in ran.left_out


def test_a_draw_that_fails_leaves_the_next_one_recorded(kernel: Any) -> None:
    kernel.run("np.random.rand(-1)")

    ran = kernel.run("value = np.random.rand(2)")

    np.testing.assert_array_equal(ran.draws["numpy", "rand"], [ran.values()["value"]])
