import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.rubric.read import read_rubric
from reference import ps1_calibration
from reference.digits import unseen_digits
from reference.ps1_calibration import BUDGET, FILE, SEEDS, threshold, trained_network
from reference.ps1_training import CURVES, Way, accuracy_after
from tests.digits import digits, write_npz

GRID = np.linspace(-3, 3, 60)


def asked(*names: str, factor: float | None = 0.2, data: str = "digits") -> dict[str, Any]:
    curves = [CURVES[name](GRID) for name in names]
    return {"data": data, "grid": GRID, "curves": curves, "factor": factor}


def test_a_network_is_held_against_those_with_its_activations() -> None:
    found = trained_network(asked("relu", "relu", "tanh"))

    assert found is not None
    assert len(found["accuracies"]) == SEEDS
    assert list(found["accuracies"]) == ways()["relu tanh 0.2"]
    assert found["threshold"] < found["accuracies"].min()


def test_the_nearest_factor_of_the_gradient_counts() -> None:
    found = trained_network(asked("tanh", "tanh", "sigmoid", factor=1.0))

    assert found is not None
    assert list(found["accuracies"]) == ways()["tanh sigmoid 2"]


@pytest.mark.parametrize("given", [asked(), asked(factor=None), asked("tanh", "sigmoid", "relu")])
def test_what_is_not_known_leaves_the_slowest_open(given: dict[str, Any]) -> None:
    found = trained_network(given)

    assert found is not None
    assert found["threshold"] < 0.11


def test_an_activation_of_ones_own_leaves_all_ways_open() -> None:
    given = asked("tanh", "tanh", "tanh")
    given["curves"] = [np.sin(GRID)] * 3

    found = trained_network(given)

    assert found is not None
    assert found["threshold"] < 0.11


@pytest.mark.parametrize("data", ["mnist", "", "0" * 64])
def test_data_that_were_not_calibrated_have_no_threshold(data: str) -> None:
    assert trained_network(asked("tanh", "tanh", "tanh", data=data)) is None


def test_the_digits_of_the_tests_are_those_that_were_calibrated(tmp_path: Path) -> None:
    write_npz(tmp_path / "digits.npz", digits())

    sha256 = hashlib.sha256((tmp_path / "digits.npz").read_bytes()).hexdigest()

    assert table()[sha256]["label"] == "digits"
    assert trained_network(asked("tanh", "tanh", "tanh", data=sha256)) is not None


def test_the_table_says_what_it_comes_from() -> None:
    for entry in table().values():
        extent = entry["budget"]["extent"]
        assert (extent["epochs"], extent["examples"]) == BUDGET
        assert entry["budget"]["provenance"]["seeds"] == SEEDS
        assert len(entry["budget"]["accuracies"]) == 18


def test_a_threshold_is_never_below_nothing() -> None:
    assert threshold([0.1] * 10 + [0.9] * 10) == 0.0
    assert threshold([0.8] * 20) == pytest.approx(0.8)


def test_a_figure_of_the_table_is_found_again() -> None:
    arrays = digits()

    found = accuracy_after(arrays, unseen_digits(3, arrays), Way("relu", "tanh", 0.2), BUDGET, 3)

    assert found == pytest.approx(ways()["relu tanh 0.2"][3], abs=0.01)


@pytest.mark.proof
def test_right_trainings_with_other_seeds_reach_the_threshold() -> None:
    arrays = digits()
    for way in (Way("tanh", "tanh", 0.2), Way("relu", "tanh", 0.2), Way("tanh", "sigmoid", 0.2)):
        found = [
            accuracy_after(arrays, unseen_digits(seed, arrays), way, BUDGET, seed)
            for seed in range(100, 160)
        ]
        assert np.mean(np.array(found) < threshold(ways()[way.name])) <= 1 / 60


def ways() -> dict[str, list[float]]:
    (entry,) = [one for one in table().values() if one["label"] == "digits"]
    found: dict[str, list[float]] = entry["budget"]["accuracies"]
    return found


def table() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))["data"]
    assert ps1_calibration.FILE.name == "ps1_calibration.json"
    return found


def test_the_rubric_trains_as_long_as_was_calibrated() -> None:
    rubric = read_rubric(Path(ps1_calibration.__file__).parents[1] / "rubrics" / "ps1.toml")
    budget = rubric.execution.budget

    assert (budget.set["epoch_num"], budget.first["x_train"]) == BUDGET
