from collections.abc import Callable
from pathlib import Path

import pytest

from grader.recording.model import Recording
from grader.rubric.reference import open_rubric
from grader.scoring.grade import Scorer
from grader.scoring.verdict import Verdict

LINEAR = Path(__file__).parents[1] / "assignments" / "linear" / "linear.toml"

Judge = Callable[[Recording], dict[str, Verdict]]


@pytest.fixture(scope="session")
def judge() -> Judge:
    scorer = Scorer(*open_rubric(LINEAR))
    return lambda recorded: {v.question: v for v in scorer.grade(recorded).verdicts}
