"""The dialogue, fed with what a person types."""

import io
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from grader.review.decisions import Decision, Decisions, Key
from grader.review.file import change_decisions, load_decisions
from grader.review.merging import with_decisions
from grader.scoring.verdict import ClassGrades, CriterionVerdict, Grade, Verdict
from grader.walkthrough.dialogue import Dialogue
from grader.walkthrough.queue import Choice, steps_of
from grader.walkthrough.screen import Screen
from tests.reporting.made import class_of, evidence, grade, verdict

NAMES = ("ada", "bob")


class Killed(Exception):
    """The process dies."""


class Typed(Screen):
    """A terminal at which a person types some lines, and then leaves."""

    def __init__(self, lines: Iterable[str | BaseException], anonymous: bool = False) -> None:
        self.written = io.StringIO()
        names = {name: f"student {n}" if anonymous else name for n, name in enumerate(NAMES, 1)}
        super().__init__(Console(file=self.written, width=200), names)
        self._lines = iter(lines)
        self.prompts: list[str] = []

    def ask(self, prompt: str) -> str:
        self.prompts.append(prompt)
        line = next(self._lines, EOFError())
        if isinstance(line, BaseException):
            raise line
        return line


def why(answer: str = "The middle.") -> Verdict:
    return verdict(
        "why",
        points=0,
        max_points=6,
        outcome="ungraded",
        explanation="What you wrote is read by a person.",
        needs_review=True,
        answer=answer,
        criteria=(
            CriterionVerdict("tells", "what it tells", 2, judged=f"{len(answer):064x}"),
            CriterionVerdict("hides", "what it hides", 4, judged=f"{len(answer) + 1:064x}"),
        ),
    )


def submission(name: str, *verdicts: Verdict) -> Grade:
    return grade(*verdicts, submission=name, status="needs_review")


def the_class(**answers: str) -> ClassGrades:
    mean = verdict("mean", evidence=(evidence(),))
    doubted = replace(
        mean, points=2, outcome="partial", needs_review=True, explanation="A typed number?"
    )
    return class_of(
        submission("ada", mean, why(answers.get("ada", "The middle."))),
        replace(submission("bob", doubted, why("\x1b[31mNot <b>much</b>.")), sources={1: "x = 3"}),
    )


def review(
    grades: ClassGrades, path: Path, *lines: str | BaseException, **choice: Any
) -> tuple[Typed, Dialogue]:
    """Go through a class as `grader review` does."""
    anonymous = choice.pop("anonymous", False)
    kept = load_decisions(path, "lines")
    terminal = Typed(lines, anonymous)

    def change(added: Iterable[Decision], removed: Iterable[Key]) -> Decisions:
        return change_decisions(path, "lines", added, removed)

    steps = steps_of(grades, kept, Choice(**choice))
    dialogue = Dialogue(steps, terminal, kept, change, by="Prof. T")
    dialogue.walk()
    return terminal, dialogue


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "decisions.json"


def points(grades: ClassGrades, path: Path) -> list[tuple[float, str]]:
    kept = load_decisions(path, "lines")
    merged = [with_decisions(graded, kept) for graded in grades.grades]
    return [(each.points, each.status) for each in merged]


def test_everything_that_waits_is_gone_through_and_graded(path: Path) -> None:
    grades = the_class()

    terminal, dialogue = review(grades, path, "k", "2", "3.5 no example", "n", "f")

    assert points(grades, path) == [(9.5, "graded"), (6, "graded")]
    assert dialogue.changed == {"ada", "bob"}
    assert [line[:7] for line in terminal.prompts] == ["Points ", *2 * ["what it"] * 2]
    written = terminal.written.getvalue()
    assert [place in written for place in ("1 of 3", "2 of 3", "3 of 3")] == [True] * 3
    assert "A typed number?" in written
    assert "x = 3" in written
    assert "The middle." in written
    assert "Not <b>much</b>." in written
    assert "\x1b[31m" not in written


def test_a_decision_says_who_made_it_and_about_what(path: Path) -> None:
    review(the_class(), path, "s", "2 well seen")

    (made,) = load_decisions(path, "lines")
    assert (made.submission, made.question, made.criterion) == ("ada", "why", "tells")
    assert (made.points, made.text, made.by, made.about) == (
        2,
        "well seen",
        "Prof. T",
        "The middle.",
    )


def test_going_on_after_a_stop_begins_where_it_stopped(path: Path) -> None:
    grades = the_class()

    review(grades, path, "k", "2", KeyboardInterrupt())
    terminal, _ = review(grades, path, "4", "q")

    assert terminal.prompts[0].startswith("what it hides")
    assert points(grades, path)[0] == (10, "graded")


