"""Hypotheses asked together: the same verdicts as asked one by one."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import rubrics
from grader.recording.model import Draws, Recording
from grader.rubric.reference import open_rubric
from grader.scoring.grade import Scorer
from tests.recordings import recording, value
from tests.scoring.test_replay import UNIFORM, W1, W2, X, softmax, trained, training

RUBRIC = Path(rubrics.__file__).parent / "hw1.toml"
OTHER = np.random.default_rng(9).random(UNIFORM.shape)


@pytest.fixture(scope="module")
def scorers() -> tuple[Scorer, Scorer]:
    """A scorer as it is, and one whose families have nothing but their plain form."""
    rubric, reference = open_rubric(RUBRIC)
    plain = Scorer(rubric, reference)
    families = {question.expect for question in rubric.question} | {
        mistake.expect for q in rubric.question for mistake in q.mistake if mistake.expect
    }
    for name in families:
        family = replace(reference.family(name), at_once=None)
        plain._predictions._families[name] = family
    return Scorer(rubric, reference), plain


def first_step() -> np.ndarray:
    hidden = np.maximum(X @ W1, 0)
    return X.T @ ((softmax(hidden @ W2) - np.eye(2)[[1, 0]]) @ W2.T * (hidden > 0))


def mistyped() -> Recording:
    own = np.where(W2 == 0.7, 0.8, W2)
    hidden = np.maximum(X @ W1, 0)
    out = softmax(hidden @ own)
    return recording(
        value("w2", own),
        value("out", out),
        value("grad", X.T @ ((out - np.eye(2)[[1, 0]]) @ own.T * (hidden > 0))),
    )


@pytest.mark.parametrize(
    "found",
    [
        training(UNIFORM, trained(UNIFORM.__getitem__)),
        training(UNIFORM, trained(UNIFORM.__getitem__, masked_backward=False)),
        mistyped(),
        recording(
            value("w1", W1 * 2), value("g", first_step()), draws=[Draws(OTHER, 1, "numpy", "rand")]
        ),
    ],
    ids=["right", "mistaken", "mistyped", "partly"],
)
def test_verdicts_do_not_depend_on_what_is_asked_together(
    scorers: tuple[Scorer, Scorer], found: Recording
) -> None:
    together, singly = (scorer.grade(found) for scorer in scorers)

    assert together.points == singly.points
    for one, other in zip(together.verdicts, singly.verdicts, strict=True):
        assert (one.outcome, one.mistakes, one.conventions) == (
            other.outcome,
            other.mistakes,
            other.conventions,
        )
        assert [e.path for e in one.evidence] == [e.path for e in other.evidence]
