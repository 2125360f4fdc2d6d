"""What a grader said beside what was done: an outcome for every answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from grader.rubric.model import Question, Rubric
from tests.bench.composed.plan import Odd, Truth

_TYPED = "typed-in"
_UNNAMED = ("unexplained", "person", "missing", "right")


@dataclass(frozen=True)
class Judged:
    """One answer: what it is, and what the grader made of it.

    Args:
        notebook: its name.
        question: its name.
        style: the way of writing.
        truth: what was done.
        named: what the grader named: mistakes, or a word for none.
        points: what it gave.
        due: what a careful person would give; None where anything short of all will do.
        most: the question's points.
        explanation: the grader's sentence.
        well_named: whether the name is right.
        carried: whether the mistake is an undeclared one that cost points upstream.
    """

    notebook: str
    question: str
    style: str
    truth: Truth
    named: str
    points: float
    due: float | None
    most: float
    explanation: str
    well_named: bool
    carried: bool = False

    @property
    def to_a_person(self) -> bool:
        """Whether the grader left to a person what a rubric has a price for.

        Numbers typed in always are, and mistakes nobody declared may be.
        """
        return self.named == "person" and self.truth.odd is None

    @property
    def false_full(self) -> bool:
        """Whether it got all points, though it must not."""
        full = self.points >= self.most
        return full and not self.carried and (self.due is None or self.due < self.most)

    @property
    def false_zero(self) -> bool:
        """Whether right work got nothing, and nobody is asked to look."""
        return (
            self.truth.deed in {"right", "no-rescaling"}
            and self.points == 0
            and self.named != "person"
        )

    @property
    def as_a_person(self) -> bool:
        """Whether marks and name are those of a careful person."""
        if self.due is None:
            return self.carried or (self.well_named and self.points < self.most)
        return self.well_named and abs(self.points - self.due) < 1e-6


def judge(
    rubric: Rubric,
    truths: Mapping[str, Truth],
    grade: Mapping[str, Any],
    styles: Mapping[str, str],
) -> list[Judged]:
    """Judge every question of one notebook; `grade` is a submission of grades.json."""
    verdicts = {one["id"]: one for one in grade["questions"]}
    declared = {q.id: _settled(q, truths[q.id]) for q in rubric.question}
    said = {name: frozenset(verdict["mistakes"]) for name, verdict in verdicts.items()}
    judged = []
    for question in rubric.question:
        truth, verdict = declared[question.id], verdicts[question.id]
        named = _named(verdict)
        names = frozenset(verdict["mistakes"])
        judged.append(
            Judged(
                notebook=grade["id"],
                question=question.id,
                style=styles[question.id],
                truth=truth,
                named=named,
                points=verdict["points"],
                due=due(rubric, question, truth, said),
                most=question.points,
                explanation=verdict["explanation"],
                well_named=_well_named(question, truth, names, named),
                carried=_is_carried(question, declared, verdicts),
            )
        )
    return judged


def _settled(question: Question, truth: Truth) -> Truth:
    """Take a mistake that this question does not declare for an undeclared one."""
    known = {mistake.id for mistake in question.mistake}
    unknown = truth.mistakes - known
    if not unknown:
        return truth
    return Truth(frozenset(), Odd(" + ".join(sorted(truth.mistakes)), (), truth.mistakes))


def due(
    rubric: Rubric, question: Question, truth: Truth, said: Mapping[str, frozenset[str]]
) -> float | None:
    """Return the points a careful person gives; None where all that is known is "not all".

    A mistake that cost points in a question this one follows costs none here: in the one that
    was graded, so that one wrong name is not counted twice.

    Args:
        rubric: the prices.
        question: what is asked.
        truth: what was done.
        said: the mistakes named in each question.
    """
    if truth.odd is not None:
        return None
    paid = {name for upstream in question.follows for name in _priced(rubric, upstream, said)}
    worth = question.points
    for name in truth.mistakes - paid:
        worth *= next(m.worth for m in question.mistake if m.id == name)
    return worth


def _priced(rubric: Rubric, name: str, said: Mapping[str, frozenset[str]]) -> Iterable[str]:
    question = next(q for q in rubric.question if q.id == name)
    prices = {mistake.id: mistake.worth for mistake in question.mistake}
    found = said.get(name, frozenset()) - {_TYPED}
    return [mistake for mistake in found if prices.get(mistake, 1) < 1]


def _is_carried(
    question: Question, truths: Mapping[str, Truth], verdicts: Mapping[str, Mapping[str, Any]]
) -> bool:
    """Say whether an undeclared mistake cost points in a question this one follows.

    What is right for a wrong upstream result may then get all points.
    """
    truth = truths[question.id]
    return truth.odd is not None and any(
        truths[name].odd == truth.odd and verdicts[name]["points"] < verdicts[name]["max_points"]
        for name in question.follows
    )


def _named(verdict: Mapping[str, Any]) -> str:
    if _TYPED in verdict["mistakes"]:
        return _TYPED
    if verdict["outcome"] == "ungraded":
        return "person"
    if verdict["outcome"] == "missing":
        return "missing"
    if verdict["mistakes"]:
        return " + ".join(sorted(verdict["mistakes"]))
    return "right" if verdict["outcome"] == "correct" else "unexplained"


def _well_named(question: Question, truth: Truth, names: frozenset[str], named: str) -> bool:
    if truth.odd is None:
        return named == truth.deed
    if named in {"unexplained", "missing", "person"}:
        return True
    return bool(names) and all(_describes(question, truth, name) for name in names)


def _describes(question: Question, truth: Truth, name: str) -> bool:
    """Say whether a declared mistake is a fair name for an undeclared one."""
    assert truth.odd is not None
    if name in truth.odd.names or name.replace("-", "_") in truth.odd.transforms:
        return True
    transforms = {
        transform
        for mistake in question.mistake
        if mistake.id == name and mistake.transform
        for transform in (
            [mistake.transform] if isinstance(mistake.transform, str) else mistake.transform
        )
    }
    return bool(transforms & truth.odd.transforms)
