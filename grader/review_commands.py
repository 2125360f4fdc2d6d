"""The command line's part about people: what needs one, and what they decide."""

import shlex
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

from grader import log
from grader.arguments import CORES, Jobs, RubricArgument
from grader.batch import score_class
from grader.batch.deciding import judge_one, redecided, write_decided
from grader.batch.former import PAGES
from grader.console import counted, progress_bar, tell
from grader.faults import UsageFault
from grader.recording.workspace import load_class
from grader.review.decisions import Decision, Decisions, Key
from grader.review.file import NAME, change_decisions, load_decisions
from grader.rubric.reference import open_rubric
from grader.rubric.shipped import find_rubric
from grader.scoring.verdict import ClassGrades, Grade
from grader.walkthrough.dialogue import Dialogue, decision_of
from grader.walkthrough.naming import keys_named, points_given, require, step_named
from grader.walkthrough.queue import Choice, steps_of
from grader.walkthrough.screen import Screen, said_before

OutArgument = Annotated[Path, typer.Argument(help="The folder of the reports.")]


@dataclass(frozen=True)
class _Place:
    """Where everything of a class lies."""

    rubric: Path
    assignment: str
    workspace: Path
    out: Path
    decisions: Path

    @property
    def scoring(self) -> str:
        """The command that grades anew with these decisions."""
        words = ["grader", "score", self.rubric, self.workspace, "--out", self.out]
        elsewhere = self.decisions != self.out / NAME
        return shlex.join(map(str, [*words, *(["--decisions", self.decisions] * elsewhere)]))

    def load(self) -> Decisions:
        return load_decisions(self.decisions, self.assignment)

    def change(self, added: Iterable[Decision], removed: Iterable[Key]) -> Decisions:
        return change_decisions(self.decisions, self.assignment, added, removed)


def review(  # noqa: PLR0913  every option is its own
    rubric: RubricArgument,
    out: OutArgument,
    *,
    jobs: Jobs = CORES,
    workspace: Annotated[
        Path | None, typer.Option(help="Where the recordings are. [default: OUT/workspace]")
    ] = None,
    decisions: Annotated[
        Path | None, typer.Option(help="Where decisions are kept. [default: OUT/decisions.json]")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", help="Just this student; may be given again.")
    ] = None,
    question: Annotated[
        list[str] | None, typer.Option("--question", help="Just this question, by its id.")
    ] = None,
    by: Annotated[
        Literal["question", "student"], typer.Option("--by", help="What is gone through first.")
    ] = "question",
    everything: Annotated[
        bool, typer.Option("--all", help="Show what needs nobody, too: to overrule it.")
    ] = False,
    anonymous: Annotated[bool, typer.Option("--anonymous", help="Hide names.")] = False,
    reviewer: Annotated[
        str, typer.Option("--as", help="Who decides; kept with the decisions.")
    ] = "",
    listed: Annotated[bool, typer.Option("--list", help="Say what is open, and end.")] = False,
    given: Annotated[
        tuple[str, str, str] | None,
        typer.Option(
            "--set",
            metavar="STUDENT QUESTION POINTS",
            help="Decide without a dialogue; QUESTION.CRITERION is one criterion.",
        ),
    ] = None,
    reason: Annotated[str, typer.Option(help="With --set: why; the student reads it.")] = "",
    comment: Annotated[
        tuple[str, str, str] | None,
        typer.Option(metavar="STUDENT QUESTION WORDS", help="Say something to the student."),
    ] = None,
    undo: Annotated[
        tuple[str, str] | None,
        typer.Option(metavar="STUDENT QUESTION", help="Take back what was decided."),
    ] = None,
) -> None:
    """Go through what needs a person, and decide it; or overrule what was found.

    Every decision is kept as soon as it is made, in decisions.json among the reports: stop
    at any moment and go on later. A new run and a new scoring keep them; where an answer has
    changed, it is asked about again.
    """
    place = _place(rubric, out, workspace, decisions)
    if given or comment or undo:
        _decide(place, given, reason, comment, undo, reviewer)
        return
    if not listed and not sys.stdin.isatty():
        raise UsageFault(
            "a dialogue needs a terminal; --list says what is open, --set decides without one"
        )
    choice = Choice(frozenset(only or ()), frozenset(question or ()), by == "student", everything)
    _require_known(place, choice)
    log.log_to(out)
    with progress_bar("Grading") as progress:
        scored = score_class(
            place.rubric,
            place.workspace,
            out,
            jobs=jobs,
            decisions=place.decisions,
            progress=progress,
        )
    names = _names(scored.grades, anonymous)
    if listed:
        _list(scored.grades, place.load(), choice, names)
    else:
        pages = None if anonymous else out / PAGES
        screen = Screen(Console(highlight=False), names, pages)
        _walk(place, scored.grades, choice, screen, reviewer)


