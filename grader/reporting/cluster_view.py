"""Clusters of wrong values as the class page shows them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from grader.reporting.cells import highlighted
from grader.reporting.clusters import MOST, Cluster
from grader.reporting.numbers import count_text, entry_texts
from grader.reporting.text import clean, one_line
from grader.scoring.verdict import Verdict

NAMED = 12  # submissions
_NUMBERS = 4  # of a part
_PARTS = 3


@dataclass(frozen=True)
class ClusterView:
    """One cluster: a sentence, what to do about it, the value, and code it comes from."""

    verdict: Verdict
    sentence: str
    priced: bool  # a mistake of the rubric explains it
    explanation: str  # of what the rubric does not price
    submissions: tuple[str, ...]  # those that are named
    more: int  # and as many that are not
    values: tuple[str, ...]
    example: str
    cell: int
    source: Markup | str


def show_clusters(clusters: Sequence[Cluster]) -> tuple[list[ClusterView], int]:
    """Show the first clusters; say how many are not shown."""
    return [_show(cluster) for cluster in clusters[:MOST]], max(0, len(clusters) - MOST)


def _show(cluster: Cluster) -> ClusterView:
    return ClusterView(
        verdict=cluster.verdict,
        sentence=_sentence(cluster),
        priced=cluster.priced,
        explanation=cluster.verdict.explanation if _is_unpriced(cluster) else "",
        submissions=cluster.submissions[:NAMED],
        more=max(0, len(cluster.submissions) - NAMED),
        values=tuple(_values(cluster.verdict)),
        example=cluster.example,
        cell=cluster.cell,
        source=highlighted(clean(cluster.source)),
    )


def _is_unpriced(cluster: Cluster) -> bool:
    return bool(cluster.mistakes) and not cluster.priced


def _sentence(cluster: Cluster) -> str:
    """Say what they have: "11 students have exactly twice the expected value"."""
    who = f"{count_text(len(cluster.submissions), 'student')} have"
    if _is_unpriced(cluster):
        return f"{who} the same wrong value, explained by what the rubric does not price."
    if cluster.mistakes:
        named = ", ".join(f"`{one_line(mistake, 60)}`" for mistake in cluster.mistakes)
        return f"{who} the same wrong value, explained by {named}."
    if cluster.relation:
        return f"{who} {cluster.relation}."
    what = "the same value as nearest to an answer" if cluster.nearest else "the same value"
    return f"{who} {what}, and nothing in the rubric explains it."


def _values(verdict: Verdict) -> list[str]:
    """Write the first numbers of each part: "x1: 0.7619, 0.9326, … (3, 4)"."""
    shown = [_value(piece.part, piece.actual) for piece in verdict.evidence[:_PARTS]]
    return shown + (["…"] if len(verdict.evidence) > _PARTS else [])


def _value(part: str, array: np.ndarray) -> str:
    numbers = ", ".join(entry_texts(array.ravel()[:_NUMBERS]))
    rest = ", …" if array.size > _NUMBERS else ""
    shape = f" {array.shape}" if array.ndim > 1 or rest else ""
    name = f"{one_line(part, 40)}: " if part else ""
    return f"{name}{numbers}{rest}{shape}"
