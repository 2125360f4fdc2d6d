"""Ratios of simulated trainings, and what is kept of them between runs."""

from pathlib import Path

import numpy as np
import pytest

from grader.rubric.reference import open_rubric
from grader.scoring.hypothesis import hypotheses
from grader.scoring.predictions import Predictions
from grader.scoring.random.closeness import Distribution
from grader.scoring.random.ratios import Ratios, decimals_of
from grader.scoring.random.simulations import Simulations
from tests.scoring.walk import write_rubric


def test_ratios_are_made_once_for_each_pair(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rubric, reference = open_rubric(write_rubric(tmp_path))
    question = rubric.question[0]
    one, *others = hypotheses(question)[:3]

    def slack(known: Distribution, precision: np.ndarray) -> np.ndarray:
        return np.asarray(precision + 1e-6)

    def tails() -> object:
        known = Simulations(Predictions(reference), tmp_path / "kept")
        ways = [(h, known.of(question, h)) for h in (one, *others)]
        first, *rivals = [(h, d) for h, d in ways if d is not None]
        return Ratios(question, known).tails(first, rivals, 4, slack)

    made = tails()
    monkeypatch.setattr(Simulations, "fresh", None)

    assert tails() == made


@pytest.mark.parametrize(
    ("off", "decimals"), [(0.0, 9), (1e-12, 9), (5e-5, 4), (4e-5, 4), (6e-5, 3), (0.5, 0)]
)
def test_precision_is_rounded_to_decimals(off: float, decimals: int) -> None:
    assert decimals_of(np.array([0.0, off])) == decimals