def _place(name: str, out: Path, workspace: Path | None, decisions: Path | None) -> _Place:
    path = find_rubric(name)
    rubric, _ = open_rubric(path)
    if not out.is_dir():
        raise UsageFault(f"{out} is no folder of reports; `grader run` makes one")
    kept = workspace or out / "workspace"
    return _Place(path, rubric.assignment, kept, out, decisions or out / NAME)


def _require_known(place: _Place, choice: Choice) -> None:
    """Find a misspelt name before it leaves an empty queue."""
    rubric, _ = open_rubric(place.rubric)
    known = [one.id for one in rubric.question]
    for name in sorted(choice.questions):
        require(name, known, "question")
    for name in sorted(choice.only):
        require(name, load_class(place.workspace).submissions, "submission")


def _names(grades: ClassGrades, anonymous: bool) -> dict[str, str]:
    named = enumerate((grade.submission for grade in grades.grades), start=1)
    return {name: f"student {number}" if anonymous else name for number, name in named}


def _list(grades: ClassGrades, decisions: Decisions, choice: Choice, names: dict[str, str]) -> None:
    steps = steps_of(grades, decisions, choice)
    for step in steps:
        asked = f".{step.criterion.id}" if step.criterion else ""
        says = step.criterion.says if step.criterion else step.verdict.explanation
        tell(f"{names[step.grade.submission]}  {step.verdict.question}{asked}  {says}")
        for line in said_before(step, decisions):
            tell(f"    {line}")
    items = len({step.item for step in steps})
    tell(f"{counted(items, 'answer')}, {counted(len(steps), 'decision')} to make")


def _walk(place: _Place, grades: ClassGrades, choice: Choice, screen: Screen, by: str) -> None:
    decisions = place.load()
    steps = steps_of(grades, decisions, choice)
    if not steps:
        tell("Nothing needs a person; --all goes through everything.")
        return
    dialogue = Dialogue(steps, screen, decisions, place.change, by)
    dialogue.walk()
    left = len({step.item for step in steps_of(grades, dialogue.decisions, Choice())})
    if dialogue.changed:
        now = redecided(grades, dialogue.decisions)
        index = write_decided(now, dialogue.changed, place.workspace, place.out)
        tell(f"Decisions: {place.decisions}")
        tell(f"Report and grades are written anew: {index}")
    tell(f"{counted(left, 'answer')} still open")


def _decide(
    place: _Place,
    given: tuple[str, str, str] | None,
    reason: str,
    comment: tuple[str, str, str] | None,
    undo: tuple[str, str] | None,
    by: str,
) -> None:
    """Decide what the command line says, for scripts."""
    added: list[Decision] = []
    removed: list[Key] = []
    if undo:
        removed = keys_named(place.load(), *undo)
    if given:
        step = step_named(_judged(place, given[0]), given[1])
        if step.criterion is None and not reason.strip():
            raise UsageFault("--set needs a --reason: the student reads it")
        added.append(decision_of(step, points_given(given[2], step), reason, by))
    if comment:
        step = step_named(_judged(place, comment[0]), comment[1])
        if not comment[2].strip():
            raise UsageFault("--comment needs words")
        added.append(decision_of(step, None, comment[2], by, comment=True))
    place.change(added, removed)
    tell(f"Decisions: {place.decisions}")
    tell(f"Grades and reports are written anew by: {place.scoring}")


def _judged(place: _Place, submission: str) -> Grade:
    require(submission, load_class(place.workspace).submissions, "submission")
    return judge_one(place.rubric, place.workspace, place.out, submission)
