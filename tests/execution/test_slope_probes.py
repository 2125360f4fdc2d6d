from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from grader.execution.asking.digest import probe_digest
from grader.execution.slopes import slope_probes
from grader.rubric.model import Rubric
from grader.rubric.read import read_rubric

LINEAR = Path(__file__).parents[1] / "assignments" / "linear" / "linear.toml"
GIVEN = {"t": [0.0, 1.0], "rate": 0.5, "name": "line", "huge": np.zeros(100_000)}


def asking(*constants: str | None) -> Rubric:
    rubric = read_rubric(LINEAR)
    questions = [
        question.model_copy(update={"with_respect_to": constant})
        for question, constant in zip(rubric.question, constants, strict=True)
    ]
    return rubric.model_copy(update={"question": questions})


def test_a_rubric_that_asks_for_no_gradient_asks_nothing_of_the_notebook() -> None:
    assert slope_probes(asking(None, None), GIVEN) == ()


def test_a_constant_is_asked_about_once_and_all_plain_constants_are_told() -> None:
    [probe] = slope_probes(asking("t", "t"), GIVEN)

    assert probe.slopes == ("t",)
    assert {name: array.tolist() for name, array in probe.inputs.items()} == {
        "t": [0.0, 1.0],
        "rate": 0.5,
    }


def test_a_constant_there_is_not_is_not_asked_about() -> None:
    assert slope_probes(asking("name", "other"), GIVEN) == ()


@pytest.mark.parametrize(
    "changed",
    [
        {"slopes": ("rate",)},
        {"inputs": {"t": np.array([0.0, 2.0]), "rate": np.array(0.5)}},
        {"inputs": {"t": np.array([[0.0, 1.0]]), "rate": np.array(0.5)}},
        {"seconds": 6.0},
    ],
)
def test_whatever_a_probe_depends_on_changes_its_digest(changed: dict[str, object]) -> None:
    [probe] = slope_probes(asking("t", None), GIVEN)
    [again] = slope_probes(asking("t", None), GIVEN)

    assert probe_digest(again) == probe_digest(probe)
    assert probe_digest(replace(probe, **changed)) != probe_digest(probe)  # type: ignore[arg-type]