def test_what_was_decided_before_a_killed_process_is_kept(path: Path) -> None:
    grades = the_class()

    with pytest.raises(Killed):
        review(grades, path, "k", "2", Killed())

    assert len(load_decisions(path, "lines")) == 2


@pytest.mark.parametrize("line", ["", "7", "-1", "maybe", "\x1b[A", "k"])
def test_what_is_unclear_decides_nothing_and_is_asked_again(path: Path, line: str) -> None:
    terminal, dialogue = review(the_class(), path, "s", line)

    assert dialogue.changed == set()
    assert len(terminal.prompts) == 3
    assert not path.exists()


def test_a_whole_question_needs_a_reason(path: Path) -> None:
    grades = the_class()

    terminal, _ = review(grades, path, "3", "", "3", "Typed, but right.", "q")

    assert terminal.prompts[1].startswith("Why?")
    assert "Without a reason nothing is changed." in terminal.written.getvalue()
    assert points(grades, path)[1] == (3, "needs_review")


def test_back_and_undo_lead_to_an_open_question(path: Path) -> None:
    grades = the_class()

    terminal, _ = review(grades, path, "s", "2", "b", "u", "1", "q")

    (made,) = load_decisions(path, "lines")
    assert made.points == 1
    assert "decided: 2 points by Prof. T" in terminal.written.getvalue()
    assert "Undone" in terminal.written.getvalue()


def test_undo_without_a_decision_is_said(path: Path) -> None:
    terminal, _ = review(the_class(), path, "u")

    assert "Nothing is decided here." in terminal.written.getvalue()


def test_a_comment_leaves_the_points_open(path: Path) -> None:
    grades = the_class()

    review(grades, path, "s", "c Read chapter 2.", "q")

    (made,) = load_decisions(path, "lines")
    assert (made.kind, made.text, made.points) == ("comment", "Read chapter 2.", None)
    assert points(grades, path)[0] == (4, "needs_review")


def test_a_changed_answer_is_asked_about_again_and_the_old_decision_shown(path: Path) -> None:
    review(the_class(), path, "s", "2", "4", "q")
    changed = the_class(ada="Something else.")

    terminal, _ = review(changed, path, only=frozenset({"ada"}))

    assert terminal.prompts[0].startswith("what it tells")
    shown = terminal.written.getvalue()
    assert "about something that has changed since: 2 points" in shown
    assert "it was: The middle." in shown


def test_any_verdict_can_be_overruled(path: Path) -> None:
    grades = the_class()
    chosen = {"everything": True, "questions": frozenset({"mean"}), "only": frozenset({"ada"})}

    review(grades, path, "1 Copied.", **chosen)

    merged = with_decisions(grades.grades[0], load_decisions(path, "lines")).verdicts[0]
    assert (merged.points, merged.explanation) == (1, "Set to 1 of 4 by your teacher: Copied.")


def test_student_by_student_or_question_by_question() -> None:
    nothing = Decisions("lines")
    by_question = steps_of(the_class(), nothing, Choice())
    by_student = steps_of(the_class(), nothing, Choice(by_student=True))

    assert list(dict.fromkeys(step.item for step in by_question)) == [
        ("bob", "mean"),
        ("ada", "why"),
        ("bob", "why"),
    ]
    assert list(dict.fromkeys(step.item for step in by_student)) == [
        ("ada", "why"),
        ("bob", "mean"),
        ("bob", "why"),
    ]


def test_names_can_be_hidden(path: Path) -> None:
    terminal, _ = review(the_class(), path, "s", "s", "s", "s", "s", anonymous=True)

    assert "student 1" in terminal.written.getvalue()
    assert not any(name in terminal.written.getvalue() for name in NAMES)


def test_parts_in_doubt_are_asked_about_after_the_criteria(path: Path) -> None:
    grades = class_of(submission("ada", replace(why(), rest_waits=True)))

    terminal, _ = review(grades, path, "2", "4", "6 Fine.")

    assert [line.split(" [")[0] for line in terminal.prompts] == [
        "what it tells",
        "what it hides",
        "Points for the whole question",
    ]
    assert points(grades, path) == [(6, "graded")]


def test_help_lists_every_key(path: Path) -> None:
    terminal, _ = review(the_class(), path, "?")

    for key in ("f ", "n ", "c ", "k ", "u ", "s ", "b ", "q "):
        assert f"\n  {key}" in terminal.written.getvalue()
