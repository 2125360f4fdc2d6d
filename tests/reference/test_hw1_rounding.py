"""HW-1 computed otherwise: alternatives that agree, and a bound that holds."""

import numpy as np
import pytest
import torch

from reference import hw1
from reference.hw1_given import GIVEN, network_of, pair
from reference.hw1_rounding import ALTERNATIVES, BOUNDS
from reference.hw1_rounding_bound import Step
from reference.keep_flags import Order
from reference.settings import training_settings

SETTINGS = [
    {},
    {"reduction": "mean"},
    {"reduction": "entries"},
    {"mask_per": "batch"},
    {"batch": "apart"},
    {"batch": "in_turn"},
]
# An example at a time takes twice the steps.
LONG = [pytest.param(one, marks=pytest.mark.proof if "batch" in one else ()) for one in SETTINGS]


def keep_flags(settings: dict[str, str], streams: int = 8) -> np.ndarray:
    count = hw1.trained_weights_draws(GIVEN, **settings)
    return (np.random.default_rng(3).random((streams, count)) < 0.6).astype(float)


@pytest.mark.parametrize("family", ["outputs", "gradient_w1"])
def test_outputs_and_gradients_agree_to_rounding(family: str) -> None:
    expected = getattr(hw1, family)(GIVEN)

    for alternative in ALTERNATIVES[family]:
        actual = alternative(GIVEN)
        single = next(iter(actual.values())).dtype == np.float32
        for part, value in expected.items():
            np.testing.assert_allclose(actual[part], value, rtol=0, atol=1e-6 if single else 1e-14)


@pytest.mark.parametrize("settings", LONG, ids=str)
def test_trainings_agree_to_rounding_and_single_precision_within_its_bound(
    settings: dict[str, str],
) -> None:
    masks = keep_flags(settings)
    expected = hw1.trained_weights(GIVEN, masks=masks, **settings)
    bound = BOUNDS["trained_weights"](GIVEN, masks=masks, **settings)

    for alternative in ALTERNATIVES["trained_weights"]:
        actual = alternative(GIVEN, masks=masks, **settings)
        for part, value in expected.items():
            difference = np.abs(actual[part] - value)
            if actual[part].dtype == np.float32:
                assert (difference <= bound[part]).all()
                assert difference.max() > 0
            else:
                assert difference.max() < 1e-9


def test_single_precision_is_what_is_computed_in() -> None:
    dtypes = {
        alternative.__name__: alternative(GIVEN)["x1"].dtype
        for alternative in ALTERNATIVES["outputs"]
    }

    assert {str(name): dtype.name for name, dtype in dtypes.items()} == {
        "NumPy, sums reversed": "float64",
        "PyTorch, 1 thread": "float64",
        "PyTorch, 2 threads": "float64",
        "PyTorch, sums reversed": "float64",
        "float32, 1 thread": "float32",
        "float32, 2 threads": "float32",
        "float32, sums reversed": "float32",
    }


def test_threads_are_left_as_they_were() -> None:
    before = torch.get_num_threads()

    for alternative in ALTERNATIVES["outputs"]:
        alternative(GIVEN)

    assert torch.get_num_threads() == before


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_the_derivatives_of_the_bound_are_those_autograd_finds(settings: dict[str, str]) -> None:
    trained = training_settings(GIVEN, **settings)
    x, y, network = pair(GIVEN, "x"), pair(GIVEN, "y"), network_of(GIVEN)
    order = Order(trained, len(x), 4)
    examples = order.examples_of_steps()[0]
    mask = np.moveaxis(order.by_step(keep_flags(settings, 1)), 1, 0)[0]
    weights = np.concatenate([network.w1.ravel(), network.w2.ravel()])
    share = {"sum": 1, "mean": 1 / len(x[examples]), "entries": 1 / y[examples].size}

    def loss(flat: torch.Tensor) -> torch.Tensor:
        w1, w2 = flat[:12].reshape(3, 4), flat[12:].reshape(4, 2)
        hidden = torch.relu(torch.tensor(x[examples]) @ w1) * torch.tensor(mask[0]) / 0.6
        logs = torch.log_softmax(hidden @ w2, dim=1)
        return -(torch.tensor(y[examples]) * logs).sum() * share[trained.reduction]

    gradient, hessian = Step(x[examples], y[examples], mask, trained).derivatives(weights[None])

    flat = torch.tensor(weights)
    np.testing.assert_allclose(gradient[0], torch.func.grad(loss)(flat), atol=1e-12)
    np.testing.assert_allclose(hessian[0], torch.func.hessian(loss)(flat), atol=1e-11)
