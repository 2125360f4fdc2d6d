"""The rubric of PS1 on trial, without the mutants that take a training each."""

from pathlib import Path

import pytest

import rubrics
from grader.trial.fates import KILLED
from grader.trial.summary import machine_points
from grader.trial.trial import Trial, try_rubric
from tests.digits import digits, write_npz

pytestmark = [pytest.mark.proof, pytest.mark.xdist_group("ps1_trial")]

# Slips that change no mark because they change nothing that the assignment asks for.
SURVIVORS = {
    # How the bias begins is left open: at 1 it learns as it does at 0.
    ("self.bias = np.zeros((1, output_size))", "self.bias = np.ones((1, output_size))"),
}
# Parts whose own code is called; the other two are networks, whose every mutant is a training.
CALLED = {
    "affine-layer, Affine_Layer",
    "activations, tanh",
    "activations, relu",
    "activations, sigmoid",
    "activations, tanh_grad",
    "activations, relu_grad",
    "activations, sigmoid_grad",
    "loss, mse",
    "loss, mse_grad",
    "prediction, MyNetwork",
    "pytorch, PyTorchNet",
}


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Trial:
    data = tmp_path_factory.mktemp("ps1_trial") / "digits.npz"
    write_npz(data, digits())
    rubric = Path(rubrics.__file__).parent / "ps1.toml"
    return try_rubric(rubric, jobs=2, quick=True, supply={"mnist": data})


def test_everything_that_must_hold_does(trial: Trial) -> None:
    assert trial.failed == []
    assert trial.solution is not None
    assert trial.solution.points == machine_points(trial.rubric) == 88
    assert trial.template is not None


def test_there_are_many_mutants_and_they_die(trial: Trial) -> None:
    survivors = {(fate.mutant.original, fate.mutant.mutated) for fate in trial.of_kind("survivor")}

    assert len(trial.of_kind(*KILLED)) >= 150
    assert survivors <= SURVIVORS


def test_mutants_of_every_part_that_is_called_are_tried(trial: Trial) -> None:
    killed = {name for name, fates in trial.parts.items() if any(f.kind in KILLED for f in fates)}

    assert killed >= CALLED
