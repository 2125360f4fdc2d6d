"""Wrong values that several submissions share, explained or not."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from grader.observation.rounding import rounding_resolution
from grader.reporting.relation import relation_of
from grader.scoring.verdict import ClassGrades, Evidence, Grade, Verdict

MOST = 20  # clusters
_WRONG = {"wrong", "partial", "ungraded"}
_RTOL = 1e-6
_ATOL = 1e-9  # of the largest entry
_COARSEST = 1e-3  # of the largest entry; what has fewer digits may be exact, and is taken so
_LOOKED_AT = 64  # entries of an answer, evenly spread
_DOUBTS = {"typed-in"}  # mistakes that say nothing of the value


@dataclass(frozen=True)
class Cluster:
    """Submissions that have the same wrong value as the answer to a question.

    `mistakes` explain it; without any it is not explained, and where it is not `priced`, the
    rubric does not say what just this is worth. `relation` is to the expected value, "exactly
    twice the expected value", and "" where there is none or the value is hidden.
    `nearest` says that it is no answer anybody named, but the nearest value that was found.
    """

    verdict: Verdict  # of the example
    submissions: tuple[str, ...]
    mistakes: tuple[str, ...]
    priced: bool
    relation: str
    nearest: bool
    example: str  # the submission whose code is shown
    cell: int
    source: str


@dataclass(frozen=True)
class _Answer:
    grade: Grade
    verdict: Verdict
    values: np.ndarray  # some entries of all parts, in one row
    tolerance: np.ndarray

    @property
    def kind(self) -> tuple[object, ...]:
        """The question and the shapes of its parts; what differs in it is never the same."""
        shapes = ((piece.part, piece.actual.shape) for piece in self.verdict.evidence)
        return (self.verdict.question, *shapes)


def find_clusters(grades: ClassGrades) -> list[Cluster]:
    """Group equal wrong answers; the largest groups first, of these what is not explained.

    Answers are equal where all entries of all parts agree to six digits, or to the digits
    that were printed.
    """
    kinds: dict[tuple[object, ...], list[_Answer]] = {}
    for grade in grades.grades:
        for verdict in grade.verdicts:
            if _is_wrong(verdict):
                answer = _answer(grade, verdict)
                kinds.setdefault(answer.kind, []).append(answer)
    groups = (group for answers in kinds.values() for group in _grouped(answers))
    found = [_cluster(group) for group in groups]
    return sorted(found, key=lambda cluster: (-len(cluster.submissions), cluster.priced))


def _is_wrong(verdict: Verdict) -> bool:
    """Tell a wrong value from a right one that was only doubted, or found in part."""
    if verdict.outcome not in _WRONG or not verdict.evidence:
        return False
    unexplained = not all(piece.fits for piece in verdict.evidence)
    return verdict.outcome == "wrong" or unexplained or bool({*verdict.mistakes} - _DOUBTS)


def _answer(grade: Grade, verdict: Verdict) -> _Answer:
    rows = [_row(piece.actual) for piece in verdict.evidence]
    tolerances = [_tolerance(piece, row) for piece, row in zip(verdict.evidence, rows, strict=True)]
    return _Answer(grade, verdict, np.concatenate(rows), np.concatenate(tolerances))


def _row(array: np.ndarray) -> np.ndarray:
    """Lay some entries of an array in a row; what is not finite becomes a number of its own."""
    entries = array.ravel()
    if entries.size > _LOOKED_AT:
        entries = entries[np.linspace(0, entries.size - 1, _LOOKED_AT).astype(int)]
    if entries.dtype.kind == "c":
        entries = np.concatenate([entries.real, entries.imag])
    return np.nan_to_num(entries.astype(np.float64), nan=1e300, posinf=2e300, neginf=-2e300)


def _tolerance(piece: Evidence, row: np.ndarray) -> np.ndarray:
    scale = float(np.abs(row).max(initial=0.0))
    rounding = rounding_resolution(piece.actual)
    rounding = rounding if rounding <= _COARSEST * scale else 0.0
    return np.asarray(rounding + _RTOL * np.abs(row) + _ATOL * scale)


def _grouped(answers: Sequence[_Answer]) -> Iterator[list[_Answer]]:
    """Yield the answers that agree, around the most precise of them; none that stands alone."""
    values = np.stack([answer.values for answer in answers])
    tolerance = np.stack([answer.tolerance for answer in answers])
    left = np.argsort(tolerance.sum(axis=1), kind="stable")
    while left.size:
        first = left[0]
        allowed = np.maximum(tolerance[left], tolerance[first])
        near = (np.abs(values[left] - values[first]) <= allowed).all(axis=1)
        near[0] = True
        if near.sum() > 1:
            yield [answers[place] for place in left[near]]
        left = left[~near]


def _cluster(group: Sequence[_Answer]) -> Cluster:
    example = max(group, key=_told)
    verdict = example.verdict
    mistakes = _unique(answer.verdict.mistakes for answer in group)
    cell = verdict.evidence[0].cell
    return Cluster(
        verdict=verdict,
        submissions=tuple(sorted(answer.grade.submission for answer in group)),
        mistakes=mistakes,
        priced=_told(example) == (True, True),
        relation="" if mistakes or not verdict.show_expected else relation_of(verdict.evidence),
        nearest=not all(piece.fits for piece in verdict.evidence),
        example=example.grade.submission,
        cell=cell,
        source=example.grade.sources.get(cell, ""),
    )


def _told(answer: _Answer) -> tuple[bool, bool]:
    """Order answers by what is known of them: whether they are explained, and need nobody."""
    explained = bool(answer.verdict.mistakes)
    return explained, explained and not answer.verdict.needs_review


def _unique(mistakes: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for some in mistakes for each in some))
