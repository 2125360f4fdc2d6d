"""The rubric of HW-1 on trial: what it accepts, what it prices, what its mutants come to."""

from pathlib import Path

import pytest

import rubrics
from grader.trial.trial import Trial, try_rubric

pytestmark = [pytest.mark.proof, pytest.mark.xdist_group("hw1_trial")]

# Slips that change no mark because they change nothing that the assignment asks for.
SURVIVORS: set[tuple[str, str]] = set()


@pytest.fixture(scope="module")
def trial() -> Trial:
    return try_rubric(Path(rubrics.__file__).parent / "hw1.toml", jobs=2)


def test_everything_that_must_hold_does(trial: Trial) -> None:
    assert trial.failed == []


def test_there_are_many_mutants_and_they_die(trial: Trial) -> None:
    survivors = {(fate.mutant.original, fate.mutant.mutated) for fate in trial.of_kind("survivor")}

    assert len(trial.fates) >= 40
    assert survivors == SURVIVORS
