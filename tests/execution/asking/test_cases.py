from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader.execution.asking.cases import cases_of, flat
from grader.faults import ReferenceFault
from grader.rubric.parts import Part
from grader.rubric.reference import Reference

PART = Part(probe="function", name="cube", points=1, inputs="numbers")


def reference(maker: Callable[..., Any]) -> Reference:
    return Reference("cubes", {}, {}, makers={"numbers": maker})


def test_the_same_seed_makes_the_same_cases() -> None:
    made = reference(lambda seed: {"one": {"x": np.random.default_rng(seed).normal(size=3)}})

    first, again, other = (flat(cases_of(PART, made, seed, {})) for seed in (1, 1, 2))

    assert first["case0_x"].tolist() == again["case0_x"].tolist()
    assert first["case0_x"].tolist() != other["case0_x"].tolist()


def test_cases_and_arguments_keep_their_order() -> None:
    made = reference(lambda seed: {"b": {"y": 1.0, "x": [2, 3]}, "a": {"y": 0.0, "x": [1]}})

    cases = cases_of(PART, made, 0, {})

    assert [case.label for case in cases] == ["b", "a"]
    assert list(flat(cases)) == ["case0_y", "case0_x", "case1_y", "case1_x"]


def test_a_maker_that_asks_for_the_data_is_given_it() -> None:
    data = {"digits": {"x_test": np.arange(6.0)}}
    made = reference(lambda seed, data: {"unseen": {"x": data["digits"]["x_test"][seed:]}})

    [case] = cases_of(PART, made, 2, data)

    assert case.arguments["x"].tolist() == [2, 3, 4, 5]


def test_a_part_without_inputs_has_no_cases() -> None:
    part = PART.model_copy(update={"inputs": None})

    assert cases_of(part, reference(dict), 0, {}) == []


@pytest.mark.parametrize(
    ("maker", "says"),
    [
        (lambda seed: 1 / 0, "division by zero"),
        (lambda seed: [1, 2], "makes no inputs"),
        (lambda seed: {"one": 3}, "makes no inputs"),
        (lambda seed: {"one": {"x": "text"}}, "no array of numbers"),
        (lambda seed: {"one": {"x": [{}]}}, "no array of numbers"),
        (lambda seed: {"one": {"a b": 1.0}}, "has no name"),
        (lambda seed: {"one": {"x": np.zeros(3_000_000)}}, "more than 16 MiB"),
    ],
)
def test_a_maker_that_fails_is_the_references_fault(maker: Callable[..., Any], says: str) -> None:
    with pytest.raises(ReferenceFault, match=says):
        cases_of(PART, reference(maker), 0, {})


def test_an_unknown_maker_is_named() -> None:
    part = PART.model_copy(update={"inputs": "number"})

    with pytest.raises(ReferenceFault, match='did you mean "numbers"'):
        cases_of(part, reference(dict), 0, {})
