"""The leaderboard of a contest: whose network recognises most, and at what cost."""

from collections.abc import Iterator
from dataclasses import dataclass

from grader.scoring.verdict import ClassGrades, PartVerdict, Verdict

CONTEST = "contest"  # the fact by which a part that is one says so


@dataclass(frozen=True)
class Place:
    """One network, and where it stands; None where something is not known.

    `rank` is shared by those who are level: of the same accuracy and as many parameters.
    """

    rank: int
    submission: str
    accuracy: float
    low: float  # of the interval the accuracy lies in, at 95 %
    high: float
    parameters: int | None
    seconds: float | None  # of the cell that trained it
    seed: int | None  # that the notebook set

    @property
    def accuracy_text(self) -> str:
        """The accuracy with its interval: "84.2 % (80.1–87.6)"."""
        return f"{100 * self.accuracy:.1f} % ({100 * self.low:.1f}–{100 * self.high:.1f})"


@dataclass(frozen=True)
class Leaderboard:
    """All places of one contest, best first."""

    question: str
    title: str
    places: tuple[Place, ...]


def leaderboards(grades: ClassGrades) -> list[Leaderboard]:
    """Make a leaderboard for every question that has a contest anybody took part in."""
    entries: dict[str, list[tuple[str, PartVerdict]]] = {}
    questions: dict[str, Verdict] = {}
    for submission, verdict, part in _contests(grades):
        questions.setdefault(verdict.question, verdict)
        entries.setdefault(verdict.question, []).append((submission, part))
    return [
        Leaderboard(name, questions[name].title, _ranked(found)) for name, found in entries.items()
    ]


def _contests(grades: ClassGrades) -> Iterator[tuple[str, Verdict, PartVerdict]]:
    for grade in grades.grades:
        for verdict in grade.verdicts:
            for part in verdict.parts:
                if CONTEST in part.facts and {"accuracy", "low", "high"} <= part.facts.keys():
                    yield grade.submission, verdict, part


def _ranked(found: list[tuple[str, PartVerdict]]) -> tuple[Place, ...]:
    """Put networks in order; of equal accuracy, the one with fewer parameters comes first."""
    ordered = sorted(found, key=lambda one: (*_key(one[1]), one[0]))
    keys = [_key(part) for _, part in ordered]
    return tuple(
        _place(keys.index(key) + 1, submission, part.facts)
        for (submission, part), key in zip(ordered, keys, strict=True)
    )


def _key(part: PartVerdict) -> tuple[float, float]:
    return -round(part.facts["accuracy"], 9), part.facts.get("parameters", float("inf"))


def _place(rank: int, submission: str, facts: dict[str, float]) -> Place:
    parameters, seed = facts.get("parameters"), facts.get("seed")
    return Place(
        rank=rank,
        submission=submission,
        accuracy=facts["accuracy"],
        low=facts["low"],
        high=facts["high"],
        parameters=None if parameters is None else int(parameters),
        seconds=facts.get("seconds"),
        seed=None if seed is None else int(seed),
    )
