"""A session judged: by the very code that grades notebooks, save for what a session cannot show."""

import secrets
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from grader.checking.judge import Judge
from grader.execution.asking.about import about
from grader.execution.outcome import Probe
from grader.live.asking import Answers, askable, planned
from grader.live.origins import Origins
from grader.live.reconstruction import LEFT, notebook_of, recording_of
from grader.live.session import LONGEST
from grader.live.texts import attributable
from grader.live.unseen import (
    lost_names,
    may_have_held,
    may_have_more,
    without_repeated,
    without_stale,
)
from grader.recording.model import Recording
from grader.results.from_grade import result_of
from grader.results.model import Check, CheckResult
from grader.results.undecided import undecided
from grader.results.words import LATER
from grader.rubric.model import Question, Rubric
from grader.scoring.grade import Scorer
from grader.scoring.verdict import PartVerdict, Verdict

WHOLE = "`grader check NOTEBOOK` runs the whole notebook."
RANDOM = f"Random training is judged by its draws, which only a run shows: {WHOLE}"
NOT_HELD = (
    "Not found among the notebook's variables; what was only printed, or overwritten, is looked "
    "at when the notebook is graded."
)
REPLACED = f"What stands here had another value before, which only a run shows: {WHOLE}"
UNSETTLED = f"The notebook's variables do not settle this; a run does: {WHOLE}"
WHOSE = f"Whether NumPy or PyTorch computed this shows only in a run: {WHOLE}"
UNASKED = f"It cannot be called here, or not in time: {WHOLE}"
UNDEFINED = "It uses what is not defined here, as its cell was not run:"
TYPED = "typed in"  # as checks have the mistake of that name

Ask = Callable[[tuple[Probe, ...], frozenset[str]], Answers]


@dataclass(frozen=True)
class Seen:
    """What came from the session."""

    snapshot: bytes
    sources: Mapping[int, str]
    torch: bool
    printed: Mapping[int, str] = field(default_factory=dict)
    cells: Mapping[int, str] = field(default_factory=dict)  # ids, by the same numbers

    @cached_property
    def current(self) -> dict[int, str]:
        """The sources, those that were run again later emptied."""
        return without_stale(self.sources, self.cells)

    @cached_property
    def has_more(self) -> bool:
        """Whether it may have shown, or held, what its variables and outputs do not tell."""
        left = without_repeated(self.sources, self.cells)
        return bool(self.lost) or may_have_more(left, read=self._read)

    @cached_property
    def lost(self) -> set[str]:
        """The variables that no cell makes any more, as it was edited since."""
        return lost_names(self.sources, self.cells)

    @property
    def _read(self) -> set[int]:
        """The cells of which all that was printed is looked at."""
        origins = Origins(self.current, torch=self.torch)
        return {
            number
            for number, text in self.printed.items()
            if len(text) < LONGEST and attributable(text, origins.prints(number)) == text
        }

    def recording(self, answers: Answers, *, doubted: bool = True) -> Recording:
        """Put a recording together; what torch may have computed is torch's, or is not."""
        return recording_of(
            self.snapshot,
            self.current,
            printed=self.printed,
            torch=self.torch,
            lost=self.lost,
            asked=answers.asked,
            probes=answers.runs,
            doubted=doubted,
        )


