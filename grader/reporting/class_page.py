"""The page a teacher reads: who got what, where the class stands, and what went wrong how often."""

from dataclasses import dataclass
from pathlib import Path

from grader.reporting.cluster_view import NAMED, show_clusters
from grader.reporting.clusters import find_clusters
from grader.reporting.files import write_report
from grader.reporting.leaderboard import leaderboards
from grader.reporting.names import page_name
from grader.reporting.page import render_page
from grader.reporting.shared_results import find_shared_results
from grader.reporting.summary import count_mistakes, difficulties, questions_of, summarise
from grader.scoring.verdict import ClassGrades, Grade, Verdict


@dataclass(frozen=True)
class Row:
    """A submission, and its verdicts in the order of the columns; None where it has none."""

    grade: Grade
    verdicts: list[Verdict | None]


def write_class(grades: ClassGrades, folder: Path) -> Path:
    """Write index.html into `folder`, and say where it is."""
    questions = questions_of(grades)
    clusters, more_clusters = show_clusters(find_clusters(grades))
    content = render_page(
        "class.html",
        grades=grades,
        questions=questions,
        rows=[_row(grade, list(questions)) for grade in grades.grades],
        links={grade.submission: _link(grade.submission) for grade in grades.grades},
        summary=summarise(grades.grades),
        difficulties=difficulties(grades),
        mistakes=count_mistakes(grades),
        leaderboards=leaderboards(grades),
        clusters=clusters,
        more_clusters=more_clusters,
        shared_results=find_shared_results(grades),
        named=NAMED,
    )
    return write_report(folder / "index.html", content)


def _row(grade: Grade, questions: list[str]) -> Row:
    found = {verdict.question: verdict for verdict in grade.verdicts}
    return Row(grade, [found.get(question) for question in questions])


def _link(submission: str) -> str:
    """Link to a page; its name is made of characters that mean nothing in an address."""
    return f"students/{page_name(submission)}"
