from collections.abc import Callable

import numpy as np
import pytest

from grader.execution.asking.layers import INITIAL, LAYERS
from grader.scoring.probed.initialisation import judge_initial, methods

INPUTS, OUTPUTS = INITIAL
SHAPE = (LAYERS, INPUTS, OUTPUTS)

Draw = Callable[[np.random.Generator], np.ndarray]


def normal(deviation: float) -> Draw:
    return lambda rng: rng.normal(0, deviation, SHAPE)


def uniform(bound: float) -> Draw:
    return lambda rng: rng.uniform(-bound, bound, SHAPE)


METHODS = {
    "Xavier (uniform)": uniform(np.sqrt(6 / (INPUTS + OUTPUTS))),
    "Xavier (normal)": normal(np.sqrt(2 / (INPUTS + OUTPUTS))),
    "He (uniform)": uniform(np.sqrt(6 / INPUTS)),
    "He (normal)": normal(np.sqrt(2 / INPUTS)),
    "LeCun (uniform)": uniform(np.sqrt(3 / INPUTS)),
    "LeCun (normal)": normal(np.sqrt(1 / INPUTS)),
    "uniform within 1/sqrt(inputs)": uniform(1 / np.sqrt(INPUTS)),
    "uniform within 0.5": uniform(0.5),
    "normal with deviation 0.01": normal(0.01),
    "normal with deviation 0.1": normal(0.1),
}


@pytest.mark.parametrize("name", METHODS)
def test_a_usual_method_is_named(name: str) -> None:
    found = judge_initial(METHODS[name](np.random.default_rng(1)))

    assert found.name == name
    assert found.findings == ()


def test_no_two_usual_methods_are_taken_for_each_other() -> None:
    usual = methods(INPUTS, OUTPUTS)

    for one in usual:
        alike = [o for o in usual if o.kurtosis == one.kurtosis and o is not one]
        apart = min(abs(o.variance / one.variance - 1) for o in alike)
        assert apart > 2 * 4.9 * np.sqrt((one.kurtosis - 1) / np.prod(SHAPE)), one


@pytest.mark.parametrize("name", ["Xavier (uniform)", "He (normal)"])
def test_chance_makes_no_method_unknown(name: str) -> None:
    rng = np.random.default_rng(2)

    missed = sum(judge_initial(METHODS[name](rng)).name != name for _ in range(40))

    assert missed == 0


def test_the_distance_of_a_method_is_a_standard_normal_deviate() -> None:
    rng, count = np.random.default_rng(3), INPUTS * OUTPUTS
    drawn = rng.uniform(-1, 1, (2000, count))

    deviates = (np.mean(drawn**2, axis=1) * 3 - 1) / np.sqrt(0.8 / count)

    assert deviates.std() == pytest.approx(1, abs=0.06)
    assert np.mean(np.abs(deviates) > 1.96) == pytest.approx(0.05, abs=0.02)


def test_methods_found_fault_with_never_come_of_a_usual_one_by_chance() -> None:
    rng = np.random.default_rng(4)

    found = [judge_initial(draw(rng)).findings for draw in METHODS.values() for _ in range(4)]

    assert not any(found)


def test_plain_rand_does_not_train() -> None:
    found = judge_initial(np.random.default_rng(5).random(SHAPE))

    assert found.name == "plain rand"
    assert found.findings[0].id == "initialisation"


def test_scaled_rand_is_told_and_costs_nothing() -> None:
    found = judge_initial(np.random.default_rng(5).random(SHAPE) * 0.01)

    assert found.findings[0].worth == 1.0


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_weights_all_alike_are_found_fault_with(value: float) -> None:
    found = judge_initial(np.full(SHAPE, value))

    assert found.findings[0].id == "initialisation"
    assert found.findings[0].worth == 0.8


def test_weights_that_are_not_finite_are_found_fault_with() -> None:
    found = judge_initial(np.full(SHAPE, np.nan))

    assert found.findings[0].id == "initialisation"


def test_an_unscaled_normal_is_told_and_costs_nothing() -> None:
    found = judge_initial(normal(1.0)(np.random.default_rng(6)))

    assert found.name == "normal with deviation 1"
    assert found.findings[0].worth == 1.0


def test_a_seed_inside_the_constructor_is_told() -> None:
    one = normal(np.sqrt(2 / INPUTS))(np.random.default_rng(7))[:1]

    found = judge_initial(np.repeat(one, LAYERS, axis=0))

    assert found.name == "He (normal)"
    assert "the seed is set inside" in found.remarks[0]


def test_no_usual_method_is_said_by_its_deviation() -> None:
    found = judge_initial(normal(0.3)(np.random.default_rng(8)))

    assert found.name == "deviation 0.3, by no usual method"
