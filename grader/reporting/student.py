"""The page a student reads: what was found, what it was worth and why, and the notebook."""

from dataclasses import dataclass
from pathlib import Path

from grader.recording.model import Recording
from grader.reporting.cells import show_cells
from grader.reporting.evidence import EvidenceView, show_evidence
from grader.reporting.files import write_report
from grader.reporting.names import page_name
from grader.reporting.numbers import bytes_text, seconds_text
from grader.reporting.page import render_page
from grader.reporting.text import clean, cut, one_line
from grader.scoring.verdict import Grade, Verdict

_MOST_SENTENCES = 30


@dataclass(frozen=True)
class Card:
    """A question with its evidence."""

    verdict: Verdict
    evidence: list[EvidenceView]

    @property
    def answer(self) -> str:
        """What was written, short enough to show."""
        return cut(clean(self.verdict.answer), lines=200, characters=20_000)


def write_student(grade: Grade, recording: Recording, title: str, folder: Path) -> Path:
    """Write a submission's page below `folder`, and say where it is.

    Args:
        grade: what was found.
        recording: the run it was found in.
        title: the assignment's title.
        folder: the report folder of the class.

    """
    content = _render(grade, recording, title)
    return write_report(folder / "students" / page_name(grade.submission), content)


def _render(grade: Grade, recording: Recording, title: str) -> bytes:
    cards = [Card(verdict, show_evidence(verdict)) for verdict in grade.verdicts]
    cells = show_cells(recording, *_places(cards))
    return render_page(
        "student.html",
        title=title,
        grade=grade,
        fault=recording.fault,
        cards=cards,
        waiting=sum(verdict.open_points for verdict in grade.verdicts),
        decided=any(verdict.decided for verdict in grade.verdicts),
        cells=cells,
        executed=recording.executed is not None,
        shown={cell.number for cell in cells},
        served=_served(cards),
        left_out=[one_line(sentence, 300) for sentence in recording.left_out[:_MOST_SENTENCES]],
        left_out_more=max(0, len(recording.left_out) - _MOST_SENTENCES),
        reproduction=grade.reproduction,
        changes=[one_line(sentence, 300) for sentence in recording.changes[:_MOST_SENTENCES]],
        changes_more=max(0, len(recording.changes) - _MOST_SENTENCES),
        facts=_facts(recording),
        surroundings=[one_line(sentence, 300) for sentence in recording.notes[:_MOST_SENTENCES]],
    )


def _places(cards: list[Card]) -> tuple[set[int], set[int]]:
    """Collect the cells evidence points into, and those where it is the stored output."""
    shown = [view for card in cards for view in card.evidence]
    return {view.cell for view in shown}, {view.cell for view in shown if view.stored}


def _served(cards: list[Card]) -> dict[int, list[tuple[int, str]]]:
    """Collect the questions each cell is evidence for: place among the cards, and title."""
    served: dict[int, list[tuple[int, str]]] = {}
    for place, card in enumerate(cards, start=1):
        for cell in dict.fromkeys(view.cell for view in card.evidence):
            served.setdefault(cell, []).append((place, card.verdict.title))
    return served


def _facts(recording: Recording) -> list[tuple[str, str]]:
    """List what is known of the run; a run that never was has no facts."""
    if recording.fault and not recording.seconds:
        return []
    known = [
        ("run time", seconds_text(recording.seconds)),
        ("peak memory", bytes_text(recording.peak_memory_bytes)),
        ("isolation", one_line(recording.isolation)),
    ]
    known += [(f"data {name}", label) for name, label in sorted(recording.data.items())]
    versions = sorted(recording.environment.items())[:_MOST_SENTENCES]
    known += [(one_line(name, 40), one_line(version, 80)) for name, version in versions]
    return [(name, value) for name, value in known if value]