class LiveJudge:
    """A rubric opened for sessions."""

    def __init__(self, path: Path) -> None:
        """Open a rubric.

        Raises:
            UsageFault: it cannot be used.

        """
        self._judge = Judge(path)
        self.rubric = self._judge.rubric
        self.questions = self._judge.questions
        self._ids = {one.id for one in self.rubric.question}
        self._seed = secrets.randbits(32)  # nobody who writes a notebook can know it
        live = askable(self.rubric, self._judge.reference, self._seed)
        self._asking = replace(self._judge.asking, rubric=live)
        self._scorer: Scorer | None = None
        if self._judge.edition is None:
            self._scorer = Scorer(_settled(self.rubric), self._judge.reference)

    def require(self, questions: Collection[str]) -> None:
        """Find a misspelt question.

        Raises:
            UsageFault: there is no such question.

        """
        self._judge.require(questions)

    def warm(self) -> None:
        """Judge nothing once: what the reference predicts is then known."""
        self._found(Seen(b"", {1: ""}, torch=False).recording(Answers()), Answers())

    def result(self, seen: Seen, questions: Collection[str], ask: Ask) -> CheckResult:
        """Judge what was seen; the session's own code is asked where that may tell more."""
        wanted = set(questions) or set(self.questions)
        answers = self._answers(seen, wanted, ask)
        found, known = self._both_ways(seen, answers)
        checks = [
            self._checked(question, known.get(question.id), answers, seen)
            for question in self.rubric.question
            if question.id in wanted
        ]
        named = [one for one in found.checks if one.question not in self._ids]  # no more than that
        checks += [one for one in named if one.question in wanted]
        return replace(found, checks=tuple(checks), whole=wanted >= set(self.questions))

    def _both_ways(self, seen: Seen, answers: Answers) -> tuple[CheckResult, dict[str, Check]]:
        """Judge, and leave open what hangs on which library computed an array."""
        recording = seen.recording(answers)
        found = self._found(recording, answers)
        known = {check.question: check for check in found.checks}
        if any(value.path == LEFT for value in recording.values):
            other = self._found(seen.recording(answers, doubted=False), answers)
            for check in other.checks:
                if not _agree(check, known[check.question]):
                    known[check.question] = _later(known[check.question], WHOSE)
        return found, known

    def _found(self, recording: Recording, answers: Answers) -> CheckResult:
        """Judge a recording as far as it goes."""
        if self._scorer is None:  # a student's edition
            return self._judge.result(recording, "")
        grade = self._scorer.grade(recording)
        undefined = dict(_undefined(recording))
        verdicts = tuple(self._with_open_parts(one, answers, undefined) for one in grade.verdicts)
        return result_of(replace(grade, verdicts=verdicts), self.rubric, "")

    def _answers(self, seen: Seen, wanted: Collection[str], ask: Ask) -> Answers:
        """Ask the session's own code what the wanted questions need of it."""
        chosen = self._asking.rubric.model_copy(
            update={"question": [q for q in self._asking.rubric.question if q.id in wanted]}
        )
        asking = replace(self._asking, rubric=chosen)
        probes, left = planned(asking, notebook_of(seen.current), self._seed)
        return ask(probes, left) if probes else Answers(open=left)

    def _with_open_parts(
        self, verdict: Verdict, answers: Answers, undefined: Mapping[str, str]
    ) -> Verdict:
        """Leave open what could not be asked, unless what was asked is right already."""
        question = next(one for one in self.rubric.question if one.id == verdict.question)
        if not verdict.parts:
            return verdict
        asked = {probe.about for probe in answers.asked} - answers.open
        parts = [
            one
            if one.outcome == "correct" or (about(part) in asked and about(part) not in undefined)
            else _open(one, undefined.get(about(part), UNASKED))
            for part, one in zip(question.parts, verdict.parts, strict=True)
        ]
        return replace(verdict, parts=tuple(parts))

    def _checked(
        self, question: Question, check: Check | None, answers: Answers, seen: Seen
    ) -> Check:
        if check is None or (question.draws and check.scope == "public"):
            return (
                undecided(question, LATER, "hidden")
                if question.hidden
                else undecided(question, RANDOM, "later")
            )
        if check.scope != "public" or check.passes:
            return check
        if question.parts:
            return _later(check, check.sentence) if check.waits else check
        return self._valued(question, check, answers, seen)

    def _valued(self, question: Question, check: Check, answers: Answers, seen: Seen) -> Check:
        """Let fail only what no run of the notebook would make right."""
        if check.waits:  # of text that stands in the code it is not known what computed it
            typed = TYPED in check.explained_by and check.place.startswith("`")
            return check if typed else _later(check, UNSETTLED)
        if question.with_respect_to and "" in answers.open:
            return _later(check, UNSETTLED)
        if check.explained_by:
            replaced = may_have_held(check.place, seen.current)
            return _later(check, REPLACED) if replaced else check
        return _later(check, NOT_HELD) if seen.has_more else check


def _settled(rubric: Rubric) -> Rubric:
    """Leave out what a session cannot settle: random training, written answers."""
    kept = [one for one in rubric.question if not one.draws]
    return rubric.model_copy(update={"question": kept})


def _agree(one: Check, other: Check) -> bool:
    return (one.passes, one.fails) == (other.passes, other.fails)


def _undefined(recording: Recording) -> Iterator[tuple[str, str]]:
    """Say of parts that use a name which the session does not have, and a whole run may."""
    for result in recording.probes:
        for step in result.steps:
            if step.error.startswith("NameError") and f"'{result.found}'" not in step.error:
                yield result.about, f"{UNDEFINED} {step.error.partition(': ')[2]}."
                break


def _open(part: PartVerdict, sentence: str) -> PartVerdict:
    return replace(
        part,
        points=0.0,
        outcome="ungraded",
        explanation=sentence,
        needs_review=True,
        cause=None,
        mistakes=(),
    )


def _later(check: Check, sentence: str) -> Check:
    """Leave open what a check found; a mistake it may rest on is not told."""
    return replace(
        check,
        outcome="ungraded",
        points=0.0,
        sentence=sentence,
        explained_by=(),
        difference="",
        scope="later",
    )
