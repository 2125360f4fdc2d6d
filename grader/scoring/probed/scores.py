"""What a trained network recognises, and the sentences and numbers that tell of it."""

from dataclasses import dataclass

import numpy as np

from grader.scoring.probed.accuracy import chance_of_guessing, hits, interval
from grader.scoring.probed.claims import mentions
from grader.scoring.probed.findings import Finding
from grader.scoring.probed.trained import Trained
from grader.scoring.probed.view import View

LEVEL = 0.001  # below it, an accuracy is not that of guessing


@dataclass(frozen=True)
class Score:
    """How many examples a network recognised."""

    right: np.ndarray  # of each example, whether it was
    outputs: np.ndarray

    @property
    def share(self) -> float:
        """The accuracy."""
        return float(self.right.mean())

    @property
    def bounds(self) -> tuple[float, float]:
        """The interval the accuracy lies in, at 95 %."""
        return interval(int(self.right.sum()), len(self.right))


def score_of(network: Trained, view: View, case: int = 0) -> Score | None:
    """Count what a network recognises; None where it gives no outputs."""
    labels = labels_of(view, case)
    outputs = None if labels is None else network.outputs(case, labels)
    return None if outputs is None or labels is None else Score(hits(outputs, labels), outputs)


def labels_of(view: View, case: int) -> np.ndarray | None:
    """Return the labels that were withheld from the notebook."""
    arrays = list(view.cases[case].arguments.values()) if case < len(view.cases) else []
    return np.asarray(arrays[1]).reshape(-1) if len(arrays) > 1 else None


def unanswered(network: Trained) -> Finding:
    """Say that a network cannot be asked."""
    end = f": {network.error.rstrip('.')}" if network.error else ""
    return Finding("no-outputs", f"`{network.name}` gives no outputs for new examples{end}.")


def not_finite(network: Trained) -> Finding:
    """Say that training led to no numbers."""
    says = f"The outputs of `{network.name}` are not finite: it diverged."
    return Finding("not-finite", says, 0.25, follows=True)


def facts(network: Trained, score: Score) -> dict[str, float]:
    """Give the numbers for tables."""
    low, high = score.bounds
    found = {"accuracy": score.share, "low": low, "high": high}
    return found | ({"parameters": float(network.parameters)} if network.parameters else {})


def unfinished(view: View, network: Trained) -> str:
    """Say which cell that is about a network raised an error; "" where none did."""
    about = [c for c in view.recording.cells if mentions(c.source, network.name)]
    stopped = [c for c in about if c.status == "raised"]
    return f"cell {stopped[0].number} raised {stopped[0].error.rstrip('.')}" if stopped else ""


def percent(share: float) -> str:
    """Write a share as people read it."""
    return f"{100 * share:.1f} %"


def is_above_guessing(score: Score, labels: np.ndarray) -> bool:
    """Say whether a network knows more than which class is the most frequent."""
    share = float(np.unique(labels, return_counts=True)[1].max() / len(labels))
    return chance_of_guessing(int(score.right.sum()), len(labels), share) < LEVEL
