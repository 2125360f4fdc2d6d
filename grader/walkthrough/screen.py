"""What a person sees of an answer in the terminal, before they judge it."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from grader.reporting.names import page_name
from grader.reporting.text import clean, cut
from grader.reporting.words import OUTCOMES
from grader.review.decisions import Decision, Decisions
from grader.scoring.verdict import Evidence, Verdict
from grader.walkthrough.queue import Step, made_now, outdated

_MOST_EVIDENCE = 6
_MOST_LINES = 60


class Screen:
    """The terminal; it calls submissions by the names it is given.

    `pages` is where the students' pages are; None where nothing may tell a name.
    """

    def __init__(
        self, console: Console, names: Mapping[str, str], pages: Path | None = None
    ) -> None:
        self._console = console
        self._names = names
        self._pages = pages

    def tell(self, sentence: str) -> None:
        """Print a sentence."""
        self._console.print(Text(sentence))

    def ask(self, prompt: str) -> str:
        """Read a line."""
        return self._console.input(Text(prompt, style="bold"))

    def show(self, step: Step, place: str, decisions: Decisions, *, first: bool) -> None:
        """Print what is asked about."""
        if first:
            self._show_all(step, place)
        for line in said_before(step, decisions):
            self._console.print(Text(line, style="yellow"))

    def _show_all(self, step: Step, place: str) -> None:
        verdict = step.verdict
        name = self._names[step.grade.submission]
        self._console.print(Rule(Text(f"{place} · {verdict.title} · {name}"), align="left"))
        if self._pages:
            page = self._pages / page_name(step.grade.submission)
            self._console.print(Text(f"the whole notebook: {page}", style="dim"))
        for line in facts_of(verdict):
            self._console.print(Text(clean(line)))
        if verdict.answer:
            self._console.print(Text("\n" + _short(verdict.answer) + "\n", style="cyan"))
        shown = verdict.evidence[:_MOST_EVIDENCE]
        for piece in shown:
            self._console.print(Text(clean(_told(piece))))
        for cell in dict.fromkeys(piece.cell for piece in shown):
            if cell in step.grade.sources:
                self._console.print(Text(f"cell {cell}:", style="dim"))
                self._console.print(Text(_short(step.grade.sources[cell]), style="cyan"))


def facts_of(verdict: Verdict) -> Iterator[str]:
    """Say in lines what the grader found."""
    points = "" if verdict.outcome == "ungraded" else f", {verdict.points:g}"
    yield f"{OUTCOMES[verdict.outcome]}{points} of {verdict.max_points:g} points"
    yield verdict.explanation
    yield from verdict.remarks
    for part in verdict.parts:
        yield f"- {part.label}: {part.points:g} of {part.max_points:g}. {part.explanation}"
    if verdict.mistakes:
        yield f"explained by: {', '.join(verdict.mistakes)}"


def said_before(step: Step, decisions: Decisions) -> Iterator[str]:
    """Say in lines what was decided already, and whether it holds."""
    made = made_now(step, decisions)
    if made:
        yield clean(f"decided: {_decision(made)}")
    for one in outdated(step, decisions):
        yield clean(
            f"decided before, about something that has changed since: {_decision(one)}; "
            f"it was: {one.about}"
        )


def _decision(decision: Decision) -> str:
    points = "a comment" if decision.points is None else f"{decision.points:g} points"
    by = f" by {decision.by}" if decision.by else ""
    text = f' "{decision.text}"' if decision.text else ""
    return f"{points}{by}, {decision.at:%Y-%m-%d}{text}"


def _told(piece: Evidence) -> str:
    part = f" ({piece.part})" if piece.part else ""
    found = f"cell {piece.cell}, {piece.origin.replace('_', ' ')} {piece.path}{part}: "
    nearest = "" if piece.fits else f"\n  expected: {_values(piece.expected)}"
    return f"{found}{_values(piece.actual)}{nearest}"


def _values(array: np.ndarray) -> str:
    text = np.array2string(array, threshold=24, edgeitems=3, separator=", ")
    return text if array.size > 12 else " ".join(text.split())


def _short(text: str) -> str:
    return cut(clean(text), lines=_MOST_LINES, characters=6000)
