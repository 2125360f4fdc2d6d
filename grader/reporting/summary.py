"""What is true of a class as a whole: points, difficulty, and who made which mistake."""

from collections import Counter
from dataclasses import dataclass
from statistics import fmean, median

from grader.reporting.numbers import points_text
from grader.reporting.words import OUTCOMES
from grader.scoring.outcomes import Outcome
from grader.scoring.verdict import ClassGrades, Grade, Verdict

_BINS = 10


@dataclass(frozen=True)
class Bin:
    """A range of points and how many submissions lie in it, its lower end counted in."""

    label: str
    count: int
    share: float  # of the fullest bin


@dataclass(frozen=True)
class Difficulty:
    """How a class did on one question. `mean_share` is None where nobody was graded."""

    question: str
    title: str
    max_points: float
    mean_share: float | None
    outcomes: tuple[tuple[Outcome, int], ...]  # those that occur, best first
    waiting: int  # how many need a person


@dataclass(frozen=True)
class MistakeCount:
    """One mistake: the submissions that made it, and in which questions how often."""

    mistake: str
    submissions: tuple[str, ...]
    questions: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Summary:
    """The figures of a class; mean and median are None where nothing was graded."""

    submissions: int
    graded: int  # submissions that have points
    waiting: int  # of them, those that still need a person
    ungraded: int
    grader_faults: int  # questions the grader itself failed on
    waiting_answers: int  # questions of submissions that wait
    decided_answers: int  # those a person decided
    max_points: float
    mean: float | None
    median: float | None
    bins: tuple[Bin, ...]


def summarise(grades: tuple[Grade, ...]) -> Summary:
    """Count and average the grades of a class; what could not be graded counts as no points."""
    points = [grade.points for grade in grades if grade.status != "ungraded"]
    verdicts = [verdict for grade in grades for verdict in grade.verdicts]
    read = [verdict for grade in grades if grade.status != "ungraded" for verdict in grade.verdicts]
    max_points = max((grade.max_points for grade in grades), default=0.0)
    return Summary(
        submissions=len(grades),
        graded=len(points),
        waiting=sum(grade.status == "needs_review" for grade in grades),
        ungraded=len(grades) - len(points),
        grader_faults=sum(verdict.cause == "grader_fault" for verdict in verdicts),
        waiting_answers=sum(verdict.waits for verdict in read),
        decided_answers=sum(verdict.decided is not None for verdict in verdicts),
        max_points=max_points,
        mean=fmean(points) if points else None,
        median=median(points) if points else None,
        bins=_bins(points, max_points) if points and max_points else (),
    )


def questions_of(grades: ClassGrades) -> dict[str, Verdict]:
    """List the questions of a class in order, each with a verdict that tells its title."""
    questions: dict[str, Verdict] = {}
    for grade in grades.grades:
        for verdict in grade.verdicts:
            questions.setdefault(verdict.question, verdict)
    return questions


def difficulties(grades: ClassGrades) -> list[Difficulty]:
    """Say of each question how the class did."""
    found: dict[str, list[Verdict]] = {question: [] for question in questions_of(grades)}
    for grade in grades.grades:
        for verdict in grade.verdicts:
            found[verdict.question].append(verdict)
    return [_difficulty(verdicts) for verdicts in found.values()]


def count_mistakes(grades: ClassGrades) -> list[MistakeCount]:
    """Count the submissions that made each mistake, the most frequent first."""
    made: dict[str, dict[str, None]] = {}
    questions: dict[str, Counter[str]] = {}
    for grade in grades.grades:
        for verdict in grade.verdicts:
            for mistake in verdict.mistakes:
                made.setdefault(mistake, {})[grade.submission] = None
                questions.setdefault(mistake, Counter())[verdict.question] += 1
    counts = [
        MistakeCount(mistake, tuple(students), tuple(questions[mistake].most_common()))
        for mistake, students in made.items()
    ]
    return sorted(counts, key=lambda count: (-len(count.submissions), count.mistake))


def _difficulty(verdicts: list[Verdict]) -> Difficulty:
    first = verdicts[0]
    graded = [verdict for verdict in verdicts if verdict.outcome != "ungraded"]
    shares = [verdict.points / verdict.max_points for verdict in graded if verdict.max_points]
    counts = Counter(verdict.outcome for verdict in verdicts)
    return Difficulty(
        question=first.question,
        title=first.title,
        max_points=first.max_points,
        mean_share=fmean(shares) if shares else None,
        outcomes=tuple((outcome, counts[outcome]) for outcome in OUTCOMES if counts[outcome]),
        waiting=sum(verdict.waits for verdict in verdicts),
    )


def _bins(points: list[float], max_points: float) -> tuple[Bin, ...]:
    places = Counter(max(0, min(_BINS - 1, int(_BINS * point / max_points))) for point in points)
    edges = [points_text(max_points * edge / _BINS) for edge in range(_BINS + 1)]
    fullest = max(places.values())
    return tuple(
        Bin(f"{edges[place]}–{edges[place + 1]}", places[place], places[place] / fullest)
        for place in range(_BINS)
    )
