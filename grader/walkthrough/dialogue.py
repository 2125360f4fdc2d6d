"""The dialogue: one question after the other, each decision kept as soon as it is made."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from grader.reporting.text import one_line
from grader.review.decisions import Decision, Decisions, Key
from grader.walkthrough.command import HELP, Command, Unclear, read_command
from grader.walkthrough.queue import Step, made_now

KEPT = "Looked at, and left as it is."

Change = Callable[[Iterable[Decision], Iterable[Key]], Decisions]


class Terminal(Protocol):
    """Where a person reads and types."""

    def show(self, step: Step, place: str, decisions: Decisions, *, first: bool) -> None:
        """Show what is asked; the answer and the evidence only where it is `first`."""

    def tell(self, sentence: str) -> None:
        """Say something."""

    def ask(self, prompt: str) -> str:
        """Read a line.

        Raises:
            EOFError: there is nobody any more.
            KeyboardInterrupt: the person leaves.

        """


@dataclass
class Dialogue:
    """A person's way through the queue.

    `change` keeps decisions, and takes some back; `changed` collects the submissions they
    are about.
    """

    steps: Sequence[Step]
    terminal: Terminal
    decisions: Decisions
    change: Change
    by: str = ""

    def __post_init__(self) -> None:
        """Begin at the first step."""
        self.changed: set[str] = set()
        self._place = 0
        self._shown: tuple[str, str] | None = None

    def walk(self) -> None:
        """Go through the queue until its end, or until the person leaves."""
        try:
            while self._place < len(self.steps):
                step = self.steps[self._place]
                self._show(step)
                if not self._answered(step):
                    return
        except (EOFError, KeyboardInterrupt):
            self.terminal.tell("")

    def _show(self, step: Step) -> None:
        items = list(dict.fromkeys(one.item for one in self.steps))
        place = f"{items.index(step.item) + 1} of {len(items)}"
        first = step.item != self._shown
        self.terminal.show(step, place, self.decisions, first=first)
        self._shown = step.item

    def _answered(self, step: Step) -> bool:
        """Ask until something is done; False where the person quits."""
        while True:
            try:
                command = read_command(self.terminal.ask(_prompt(step)), step.max_points)
                if command.word == "quit":
                    return False
                if self._done(command, step):
                    return True
            except Unclear as problem:
                self.terminal.tell(str(problem))

    def _done(self, command: Command, step: Step) -> bool:
        """Do what was said; False where the same is asked once more."""
        match command.word:
            case "help":
                for line in HELP:
                    self.terminal.tell(line)
                return False
            case "skip":
                self._place += 1
            case "back":
                self._place = max(0, self._place - 1)
            case "undo":
                self._undo(step)
                return False
            case "comment":
                self._keep(decision_of(step, None, command.text, self.by, comment=True))
                self.terminal.tell("The comment is kept. And the points?")
                return False
            case "keep":
                return self._kept(step)
            case "points":
                return self._given(step, command)
        return True

    def _given(self, step: Step, command: Command) -> bool:
        text = command.text
        if step.criterion is None and not text:
            text = self.terminal.ask("Why? The student reads it: ").strip()
            if not text:
                self.terminal.tell("Without a reason nothing is changed.")
                return False
        self._keep(decision_of(step, command.points, text, self.by))
        self._place += 1
        return True

    def _kept(self, step: Step) -> bool:
        if step.criterion is not None or step.verdict.outcome == "ungraded":
            raise Unclear("There are no points yet that could be kept: type how many.")
        self._keep(decision_of(step, step.verdict.points, KEPT, self.by))
        self._place += 1
        return True

    def _undo(self, step: Step) -> None:
        made = made_now(step, self.decisions)
        if made is None:
            raise Unclear("Nothing is decided here.")
        self.decisions = self.change([], [made.key])
        self.changed.add(step.grade.submission)
        self.terminal.tell("Undone: it is open again.")

    def _keep(self, decision: Decision) -> None:
        self.decisions = self.change([decision], [])
        self.changed.add(decision.submission)


def decision_of(
    step: Step, points: float | None, text: str, by: str, *, comment: bool = False
) -> Decision:
    """Decide something about a step.

    Args:
        step: what it is about.
        points: what is given; None for a comment.
        text: what the student reads.
        by: who decides.
        comment: it is a comment on the question, and decides nothing.

    """
    whole = Step(step.grade, step.verdict) if comment else step
    return Decision(
        submission=step.grade.submission,
        question=step.verdict.question,
        kind="comment" if comment else "criterion" if step.criterion else "points",
        criterion=whole.criterion.id if whole.criterion else "",
        points=points,
        text=text,
        judged=whole.judged,
        about=_about(step),
        by=by,
        at=datetime.now(UTC).replace(microsecond=0),
    )


def _about(step: Step) -> str:
    """Say in short what was judged."""
    verdict = step.verdict
    if verdict.criteria:
        return one_line(verdict.answer, 120)
    points = f"{verdict.points:g} of {verdict.max_points:g}"
    return one_line(f"{verdict.outcome}, {points}: {verdict.explanation}", 200)


def _prompt(step: Step) -> str:
    asked = step.criterion.says if step.criterion else "Points for the whole question"
    return f"{asked} [0 to {step.max_points:g}, f, n, s, b, q, ?] "
